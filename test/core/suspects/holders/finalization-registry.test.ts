import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("a FinalizationRegistry whose targets live on", () => {
  test("is told with what is registered", async () => {
    const leak = await leakKeptWithIt("`cleanups`");
    assert.equal(leak.kind, "finalization-registry");
    assert.equal(leak.growth.entryWord, "registrations");
    assert.deepEqual(leak.growth.entryCounts, [20, 50, 80]);
  });

  test("is told with the one target that most of it is for, where the program has a name for that", async () => {
    for (const isOne of [true, false]) {
      const program = new SmallProgram();
      const { heap } = program;
      const registry = program.variable("cleanups", heap.object("FinalizationRegistry", { size: 64 }));
      const devices = ["printer", "scanner"].map((name) => program.variable(name, program.object("Device")));
      const leak = await leakAfter(program, () =>
        times(40, (i) => {
          const cell = heap.node("hidden", "system / WeakCell", { size: 64 });
          const target = devices[isOne ? 0 : i % 2]!;
          const holdings = program.object("Page", {}, 300);
          heap
            .internal(registry, `cell${cell}`, cell)
            .weak(cell, "target", target)
            .internal(cell, "holdings", holdings);
        }),
      );
      if (isOne) assert.match(leak.title, /^FinalizationRegistry `cleanups`, .*, most for `printer`$/);
      else assert.doesNotMatch(leak.title, /most for/);
    }
  });

  test("is none if an Array keeps the same", async () => {
    const program = new SmallProgram();
    const registry = program.variable("registry", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(registry, program.object("Cell", {}, 300))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
