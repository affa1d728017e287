import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { retainers, retainersOf } from "#core/graph/retainers.js";
import { retainingEdges, retains } from "#core/graph/retaining-edges.js";
import { edgeList } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";

test("the retainers of a node are the starts of its retaining edges, in order", () => {
  fc.assert(
    fc.property(arbitraryHeap(), (sketch) => {
      const graph = graphOf(built(sketch));
      const edges = retainingEdges(graph);
      const list = edgeList(graph, (edge) => retains(edges, edge));
      const { firstRetainer, retainer } = retainers(graph, edges);
      for (let node = 0; node < graph.nodeCount; node++) {
        const expected = list.flatMap(([from, to]) => (to === node ? [from] : []));
        assert.deepEqual([...retainer.subarray(firstRetainer[node], firstRetainer[node + 1])], expected);
      }
    }),
  );
});

test("the retainers of some nodes are those they have among all, and the others have none", () => {
  fc.assert(
    fc.property(arbitraryHeap(), fc.infiniteStream(fc.boolean()), (sketch, coin) => {
      const graph = graphOf(built(sketch));
      const edges = retainingEdges(graph);
      const all = retainers(graph, edges);
      const isAsked = Array.from({ length: graph.nodeCount }, () => coin.next().value === true);
      const bits = new Uint32Array(Math.ceil(graph.nodeCount / 32));
      isAsked.forEach((asked, node) => (bits[node >>> 5]! |= asked ? 1 << (node & 31) : 0));
      const some = retainersOf(graph, edges, bits);
      isAsked.forEach((asked, node) => {
        const expected = asked ? all.retainer.subarray(all.firstRetainer[node], all.firstRetainer[node + 1]) : [];
        assert.deepEqual(
          [...some.retainer.subarray(some.firstRetainer[node], some.firstRetainer[node + 1])],
          [...expected],
        );
      });
    }),
  );
});
