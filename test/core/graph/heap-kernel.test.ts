import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { analyseAside } from "#core/analysis/analyse-aside.js";
import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { idCensus } from "#core/graph/id-census.js";
import { ColumnAside, ColumnsGoingAside } from "#core/graph/columns-aside.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { kernelFor } from "#core/graph/heap-kernel.js";
import { SLICE } from "#core/parse/slices.js";
import { retainersOf } from "#core/graph/retainers.js";
import { ColumnMemory } from "#core/parse/column-memory.js";
import { temporaryFile } from "#core/temporary-file.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { linkedList } from "../../support/long-heaps.js";
import { inMemory } from "../../support/in-memory.js";
import { largeHeap } from "../../support/large-heap.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

/** All that is found out about a heap, as plain values. */
function found(heap: HeapAnalysis): Record<string, unknown> {
  const { retaining, owner, ownedSize, dominator, retainedSize } = heap;
  const { of } = heap.groups;
  const few = retainersOf(
    heap.graph,
    retaining,
    Uint32Array.from({ length: heap.graph.nodeCount / 3 }, (_, i) => 3 * i),
  );
  const columns = { bits: retaining.bits, owner, ownedSize, dominator, retainedSize, of, ...heap.retainers, few };
  const { layouts, graph } = heap;
  return { count: retaining.count, ...columns, width: ownedSize.BYTES_PER_ELEMENT, layouts, census: idCensus(graph) };
}

function assertSame(graph: () => HeapGraph): void {
  const [plain, fast] = [graph(), inMemory(graph())];
  assert.equal(kernelFor(plain.firstEdge, plain.edgeTarget), null);
  assert.notEqual(kernelFor(fast.firstEdge, fast.edgeTarget), null);
  assert.deepEqual(found(analyseHeap(fast)), found(analyseHeap(plain)));
}

suite("loops in WebAssembly", () => {
  test("find what the plain ones find, in heaps of all kinds", () => {
    fc.assert(fc.property(arbitraryHeap(), (sketch) => assertSame(() => graphOf(built(sketch)))));
  });

  test("go on from one slice to the next", () => {
    for (const seed of [1, 2, 3]) assertSame(() => graphOf(largeHeap(2 * SLICE + 99, seed)));
    for (const count of [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE]) assertSame(() => linkedList(count));
  });

  test("ask again for layouts and places of which there are more than they remember", () => {
    const heap = new SnapshotBuilder();
    const list = heap.object("Array");
    heap.property(heap.global(), "list", list);
    for (let i = 0; i < 12_000; i++) {
      const kind = i % 6000;
      const at = { scriptId: 1, line: kind % 77, column: kind };
      const record = heap.object("Object", kind % 3 === 0 ? {} : { at });
      heap.property(record, `p${kind}`, list);
      if (kind % 2 === 0) heap.property(record, "also", list);
      heap.element(list, i, kind % 5 === 0 ? heap.object(`Class${kind}`, { at }) : record);
    }
    assertSame(() => graphOf(heap));
    assert.ok(analyseHeap(inMemory(graphOf(heap))).groups.kind.length > 6000);
  });

  test("add up sizes that 32 bits do not hold", () => {
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { size: 2 ** 31 });
    heap.property(heap.global(), "list", list);
    for (let i = 0; i < 3; i++) heap.internal(list, `elements${i}`, heap.node("array", "", { size: 2 ** 31 }));
    assertSame(() => graphOf(heap));
    assert.equal(analyseHeap(inMemory(graphOf(heap))).retainedSize[list], 2 ** 33);
  });

  test("leave what no memory has room for to the plain ones", () => {
    const expected = found(analyseHeap(graphOf(largeHeap(5000, 5))));
    for (let room = 1 << 16; room <= 1 << 20; room += 1 << 16) {
      const graph = inMemory(graphOf(largeHeap(5000, 5)), ColumnMemory.withRoomFor(room)!);
      assert.deepEqual(found(analyseHeap(graph)), expected, `${room} bytes`);
    }
  });

  test("leave no column of theirs in what is handed to another thread", async () => {
    const file = temporaryFile()!;
    for (const descriptor of [null, file.descriptor]) {
      const aside = new ColumnsGoingAside(descriptor);
      const { retaining, layouts, groups } = await analyseAside(inMemory(graphOf(largeHeap(5000, 4))), aside);
      structuredClone(
        { retaining, layouts, groups, columns: aside.columns },
        { transfer: [retaining.bits.buffer as ArrayBuffer] },
      );
      const { owner, ownedSize, dominator, retainedSize, graph } = analyseHeap(graphOf(largeHeap(5000, 4)));
      const { nodeType, nodeName, nodeId, selfSize, firstEdge, edgeType, edgeName, edgeTarget } = graph;
      const ofGraph = { nodeType, nodeName, nodeId, selfSize, firstEdge, edgeType, edgeName, edgeTarget };
      for (const [name, column] of Object.entries({ ...ofGraph, owner, ownedSize, dominator, retainedSize })) {
        const { rows } = new ColumnAside(descriptor, aside.columns[name]!);
        assert.deepEqual(rows, column, name);
        structuredClone(rows, { transfer: [rows.buffer as ArrayBuffer] });
      }
    }
    file.remove();
  });
});
