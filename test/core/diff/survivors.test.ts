import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { matchNodes } from "#core/diff/match-nodes.js";
import { survivors } from "#core/diff/survivors.js";
import type { HeapAnalysis } from "#core/analysis/heap-analysis.js";
import { arbitraryHistory, heapsOf } from "../../support/arbitrary-history.js";
import { analysed } from "../../support/analysed.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

function survivorsOf(heaps: readonly HeapAnalysis[]): { count: number; nodes: Uint32Array[] } {
  const matches = heaps.slice(1).map((later, i) => matchNodes(heaps[i]!.graph, later.graph));
  const lived = survivors(heaps, matches);
  return { count: lived.count, nodes: heaps.map((_, snapshot) => lived.nodesIn(snapshot)) };
}

suite("survivors", () => {
  test("are what lives in all snapshots, not what came or went on the way", () => {
    // 1: global -> A, B        2: global -> A, B, C        3: global -> A, C, D
    const heap = new SnapshotBuilder();
    const make = (name: string): number => {
      const node = heap.object(name);
      heap.property(heap.global(), name, node);
      return node;
    };
    const a = make("A");
    const b = make("B");
    const first = analysed(heap);
    const c = make("C");
    const second = analysed(heap);
    heap.free(b);
    const d = make("D");
    const { count, nodes } = survivorsOf([first, second, analysed(heap)]);
    const survived = (snapshot: number, node: number): boolean => nodes[snapshot]!.includes(node);
    assert.deepEqual([survived(0, a), survived(1, a), survived(2, heap.row(a))], [true, true, true]);
    assert.deepEqual([survived(0, b), survived(1, b), survived(1, c), survived(2, heap.row(c))], Array(4).fill(false));
    assert.equal(survived(2, heap.row(d)), false);
    assert.equal(count, 3); // the root, the global object and A
    assert.equal(nodes[2]![nodes[0]!.indexOf(a)], heap.row(a));
  });

  test("never are V8's storage: its owner stands for it", () => {
    const heap = new SnapshotBuilder();
    const array = heap.object("Array");
    const elements = heap.array();
    heap.property(heap.global(), "list", array).internal(array, "elements", elements);
    const { nodes } = survivorsOf([analysed(heap), analysed(heap)]);
    assert.ok(!nodes[1]!.includes(elements));
    assert.ok(nodes[1]!.includes(array));
  });

  test("do not take an id for the same object when it is now of another type", () => {
    const [before, after] = ["object", "closure"].map((type) => {
      const heap = new SnapshotBuilder();
      heap.property(heap.global(), "x", heap.node(type, "x"));
      return analysed(heap);
    });
    assert.equal(survivorsOf([before!, after!]).count, 2);
  });

  test("have one row in each snapshot and one number in each row; the root is number 0", () => {
    fc.assert(
      fc.property(arbitraryHistory(4), (history) => {
        const heaps = heapsOf(history);
        const { count, nodes } = survivorsOf(heaps);
        heaps.forEach(({ owner }, snapshot) => {
          assert.equal(nodes[snapshot]![0], 0);
          assert.equal(nodes[snapshot]!.length, count);
          assert.equal(new Set(nodes[snapshot]).size, count);
          for (const node of nodes[snapshot]!) assert.equal(owner[node], node);
        });
      }),
    );
  });

  test("are exactly those with the same id and type in every snapshot, if all ids mean something", () => {
    fc.assert(
      fc.property(arbitraryHistory(3), (history) => {
        const heaps = heapsOf(history);
        const { nodes } = survivorsOf(heaps);
        const survived = new Set(nodes[2]);
        const keys = heaps.map(
          ({ graph, owner }) =>
            new Set([...graph.nodeId].map((id, node) => (owner[node] === node ? `${id} ${graph.nodeType[node]}` : ""))),
        );
        const { graph, owner } = heaps[2]!;
        // Numbers, and texts without a size, get fresh ids each time.
        const means = (node: number): boolean =>
          graph.nodeType[node] !== 7 && (graph.nodeType[node] !== 2 || graph.selfSize[node]! > 0);
        for (let node = 1; node < graph.nodeCount; node++) {
          if (!means(node) || owner[node] !== node) continue;
          const key = `${graph.nodeId[node]} ${graph.nodeType[node]}`;
          const lives = keys.every((known) => known.has(key));
          if (survived.has(node)) assert.ok(lives);
          else if (lives) assert.ok(heaps.some((heap, i) => unstableIn(heap, graph.nodeId[node]!) && i < 2));
        }
        assert.ok(nodes[0]!.length >= 1);
      }),
    );
  });
});

/** A string that has no size yet takes no part, though it may get one later. */
function unstableIn({ graph }: HeapAnalysis, id: number): boolean {
  const node = graph.nodeId.indexOf(id);
  return graph.nodeType[node] === 2 && graph.selfSize[node] === 0;
}
