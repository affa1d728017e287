import type { HeapGraph } from "../graph/heap-graph.js";
import type { RetainingEdges } from "../graph/retaining-edges.js";
import { discard } from "../parse/columns.js";
import type { DepthFirstOrder } from "./depth-first.js";

export interface DominatorNumbers {
  /** depth-first number -> number of the immediate dominator; the root is its own */
  readonly dominator: Uint32Array;
  /** Memory that is not needed any more: 8 bytes a node. */
  readonly spare: ArrayBuffer;
  /** As much as a number for each node. */
  readonly spareNumbers: Uint32Array;
}

/**
 * Immediate dominators by semi-NCA (Georgiadis and Tarjan, "Finding Dominators Revisited", SODA 2004): Lengauer and
 * Tarjan's semidominators with simple path compression, then the nearest common ancestor by walking up from the parent.
 * Works on depth-first numbers, so that the columns are walked nearly in order.
 *
 * Of an edge that leads down the depth-first tree only the number it starts at matters, so those are not kept; all
 * others lead to lower numbers, and only they are reversed. Takes `number` and `parent` over.
 */
export function dominatorNumbers(graph: HeapGraph, edges: RetainingEdges, order: DepthFirstOrder): DominatorNumbers {
  const { number, parent, firstIsland } = order;
  const count = graph.nodeCount;
  const spare = new ArrayBuffer(8 * count);
  const semi = new Uint32Array(spare, 0, count); // at first the least number that an edge starts at which leads down
  semi.set(parent);
  const { first, from } = edgesBack(graph, edges, order, semi);
  const label = number; // number -> that of least semidominator on the compressed way up
  for (let w = 0; w < count; w++) label[w] = w;
  const ancestor = new Uint32Array(spare, 4 * count, count); // the forest of finished nodes; others are its roots
  ancestor.set(parent);
  const stack = new Uint32Array(count); // as deep as the forest, but only what is used takes memory

  for (let w = firstIsland - 1; w > 0; w--) {
    const end = first[w + 1]!;
    let least = semi[w]!;
    for (let row = first[w]!; row < end; row++) {
      const v = from[row]!;
      // Compress the way from v up to the last finished node, then ask for the least semidominator on it.
      let depth = 0;
      let x = v;
      while (ancestor[x]! > w) {
        stack[depth++] = x;
        x = ancestor[x]!;
      }
      let best = label[x]!;
      const top = ancestor[x]!;
      while (depth > 0) {
        const y = stack[--depth]!;
        if (semi[best]! < semi[label[y]!]!) label[y] = best;
        else best = label[y]!;
        ancestor[y] = top;
      }
      const found = semi[best]!;
      if (found < least) least = found;
    }
    semi[w] = least;
  }

  discard(first, from, stack);

  const dominator = parent;
  for (let w = 1; w < count; w++) {
    let candidate = dominator[w]!;
    const limit = semi[w]!;
    while (candidate > limit) candidate = dominator[candidate]!;
    dominator[w] = candidate;
  }
  return { dominator, spare, spareNumbers: label };
}

/** The edges that lead to a lower number, reversed: those to `w` start at `from[first[w]]` up to `from[first[w + 1]]`. */
interface EdgesBack {
  readonly first: Uint32Array; // number -> row; one entry more than there are numbers
  readonly from: Uint32Array; // row -> number
}

/** Reverses the edges that lead back by counting sort, and puts the least start of the others into `leastAbove`. */
function edgesBack(
  graph: HeapGraph,
  edges: RetainingEdges,
  order: DepthFirstOrder,
  leastAbove: Uint32Array,
): EdgesBack {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const { number, firstIsland } = order;
  const { bits } = edges;
  const first = new Uint32Array(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) {
    const u = number[node]!;
    if (u >= firstIsland) continue; // what an island refers to does not depend on it
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) === 0) continue;
      const w = number[edgeTarget[edge]!]!;
      if (w < u) first[w]!++;
      else if (u < leastAbove[w]!) leastAbove[w] = u;
    }
  }
  let sum = 0;
  for (let w = 0; w <= nodeCount; w++) first[w] = sum += first[w]!;
  // Filled from the end, each start moves down to its place.
  const from = new Uint32Array(sum);
  for (let node = nodeCount - 1; node >= 0; node--) {
    const u = number[node]!;
    if (u >= firstIsland) continue;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) === 0) continue;
      const w = number[edgeTarget[edge]!]!;
      if (w < u) from[--first[w]!] = u;
    }
  }
  return { first, from };
}
