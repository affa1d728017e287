import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

suite("linked objects", () => {
  test("are told by their class and by what holds the first", async () => {
    const program = new SmallProgram();
    const table = program.variable("table", program.array());
    const ends = Array.from({ length: 16 }, () => program.object("Bucket", {}, 64));
    program.push(table, ...ends);
    const leak = await leakAfter(program, () => {
      for (const [i, end] of ends.entries()) {
        const link = program.object("Bucket", {}, 200);
        program.heap.property(end, "next", link);
        ends[i] = link;
      }
    });
    assert.equal(leak.kind, "linked-objects");
    assert.match(leak.title, /^linked Bucket objects from `table`/);
  });

  test("are none if objects of one class are only kept side by side", async () => {
    const program = new SmallProgram();
    const table = program.variable("table", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(table, program.object("Bucket", {}, 200))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
