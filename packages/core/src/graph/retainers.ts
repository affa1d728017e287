import { beside, uint32Column } from "../parse/columns.js";
import type { HeapGraph, NodeIndex } from "./heap-graph.js";
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
  const firstRetainer = uint32Column(nodeCount + 1, beside(firstEdge));
  const edgeCount = firstEdge[nodeCount]!;
  for (let edge = 0; edge < edgeCount; edge++)
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) firstRetainer[edgeTarget[edge]!]!++;
  addUp(firstRetainer);
  // Filled from the end, each start moves down to its place, and the rows of a node come out ascending.
  const retainerEdge = uint32Column(count, beside(firstEdge));
  for (let edge = edgeCount - 1; edge >= 0; edge--)
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) retainerEdge[--firstRetainer[edgeTarget[edge]!]!] = edge;
  return { firstRetainer, retainerEdge };
}

/** The retainers of a few nodes. Those of the node in row `i` are `retainer[firstRetainer[i]]` up to `firstRetainer[i + 1]`. */
export interface FewRetainers {
  readonly firstRetainer: Uint32Array; // row of the node -> row of `retainer`; one entry more than there are nodes
  readonly retainer: Uint32Array; // -> NodeIndex the edge starts at, ascending for each node
}

/**
 * The retainers of some nodes. Takes a bit a node, and 16 bytes a retainer.
 * @param nodes ascending
 */
export function retainersOf(graph: HeapGraph, edges: RetainingEdges, nodes: Uint32Array): FewRetainers {
  const { nodeCount, firstEdge } = graph;
  const { bits } = edges;
  const isWanted = new Uint32Array(Math.ceil(nodeCount / 32)); // one bit a node
  for (let i = 0; i < nodes.length; i++) isWanted[nodes[i]! >>> 5]! |= 1 << (nodes[i]! & 31);
  let from: Uint32Array = new Uint32Array(1 << 12);
  let to: Uint32Array = new Uint32Array(1 << 12); // row of the node
  let count = 0;
  let node = 0;
  for (const { start, targets } of graph.aside?.targets() ?? [{ start: 0, targets: graph.edgeTarget }]) {
    // Few edges lead to such nodes, so that only for them it is asked which node they start at.
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if ((isWanted[target >>> 5]! & (1 << (target & 31))) === 0) continue;
      const edge = start + i;
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) === 0) continue;
      while (firstEdge[node + 1]! <= edge) node++;
      if (count === from.length) [from, to] = [twiceAsLong(from), twiceAsLong(to)];
      from[count] = node;
      to[count++] = rowIn(nodes, target);
    }
  }
  const firstRetainer = uint32Column(nodes.length + 1);
  for (let row = 0; row < count; row++) firstRetainer[to[row]!]!++;
  addUp(firstRetainer);
  const retainer = uint32Column(count);
  for (let row = count - 1; row >= 0; row--) retainer[--firstRetainer[to[row]!]!] = from[row]!;
  return { firstRetainer, retainer };
}

/** Where in an ascending column a node is. */
function rowIn(nodes: Uint32Array, node: NodeIndex): number {
  let low = 0;
  for (let high = nodes.length - 1; low < high;) {
    const middle = (low + high) >>> 1;
    if (nodes[middle]! < node) low = middle + 1;
    else high = middle;
  }
  return low;
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
