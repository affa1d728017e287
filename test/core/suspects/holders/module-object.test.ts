import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind } from "../../../support/suspects.js";

suite("an object used as a dictionary", () => {
  test("is told with its properties", async () => {
    const leak = await leakOfEveryKind("`tokens`");
    assert.equal(leak.kind, "module-object");
    assert.equal(leak.growth.entryWord, "properties");
    assert.deepEqual(leak.growth.entries, [60, 60]);
  });

  test("is none if it is a record whose one property grows", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const body = heap.string("…", { size: 100 });
    program.variable("record", program.object("Object", { title: heap.string("a"), body }));
    const leak = await leakAfter(program, (round) => heap.resize(body, 10_000 * (round + 1)));
    assert.notEqual(leak.kind, "module-object");
    assert.equal(leak.growth.entries, null);
  });
});
