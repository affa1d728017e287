import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SnapshotBuilder } from "../../../support/snapshot-builder.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("what no kind recognises", () => {
  test("is called by its class, and said to be unknown", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const registry = program.variable("registry", program.object("WidgetRegistry"));
    const leak = await leakAfter(program, (round) =>
      times(40, (i) =>
        heap.internal(registry, `cell${round}.${i}`, heap.node("hidden", "system / WeakCell", { size: 200 })),
      ),
    );
    assert.equal(leak.kind, "unknown");
    assert.match(leak.title, /WidgetRegistry `registry`/);
    assert.equal(leak.growth.entries, null);
  });

  for (const owner of ["object", "class", "global"])
    test(`is said to be a new one each time where it is, whatever it hangs on: ${owner}`, async () => {
      const heap = new SnapshotBuilder();
      const global = heap.global();
      const program = new SmallProgram("class Main {}\nfunction main() {}\n", "/app/server.js", heap);
      const main = owner === "class" ? program.function("Main", program.scope, 1) : program.object("Widget");
      if (owner === "global") heap.property(global, "Main", main);
      else program.variable("Main", main);
      const parts = [program.object("Object"), program.object("Object")];
      const leak = await leakAfter(program, () =>
        times(40, (i) => {
          // Neither of its parts has most of it.
          parts[i % 2] = program.object("Object", { earlier: parts[i % 2]!, hook: program.object("Hook", {}, 200) });
          heap.unlink(main, "options");
          heap.property(main, "options", program.object("Object", { created: parts[0]!, mounted: parts[1]! }));
        }),
      );
      assert.match(leak.title, /Main\.options`.*, a new one each time$/);
      assert.match(leak.advice, /^Each is made of the one before it/);
    });

  test("is told by what it holds where nothing of the program names it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const handles = heap.subroot("(Global handles)");
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => heap.element(handles, 40 * round + i, program.object("Session", {}, 300))),
    );
    assert.equal(leak.kind, "unknown");
    assert.match(leak.title, /Session/);
  });

  test("is not what is known", async () => {
    for (const name of ["`journal`", "`newest`", "`configured`"])
      assert.notEqual((await leakOfEveryKind(name)).kind, "unknown");
  });
});
