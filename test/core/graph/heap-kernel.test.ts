import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { analyseAside } from "#core/analysis/analyse-aside.js";
import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { ColumnAside, ColumnsGoingAside } from "#core/graph/columns-aside.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { SLICE, kernelFor } from "#core/graph/heap-kernel.js";
import { temporaryFile } from "#core/temporary-file.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { linkedList } from "../../support/long-heaps.js";
import { inMemory } from "../../support/in-memory.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

/** All that is found out about a heap, as plain values. */
function found(heap: HeapAnalysis): Record<string, unknown> {
  const { retaining, owner, ownedSize, dominator, retainedSize } = heap;
  const { of } = heap.takeGroups();
  const columns = { bits: retaining.bits, owner, ownedSize, dominator, retainedSize, of };
  return { count: retaining.count, ...columns, width: ownedSize.BYTES_PER_ELEMENT };
}

function assertSame(graph: () => HeapGraph): void {
  const [plain, fast] = [graph(), inMemory(graph())];
  assert.equal(kernelFor(plain.firstEdge, plain.edgeTarget), null);
  assert.notEqual(kernelFor(fast.firstEdge, fast.edgeTarget), null);
  assert.deepEqual(found(analyseHeap(fast)), found(analyseHeap(plain)));
}

/** A heap of so many objects with three edges each, to whatever, of types that a linear congruence deals out. */
function large(count: number, seed: number): HeapGraph {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  const heap = new SnapshotBuilder();
  const global = heap.global();
  const types = ["object", "array", "hidden", "closure", "code", "object"];
  const nodes = Array.from({ length: count }, () => heap.node(types[next(6)]!, "Thing", { size: next(64) }));
  for (const [i, node] of nodes.entries()) {
    if (next(8) === 0) heap.property(global, `p${i}`, node);
    for (const type of ["property", "internal", "weak"].slice(0, next(4)))
      heap.edge(type, node, "x", nodes[Math.min(count - 1, next(4) === 0 ? next(count) : i + next(20))]!);
  }
  return graphOf(heap);
}

suite("loops in WebAssembly", () => {
  test("find what the plain ones find, in heaps of all kinds", () => {
    fc.assert(fc.property(arbitraryHeap(), (sketch) => assertSame(() => graphOf(built(sketch)))));
  });

  test("go on from one slice to the next", () => {
    for (const seed of [1, 2, 3]) assertSame(() => large(2 * SLICE + 99, seed));
    for (const count of [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE]) assertSame(() => linkedList(count));
  });

  test("add up sizes that 32 bits do not hold", () => {
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { size: 2 ** 31 });
    heap.property(heap.global(), "list", list);
    for (let i = 0; i < 3; i++) heap.internal(list, `elements${i}`, heap.node("array", "", { size: 2 ** 31 }));
    assertSame(() => graphOf(heap));
    assert.equal(analyseHeap(inMemory(graphOf(heap))).retainedSize[list], 2 ** 33);
  });

  test("leave no column of theirs in what is handed to another thread", () => {
    const file = temporaryFile()!;
    for (const descriptor of [null, file.descriptor]) {
      const aside = new ColumnsGoingAside(descriptor);
      const { retaining, layouts, groups } = analyseAside(inMemory(large(5000, 4)), aside);
      structuredClone(
        { retaining, layouts, groups, columns: aside.columns },
        { transfer: [retaining.bits.buffer as ArrayBuffer] },
      );
      const { owner, ownedSize, dominator, retainedSize, graph } = analyseHeap(large(5000, 4));
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
