import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { compareHeaps } from "#core/compare-heaps.js";
import { sameIds } from "#core/diff/same-ids.js";
import { kernelFor } from "#core/graph/heap-kernel.js";
import { SLICE } from "#core/parse/slices.js";
import { ColumnMemory } from "#core/parse/column-memory.js";
import { arbitraryHistory, heapsOf, sumsOf } from "../../support/arbitrary-history.js";
import { graphOf } from "../../support/graph-of.js";
import { inMemory, someMemory } from "../../support/in-memory.js";
import { largeHeap } from "../../support/large-heap.js";

/** The same heaps in one memory, as large files are compared. */
function inOneMemory(heaps: readonly HeapAnalysis[]): HeapAnalysis[] {
  const memory = someMemory();
  return heaps.map(({ graph }) => analyseHeap(inMemory(graph, memory)));
}

/** All that is summed up of some heaps, as plain values. */
function found(heaps: readonly HeapAnalysis[]): unknown {
  const { cuts, survivors, program, engine, heldBelow, devTools } = sumsOf(heaps);
  const places = cuts.map((cut, snapshot) => ({
    members: cut.members,
    ofNodes: Array.from(heaps[snapshot]!.graph.nodeType, (_, node) => [
      cut.regionOf(node),
      cut.unitOf(node),
      cut.survivorOf(node),
    ]),
  }));
  return { places, survivors, program, engine, heldBelow, devTools };
}

/** Heaps of one program, each with some more than the one before. */
function growing(count: number, seed: number): HeapAnalysis[] {
  const heap = largeHeap(count, seed);
  const list = heap.object("Array");
  heap.property(heap.global(), "list", list);
  return Array.from({ length: 3 }, (_, snapshot) => {
    for (let i = 0; i < 500; i++) heap.element(list, 500 * snapshot + i, heap.object("Page", { size: 100 }));
    return analyseHeap(graphOf(heap));
  });
}

suite("heaps in one memory, by loops in WebAssembly,", () => {
  test("are cut and summed up as the plain ones do it", () => {
    fc.assert(
      fc.property(
        fc.nat(1).chain((more) => arbitraryHistory(2 + more)),
        (history) => {
          const heaps = heapsOf(history);
          const fast = inOneMemory(heaps);
          assert.notEqual(kernelFor(fast[0]!.dominator, fast[1]!.dominator), null);
          assert.deepEqual(found(fast), found(heaps));
        },
      ),
    );
  });

  test("give the same report", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryHistory(3), async (history) => {
        const heaps = heapsOf(history);
        assert.deepEqual(
          await compareHeaps(inOneMemory(heaps), { minGrowth: 1, distinct: true }),
          await compareHeaps(heaps, { minGrowth: 1, distinct: true }),
        );
      }),
    );
  });

  test("give the same report where the memory has not room for all", async () => {
    const heaps = growing(3000, 9);
    const report = await compareHeaps(heaps);
    for (let room = 1 << 18; room <= 1 << 21; room += 1 << 17) {
      const memory = ColumnMemory.withRoomFor(room)!;
      const fast = heaps.map(({ graph }) => analyseHeap(inMemory(graph, memory)));
      assert.deepEqual(await compareHeaps(fast), report, `${room} bytes`);
    }
  });

  test("go on from one slice to the next", async () => {
    const heaps = growing(SLICE + 99, 7);
    const fast = inOneMemory(heaps);
    assert.deepEqual(found(fast), found(heaps));
    const report = await compareHeaps(fast);
    assert.deepEqual(report, await compareHeaps(heaps));
    assert.equal(report.suspects.length, 1);
  });

  test("are matched by whatever ids they have", () => {
    const id = fc.oneof(fc.nat(40), fc.nat(2 ** 32 - 1));
    const ids = fc.uniqueArray(id, { maxLength: 40 });
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const memory = someMemory();
        const column = (values: readonly number[]): Uint32Array => {
          const made = memory.take(4 * values.length, true)!;
          const found = new Uint32Array(made.buffer, made.byteOffset, values.length);
          found.set(values);
          return found;
        };
        assert.deepEqual(
          sameIds(column(before), column(after)),
          sameIds(Uint32Array.from(before), Uint32Array.from(after)),
        );
      }),
    );
  });
});
