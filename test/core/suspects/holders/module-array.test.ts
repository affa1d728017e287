import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("an Array that only grows", () => {
  test("is told with its elements", async () => {
    const leak = await leakOfEveryKind("`journal`");
    assert.equal(leak.kind, "module-array");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
    assert.equal(leak.growth.entryWord, "elements");
  });

  test("is told to be unpiped if it is what a stream is piped into, and only then", async () => {
    for (const state of ["_readableState", "house"]) {
      const program = new SmallProgram();
      const pipes = program.array();
      program.variable("upstream", program.object("Readable", { [state]: program.object("State", { pipes }) }));
      const leak = await leakAfter(program, () => times(40, () => program.push(pipes, program.object("S", {}, 300))));
      assert.equal(/unpipe/.test(leak.advice), state === "_readableState");
    }
  });

  test("is none if a Set keeps the same", async () => {
    const program = new SmallProgram();
    const set = program.variable("list", program.set());
    const leak = await leakAfter(program, () => times(30, () => program.add(set, program.object("Page", {}, 500))));
    assert.notEqual(leak.kind, "module-array");
  });
});
