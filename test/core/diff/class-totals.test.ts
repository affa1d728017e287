import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { classes } from "#core/analysis/classes.js";
import { type ClassTotals, classGrowthByName, classTotals } from "#core/diff/class-totals.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

function totals(heap: SnapshotBuilder): ClassTotals {
  const analysis = analysed(heap);
  return classTotals(analysis, classes(analysis.graph));
}

/** A process with so many Sessions and Pages of so many bytes each. */
function heapWith(sessions: number, pages: number, size: number, scriptId: number): SnapshotBuilder {
  const heap = new SnapshotBuilder();
  const add = (name: string, line: number): void => {
    const node = heap.object(name, { size, at: { scriptId, line, column: 0 } });
    heap.property(heap.global(), `p${node}`, node);
  };
  for (let i = 0; i < sessions; i++) add("Session", 3);
  for (let i = 0; i < pages; i++) add("Page", i);
  return heap;
}

suite("growth of classes by name", () => {
  test("is the net gain or loss, whatever script ids and lines the classes have", () => {
    const growth = classGrowthByName([totals(heapWith(5, 9, 10, 7)), totals(heapWith(8, 4, 20, 8))]);
    const row = (name: string): number[] => {
      const [at, { bornCount, bornBytes, diedCount, diedBytes, survivedCount, survivedBytes, bytes }] = [
        growth.names.indexOf(name),
        growth.intervals[0]!,
      ];
      return [bornCount, bornBytes, diedCount, diedBytes, survivedCount, survivedBytes, bytes].map((each) => each[at]!);
    };
    assert.deepEqual(row("Session"), [3, 110, 0, 0, 5, 50, 110]);
    assert.deepEqual(row("Page"), [0, 0, 5, 10, 4, 80, -10]);
    assert.equal(growth.names.filter((name) => name === "Page").length, 1);
  });

  test("adds up: what was there, less what went, more what came, is what is there", () => {
    fc.assert(
      fc.property(arbitraryHeap(), arbitraryHeap(), (one, other) => {
        const [a, b] = [totals(built(one)), totals(built(other))];
        const { names, intervals } = classGrowthByName([a, b]);
        names.forEach((name, row) => {
          const { bornCount, bornBytes, diedCount, diedBytes, survivedCount, survivedBytes } = intervals[0]!;
          assert.equal(survivedCount[row]! + diedCount[row]!, a.count.get(name) ?? 0);
          assert.equal(survivedCount[row]! + bornCount[row]!, b.count.get(name) ?? 0);
          assert.equal(survivedBytes[row]! + diedBytes[row]!, a.bytes.get(name) ?? 0);
          assert.equal(survivedBytes[row]! + bornBytes[row]!, b.bytes.get(name) ?? 0);
        });
      }),
    );
  });
});
