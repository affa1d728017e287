import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { analyseHeap, withDerived } from "#core/analysis/heap-analysis.js";
import { analysed, retainingGraph } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { linkedList } from "../../support/long-heaps.js";
import { immediateDominators, retainedSizes } from "../../support/slow-and-obvious.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("dominators and retained sizes", () => {
  test("of a diamond: what both sides lead to is kept by what they share", () => {
    //          -> left  -
    // global -            -> bottom -> leaf
    //          -> right -
    const heap = new SnapshotBuilder();
    const global = heap.global();
    const [left, right, bottom, leaf] = ["Left", "Right", "Bottom", "Leaf"].map((name, i) =>
      heap.object(name, { size: 10 ** i }),
    ) as [number, number, number, number];
    heap.property(global, "left", left).property(global, "right", right);
    heap.property(left, "down", bottom).property(right, "down", bottom).property(bottom, "leaf", leaf);
    const { dominator, retainedSize } = analysed(heap);
    assert.equal(dominator[bottom], global);
    assert.equal(dominator[leaf], bottom);
    assert.equal(dominator[0], 0);
    assert.deepEqual(
      [left, right, bottom, leaf, global].map((node) => retainedSize[node]),
      [1, 10, 1100, 1000, 16 + 1111],
    );
  });

  test("of a cycle: the way in keeps all of it", () => {
    // global -> a -> b -> c -> a
    const heap = new SnapshotBuilder();
    const nodes = ["A", "B", "C"].map((name) => heap.object(name)) as [number, number, number];
    const [a, b, c] = nodes;
    heap.property(heap.global(), "a", a).property(a, "b", b).property(b, "c", c).property(c, "a", a);
    const { dominator } = analysed(heap);
    assert.deepEqual(
      nodes.map((node) => dominator[node]),
      [heap.global(), a, b],
    );
  });

  test("what nothing retains hangs on the root with all below it; islands hang there one by one", () => {
    // alone -> below, island1 <-> island2
    const heap = new SnapshotBuilder();
    const [alone, below, one, two] = ["A", "B", "C", "D"].map((name) => heap.object(name)) as [
      number,
      number,
      number,
      number,
    ];
    heap.property(alone, "x", below).property(one, "x", two).property(two, "x", one);
    const { dominator, retainedSize } = analysed(heap);
    assert.deepEqual(
      [alone, below, one, two].map((node) => dominator[node]),
      [0, alone, 0, 0],
    );
    assert.equal(retainedSize[0], 64, "everything is below the root");
  });

  test("sums pass 4 GiB", () => {
    const heap = new SnapshotBuilder();
    const holder = heap.object("Holder", { size: 8 });
    heap.property(heap.global(), "holder", holder);
    for (let i = 0; i < 3; i++) heap.element(holder, i, heap.native("data", { size: 2 ** 47 + i }));
    assert.equal(analysed(heap).retainedSize[holder], 3 * 2 ** 47 + 3 + 8);
  });

  test("sums pass 4 GiB where no size does", () => {
    const heap = new SnapshotBuilder();
    const holder = heap.object("Holder", { size: 8 });
    heap.property(heap.global(), "holder", holder);
    for (let i = 0; i < 3; i++) heap.element(holder, i, heap.native("data", { size: 2 ** 31 + i }));
    const { graph, retainedSize } = analysed(heap);
    assert.ok(graph.selfSize instanceof Uint32Array, "each fits 32 bits");
    assert.equal(retainedSize[holder], 3 * 2 ** 31 + 3 + 8);
  });

  test("of any heap are those that follow from what is out of reach without a node", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const heap = built(sketch);
        if (sketch.nodes.length > 0) heap.shortcut(0, "1", 1);
        const { graph, ownedSize, dominator, retainedSize } = analysed(heap);
        const slow = retainingGraph(graph, ownedSize);
        assert.deepEqual([...dominator], immediateDominators(slow));
        assert.deepEqual([...retainedSize], retainedSizes(slow));
      }),
    );
  });

  test("come with an order in which every node stands behind its dominator", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const heap = analysed(built(sketch));
        const { graph, dominator } = heap;
        for (const { dominatorOrder } of [heap, withDerived(heap)]) {
          const seen = new Set([0]);
          for (const node of dominatorOrder) {
            assert.ok(seen.has(dominator[node]!));
            seen.add(node);
          }
          assert.equal(seen.size, graph.nodeCount);
          assert.equal(dominatorOrder.length, graph.nodeCount);
        }
      }),
    );
  });

  test("of a list of a million objects need no stack", () => {
    const nodeCount = 1_000_000;
    const { dominator, retainedSize } = analyseHeap(linkedList(nodeCount));
    assert.equal(retainedSize[1], 16 * (nodeCount - 1));
    assert.equal(retainedSize[nodeCount - 1], 16);
    assert.equal(dominator[nodeCount - 1], nodeCount - 2);
  });
});
