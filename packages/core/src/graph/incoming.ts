import { sourceOf } from "./edges-of.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";
import type { Retainers } from "./retainers.js";

/**
 * Calls `visit` with each retaining edge that leads to a node, and the node it starts at, until it returns false.
 * A node that refers several times is visited once an edge. The work is in proportion to the visits, however many
 * other edges those nodes have.
 */
export function eachRetainer(
  graph: HeapGraph,
  incoming: Retainers,
  node: NodeIndex,
  visit: (from: NodeIndex, edge: EdgeIndex) => boolean | void,
): void {
  const { aside } = graph;
  const { firstRetainer, retainerEdge } = incoming;
  const end = firstRetainer[node + 1]!;
  for (let row = firstRetainer[node]!; row < end; row++) {
    const edge = retainerEdge[row]!;
    aside?.bring(edge, edge + 1);
    if (visit(sourceOf(graph, edge), edge) === false) return;
  }
}

/** True if one of the retaining edges that lead to a node, of the first so many, is what is looked for. */
export function someRetainer(
  graph: HeapGraph,
  incoming: Retainers,
  node: NodeIndex,
  isIt: (from: NodeIndex, edge: EdgeIndex) => boolean,
  most: number = Infinity,
): boolean {
  let found = false;
  let left = most;
  eachRetainer(graph, incoming, node, (from, edge) => {
    found = isIt(from, edge);
    return !found && --left > 0;
  });
  return found;
}
