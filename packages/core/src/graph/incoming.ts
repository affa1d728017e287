import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import type { Retainers } from "./retainers.js";
import { type RetainingEdges, retains } from "./retaining-edges.js";

/**
 * Calls `visit` with each retaining edge that leads to a node, and the node it starts at, until it returns false.
 * A node that refers several times is visited once an edge.
 */
export function eachRetainer(
  graph: HeapGraph,
  edges: RetainingEdges,
  incoming: Retainers,
  node: NodeIndex,
  visit: (from: NodeIndex, edge: EdgeIndex) => boolean | void,
): void {
  const { firstEdge, edgeTarget } = graph;
  const { firstRetainer, retainer } = incoming;
  const end = firstRetainer[node + 1]!;
  let last = NO_NODE;
  for (let row = firstRetainer[node]!; row < end; row++) {
    const from = retainer[row]!;
    if (from === last) continue;
    last = from;
    const edgesEnd = firstEdge[from + 1]!;
    for (let edge = firstEdge[from]!; edge < edgesEnd; edge++)
      if (edgeTarget[edge] === node && retains(edges, edge) && visit(from, edge) === false) return;
  }
}
