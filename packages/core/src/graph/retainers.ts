import { uint32Column } from "../parse/columns.js";
import type { HeapGraph } from "./heap-graph.js";
import type { RetainingEdges } from "./retaining-edges.js";

/**
 * Retaining edges reversed. Those that lead to node `n` are rows `firstRetainer[n]` up to `firstRetainer[n + 1]`. They
 * are edges rather than nodes, so that nobody has to look for them among a million others of one node.
 */
export interface Retainers {
  readonly firstRetainer: Uint32Array; // node -> row; nodeCount + 1 entries
  readonly retainerEdge: Uint32Array; // row -> EdgeIndex, ascending within a node
}

/** Reverses the retaining edges by counting sort. */
export function retainers(graph: HeapGraph, edges: RetainingEdges): Retainers {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const { bits, count } = edges;
  const firstRetainer = uint32Column(nodeCount + 1);
  const edgeCount = firstEdge[nodeCount]!;
  for (let edge = 0; edge < edgeCount; edge++)
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) firstRetainer[edgeTarget[edge]!]!++;
  addUp(firstRetainer);
  // Filled from the end, each start moves down to its place, and the rows of a node come out ascending.
  const retainerEdge = uint32Column(count);
  for (let edge = edgeCount - 1; edge >= 0; edge--)
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) retainerEdge[--firstRetainer[edgeTarget[edge]!]!] = edge;
  return { firstRetainer, retainerEdge };
}

/** The retainers of a few nodes. Those of node `n` are rows `firstRetainer[n]` up to `firstRetainer[n + 1]`. */
export interface FewRetainers {
  readonly firstRetainer: Uint32Array; // node -> row; nodeCount + 1 entries
  readonly retainer: Uint32Array; // row -> NodeIndex the edge starts at, ascending within a node
}

/**
 * The retainers of some nodes; the others have none. Takes 4 bytes a node, and little more if they are few.
 * @param only one bit a node, `only[node >> 5] >> (node & 31)`: nodes whose retainers are asked for
 */
export function retainersOf(graph: HeapGraph, edges: RetainingEdges, only: Uint32Array): FewRetainers {
  const { nodeCount, firstEdge } = graph;
  const { bits } = edges;
  let from: Uint32Array = new Uint32Array(1 << 12);
  let to: Uint32Array = new Uint32Array(1 << 12);
  let count = 0;
  let node = 0;
  for (const { start, targets } of graph.aside?.targets() ?? [{ start: 0, targets: graph.edgeTarget }]) {
    // Few edges lead to such nodes, so that only for them it is asked which node they start at.
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if ((only[target >>> 5]! & (1 << (target & 31))) === 0) continue;
      const edge = start + i;
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) === 0) continue;
      while (firstEdge[node + 1]! <= edge) node++;
      if (count === from.length) [from, to] = [twiceAsLong(from), twiceAsLong(to)];
      from[count] = node;
      to[count++] = target;
    }
  }
  const firstRetainer = uint32Column(nodeCount + 1);
  for (let row = 0; row < count; row++) firstRetainer[to[row]!]!++;
  addUp(firstRetainer);
  const retainer = uint32Column(count);
  for (let row = count - 1; row >= 0; row--) retainer[--firstRetainer[to[row]!]!] = from[row]!;
  return { firstRetainer, retainer };
}

/** Turns counts into the rows behind the last of each. */
function addUp(counts: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i]!;
    counts[i] = sum;
  }
}

function twiceAsLong(column: Uint32Array): Uint32Array {
  const longer = uint32Column(2 * column.length);
  longer.set(column);
  return longer;
}
