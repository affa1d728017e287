import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

const KEPT = 10;

suite("a collection with as many entries as before, and more behind them", () => {
  test("is told by what leads from its entries to those that it had", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    // A cache that keeps the newest ten, and forgets to unlink the others: entry <-prev- entry <-prev- ...
    const cache = program.variable("cache", program.array());
    const store = heap.array("(object elements)", { size: 8 * (KEPT + 2) });
    heap.internal(cache, "elements", store);
    const all: number[] = [];
    const leak = await leakAfter(program, (round) => {
      times(40, () => {
        const value = program.object("Page", {}, 300);
        const before = all[all.length - 1];
        all.push(program.object("Entry", before === undefined ? { value } : { prev: before, value }));
        if (before !== undefined) heap.property(before, "next", all[all.length - 1]!);
      });
      all.slice(-KEPT).forEach((entry, slot) => {
        if (round > 0) heap.unlink(cache, slot).unlink(store, String(slot));
        heap.element(cache, slot, entry).internal(store, String(slot), entry);
      });
    });
    assert.match(leak.title, /^Array `cache`/);
    assert.deepEqual(leak.growth.entryCounts, [KEPT, KEPT, KEPT]);
    assert.match(leak.advice, /^It has no more entries than before, but they lead by `prev` to those that it had/);
  });
});
