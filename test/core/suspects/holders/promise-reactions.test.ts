import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a promise that never settles", () => {
  test("is told with the reactions that wait for it", async () => {
    const leak = await leakOfEveryKind("`configured`");
    assert.equal(leak.kind, "promise-reactions");
    assert.equal(leak.growth.entryWord, "reactions");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("is none if promises are collected", async () => {
    const program = new SmallProgram();
    const all = program.variable("all", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(all, program.object("Promise", { result: program.object("Page", {}, 300) }))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
