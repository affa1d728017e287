import type { HeapGraph } from "./heap-graph.js";
import type { RetainingEdges } from "./retaining-edges.js";

/** Retaining edges reversed. The retainers of node `n` are rows `firstRetainer[n]` up to `firstRetainer[n + 1]`. */
export interface Retainers {
  readonly firstRetainer: Uint32Array; // node -> row; nodeCount + 1 entries
  readonly retainer: Uint32Array; // row -> NodeIndex the edge starts at, ascending within a node
}

/** Reverses the retaining edges by counting sort. */
export function retainers(graph: HeapGraph, edges: RetainingEdges): Retainers {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const { bits, count } = edges;
  const firstRetainer = new Uint32Array(nodeCount + 1);
  const edgeCount = firstEdge[nodeCount]!;
  for (let edge = 0; edge < edgeCount; edge++)
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) firstRetainer[edgeTarget[edge]!]!++;
  let sum = 0;
  for (let node = 0; node <= nodeCount; node++) {
    sum += firstRetainer[node]!;
    firstRetainer[node] = sum;
  }
  // Filled from the end, each start moves down to its place, and the rows of a node come out ascending.
  const retainer = new Uint32Array(count);
  for (let node = nodeCount - 1; node >= 0; node--) {
    const start = firstEdge[node]!;
    for (let edge = firstEdge[node + 1]! - 1; edge >= start; edge--)
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) retainer[--firstRetainer[edgeTarget[edge]!]!] = node;
  }
  return { firstRetainer, retainer };
}
