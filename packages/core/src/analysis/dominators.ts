import type { HeapGraph } from "../graph/heap-graph.js";
import type { RetainingEdges } from "../graph/retaining-edges.js";
import { discard, uint32Column } from "../parse/columns.js";
import type { DepthFirstOrder } from "./depth-first.js";

export interface DominatorNumbers {
  /** depth-first number -> number of the immediate dominator; the root is its own */
  readonly numbers: Uint32Array;
  /** Memory that is not needed any more: 8 bytes a node. */
  readonly spare: ArrayBufferLike;
  /** As much as a number for each node. */
  readonly spareNumbers: Uint32Array;
}

/**
 * Immediate dominators by semi-NCA (Georgiadis and Tarjan, "Finding Dominators Revisited", SODA 2004): Lengauer and
 * Tarjan's semidominators with simple path compression, then the nearest common ancestor by walking up from the parent.
 * Works on depth-first numbers, so that the columns are walked nearly in order.
 *
 * Of an edge that leads down the depth-first tree only the number it starts at matters, so those are not kept; all
 * others lead to lower numbers, and only they are reversed. Takes the columns of `order` over, all but `node`.
 * @param onEdgesRead called when nothing of the graph is needed any more
 */
export function dominatorNumbers(
  graph: HeapGraph,
  edges: RetainingEdges,
  order: DepthFirstOrder,
  onEdgesRead?: () => void,
): DominatorNumbers {
  const { number, parent, firstIsland, leastAbove: semi } = order;
  const count = graph.nodeCount;
  const { first, from } = edgesBack(graph, edges, order);
  discard(number);
  onEdgesRead?.();
  // The forest of finished nodes; others are its roots. number -> where the compressed way up goes next, and the least
  // semidominator up to there, side by side: whoever reads one reads the other.
  const ways = uint32Column(2 * count);
  for (let w = 0; w < count; w++) ways[2 * w] = parent[w]!;
  const stack = uint32Column(count); // as deep as the forest, but only what is used takes memory

  for (let w = firstIsland - 1; w > 0; w--) {
    const end = first[w + 1]!;
    let least = semi[w]!;
    for (let row = first[w]!; row < end; row++) {
      // Compress the way from there up to the last finished node, then ask for the least semidominator on it.
      let depth = 0;
      let x = from[row]!;
      let top = ways[2 * x]!;
      while (top > w) {
        stack[depth++] = x;
        x = top;
        top = ways[2 * x]!;
      }
      let best = ways[2 * x + 1]!;
      while (depth > 0) {
        const y = stack[--depth]!;
        const own = ways[2 * y + 1]!;
        if (best < own) ways[2 * y + 1] = best;
        else best = own;
        ways[2 * y] = top;
      }
      if (best < least) least = best;
    }
    semi[w] = least;
    ways[2 * w + 1] = least;
  }

  discard(first, from, stack);

  const dominator = parent;
  for (let w = 1; w < count; w++) {
    let candidate = dominator[w]!;
    const limit = semi[w]!;
    while (candidate > limit) candidate = dominator[candidate]!;
    dominator[w] = candidate;
  }
  return { numbers: dominator, spare: ways.buffer, spareNumbers: semi };
}

/**
 * Immediate dominators by node.
 * @param node depth-first number -> node
 * @param numbers depth-first number -> number of the immediate dominator
 * @param dominator memory for the result
 * @returns node -> immediate dominator; the root is its own
 */
export function dominators(node: Uint32Array, numbers: Uint32Array, dominator: Uint32Array): Uint32Array {
  for (let number = 0; number < numbers.length; number++) dominator[node[number]!] = node[numbers[number]!]!;
  return dominator;
}

/** The edges that lead to a lower number, reversed: those to `w` start at `from[first[w]]` up to `from[first[w + 1]]`. */
interface EdgesBack {
  readonly first: Uint32Array; // number -> row; one entry more than there are numbers
  readonly from: Uint32Array; // row -> number, ascending for each node that they lead to
}

/**
 * Reverses the edges that lead back by counting sort. In the order of the walk, so that a node that half of the heap
 * refers to, such as a hidden class, finds those one behind the other (3 x 10^6 nodes: 0.45 s against 0.75 s).
 */
function edgesBack(graph: HeapGraph, edges: RetainingEdges, order: DepthFirstOrder): EdgesBack {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const { node, number, firstIsland, edgesBack: first } = order;
  const { bits } = edges;
  let sum = 0;
  for (let w = 0; w <= nodeCount; w++) first[w] = sum += first[w]!;
  // Filled from the end, each start moves down to its place. What an island refers to does not depend on it.
  const from = uint32Column(sum);
  for (let u = firstIsland - 1; u >= 0; u--) {
    const start = node[u]!;
    const end = firstEdge[start + 1]!;
    for (let edge = firstEdge[start]!; edge < end; edge++) {
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) === 0) continue;
      const w = number[edgeTarget[edge]!]!;
      if (w < u) from[--first[w]!] = u;
    }
  }
  return { first, from };
}
