import assert from "node:assert/strict";
import { suite, test } from "node:test";
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
