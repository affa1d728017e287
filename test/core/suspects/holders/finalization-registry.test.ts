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

  test("is none if an Array keeps the same", async () => {
    const program = new SmallProgram();
    const registry = program.variable("registry", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(registry, program.object("Cell", {}, 300))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
