import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { retainers } from "#core/graph/retainers.js";
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
