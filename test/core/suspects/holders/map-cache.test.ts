import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a Map or Set that only grows", () => {
  test("is told with its entries", async () => {
    for (const name of ["`rendered`", "`connections`"]) {
      const leak = await leakOfEveryKind(name);
      assert.equal(leak.kind, "map-cache");
      assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
    }
  });

  test("is none if it is a WeakMap, which keeps nothing", async () => {
    // Its table grows all the same, as the Array's new keys have entries in it.
    const program = new SmallProgram();
    const { heap } = program;
    const keys = program.variable("keys", program.array());
    const table = heap.array("", { size: 100 });
    heap.internal(program.variable("weak", program.object("WeakMap")), "table", table);
    const leak = await leakAfter(program, (round) => {
      times(30, () => program.push(keys, program.object("Key", {}, 500)));
      heap.resize(table, 1000 * (round + 1));
    });
    assert.equal(leak.kind, "module-array");
    assert.match(leak.title, /`keys`/);
  });
});
