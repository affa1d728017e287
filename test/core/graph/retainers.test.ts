import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HeapGraph, NodeIndex } from "#core/graph/heap-graph.js";
import { eachRetainer } from "#core/graph/incoming.js";
import { type Retainers, retainers, retainersOf } from "#core/graph/retainers.js";
import { type RetainingEdges, retainingEdges, retains } from "#core/graph/retaining-edges.js";
import { edgeList } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

test("the retainers of a node are the starts of its retaining edges, in order", () => {
  fc.assert(
    fc.property(arbitraryHeap(), (sketch) => {
      const graph = graphOf(built(sketch));
      const edges = retainingEdges(graph);
      const list = edgeList(graph, (edge) => retains(edges, edge));
      const incoming = retainers(graph, edges);
      for (let node = 0; node < graph.nodeCount; node++) {
        const expected = list.flatMap(([from, to]) => (to === node ? [from] : []));
        assert.deepEqual(sourcesOf(graph, edges, incoming, node), expected);
      }
    }),
  );
});

test("the retainers of some nodes are those they have among all", () => {
  fc.assert(
    fc.property(arbitraryHeap(), fc.infiniteStream(fc.boolean()), (sketch, coin) => {
      const graph = graphOf(built(sketch));
      const edges = retainingEdges(graph);
      const all = retainers(graph, edges);
      const asked = Uint32Array.from(graph.nodeType.keys()).filter(() => coin.next().value === true);
      const { firstRetainer, retainer } = retainersOf(graph, edges, asked);
      asked.forEach((node, row) => {
        const found = retainer.subarray(firstRetainer[row], firstRetainer[row + 1]);
        assert.deepEqual([...found], sourcesOf(graph, edges, all, node));
      });
      assert.equal(retainer.length, firstRetainer[asked.length]);
    }),
  );
});

function sourcesOf(graph: HeapGraph, edges: RetainingEdges, incoming: Retainers, node: NodeIndex): NodeIndex[] {
  const found: NodeIndex[] = [];
  eachRetainer(graph, incoming, node, (from, edge) => {
    assert.ok(graph.firstEdge[from]! <= edge && edge < graph.firstEdge[from + 1]! && graph.edgeTarget[edge] === node);
    found.push(from);
  });
  return found;
}

test("asking who refers to each of 5000 entries of one table looks at each reference once, not at the table", () => {
  const heap = new SnapshotBuilder();
  const table = heap.array();
  heap.property(heap.global(), "table", table);
  const entries = Array.from({ length: 5000 }, (_, i) => {
    const entry = heap.object("Entry");
    heap.element(table, i, entry);
    return entry;
  });
  const graph = graphOf(heap);
  const edges = retainingEdges(graph);
  const incoming = retainers(graph, edges);
  let looks = 0;
  const counted = <T extends object>(column: T): T =>
    new Proxy(column, {
      get(target, key) {
        looks++;
        return Reflect.get(target, key) as unknown;
      },
    });
  const { firstEdge, edgeTarget, edgeType, edgeName } = graph;
  const watched = {
    ...graph,
    firstEdge: counted(firstEdge),
    edgeTarget: counted(edgeTarget),
    edgeType: counted(edgeType),
    edgeName: counted(edgeName),
  };
  let visits = 0;
  for (const entry of entries) eachRetainer(watched, incoming, entry, () => void visits++);
  assert.equal(visits, entries.length);
  assert.ok(looks <= visits * 20, `${looks} looks`); // a binary search among 5000 nodes
});
