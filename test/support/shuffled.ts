import type { HeapGraph } from "#core/graph/heap-graph.js";

/** The same heap with its nodes in another order, as V8 would have them in memory; the root and each node's edges stay. */
export function shuffled(graph: HeapGraph, seed: number): HeapGraph {
  const { nodeCount, edgeCount, firstEdge, locations, detached } = graph;
  let state = seed;
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 4) % count;
  };
  const order = Uint32Array.from({ length: nodeCount }, (_, node) => node); // row -> row before
  for (let row = nodeCount - 1; row > 1; row--) {
    const other = 1 + below(row);
    [order[row], order[other]] = [order[other]!, order[row]!];
  }
  const rowOf = new Uint32Array(nodeCount); // row before -> row
  order.forEach((before, row) => (rowOf[before] = row));
  const edges = new Uint32Array(edgeCount); // edge -> edge before
  const first = new Uint32Array(nodeCount + 1);
  for (let row = 0, edge = 0; row < nodeCount; row++) {
    for (let at = firstEdge[order[row]!]!; at < firstEdge[order[row]! + 1]!; at++) edges[edge++] = at;
    first[row + 1] = edge;
  }
  const places = Uint32Array.from(locations.node, (_, i) => i).sort(
    (a, b) => rowOf[locations.node[a]!]! - rowOf[locations.node[b]!]!,
  );
  return {
    ...graph,
    nodeType: Uint8Array.from(order, (node) => graph.nodeType[node]!),
    nodeName: order.map((node) => graph.nodeName[node]!),
    nodeId: order.map((node) => graph.nodeId[node]!),
    selfSize: Float64Array.from(order, (node) => graph.selfSize[node]!),
    firstEdge: first,
    detached: detached && Uint8Array.from(order, (node) => detached[node]!),
    edgeType: Uint8Array.from(edges, (edge) => graph.edgeType[edge]!),
    edgeName: edges.map((edge) => graph.edgeName[edge]!),
    edgeTarget: edges.map((edge) => rowOf[graph.edgeTarget[edge]!]!),
    locations: {
      node: places.map((place) => rowOf[locations.node[place]!]!),
      scriptId: Int32Array.from(places, (place) => locations.scriptId[place]!),
      line: Int32Array.from(places, (place) => locations.line[place]!),
      column: Int32Array.from(places, (place) => locations.column[place]!),
    },
  };
}
