import type { HeapGraph } from "../graph/heap-graph.js";
import { NO_NODE } from "../graph/heap-graph.js";
import { type HeapKernel, kernelFor, placesOf } from "../graph/heap-kernel.js";
import { SLICE } from "../parse/slices.js";
import type { RetainingEdges } from "../graph/retaining-edges.js";
import { beside, besideSparsely, blankColumn, discard, shortened } from "../parse/columns.js";
import { ROOT } from "../graph/v8-roots.js";

/** A depth-first walk of the whole heap. Numbers count from 0 in the order of the first visit; the root has 0. */
export interface DepthFirstOrder {
  readonly number: Uint32Array; // node -> number
  /**
   * 2 * number -> number of the node it was reached from, its parent; 0 where there is none.
   * 2 * number + 1 -> the least number that an edge to it starts at which leads down the walk: its parent's, but for shortcuts.
   * Side by side, as who looks at one of them mostly looks at the other, and each time at another place in memory.
   */
  readonly above: Uint32Array;
  /** Nodes with this number and above are islands: they only retain each other, and nobody walked on from them. */
  readonly firstIsland: number;
  readonly edgesBack: EdgesBack;
}

/**
 * The retaining edges that lead to a lower number, in lists, one for each number they lead to. Along a list the numbers
 * that the edges start at descend. Both columns have pairs: the number that an edge starts at, and the row in `before` of
 * the edge to the same number that was found before it. Row 0 is none and ends each list.
 */
export interface EdgesBack {
  readonly last: Uint32Array; // number -> pair of the edge to it that was found last; zeros where there is none
  readonly before: Uint32Array; // row -> pair
}

/**
 * Walks the retaining edges depth first, without recursion. Nodes that nothing retains are taken as the root's, each
 * with what hangs on it; then those that only retain each other, one by one, as DevTools does.
 */
export function depthFirst(graph: HeapGraph, edges: RetainingEdges): DepthFirstOrder {
  const { nodeCount } = graph;
  const walk = new Walk(graph, edges);
  let visited = walk.from(ROOT, 0);
  const { number } = walk;
  if (visited < nodeCount) {
    const retained = retainedByUnvisited(graph, edges, number);
    for (let start = 0; start < nodeCount; start++)
      if (number[start] === NO_NODE && retained[start] === 0) visited = walk.from(start, visited);
  }
  const firstIsland = visited;
  for (let start = 0; visited < nodeCount; start++) if (number[start] === NO_NODE) number[start] = visited++;
  return { number, above: walk.above.fill(0, 2 * firstIsland), firstIsland, edgesBack: walk.end() };
}

/**
 * All nodes in the order of the walk. Not made on the way, where all that the walk needs is in memory, too.
 * @param number node -> number
 * @returns number -> node
 */
export function nodesInOrder(number: Uint32Array): Uint32Array {
  const node = blankColumn(number.length, beside(number));
  for (let i = 0; i < number.length; i++) node[number[i]!] = i;
  return node;
}

class Walk {
  readonly number: Uint32Array;
  readonly above: Uint32Array;
  readonly #edgesBack: EdgesBack;
  readonly #graph: HeapGraph;
  readonly #bits: Uint8Array;
  /** Two for each depth, the edge to go on with and the one to stop at; only what is used takes memory. */
  readonly #edgesLeft: Uint32Array;
  readonly #kernel: HeapKernel | null;
  #rows = 0; // of `before`

  constructor(graph: HeapGraph, edges: RetainingEdges) {
    const { nodeCount, firstEdge, edgeTarget } = graph;
    const where = beside(firstEdge);
    const blank = (length: number): Uint32Array => blankColumn(length, where);
    this.#graph = graph;
    this.#bits = edges.bits;
    this.number = blank(nodeCount).fill(NO_NODE);
    this.above = blank(2 * nodeCount);
    const room = edges.count + 1; // for fewer edges back, and only what is used takes memory
    this.#edgesBack = { last: blank(2 * nodeCount), before: blank(2 * room) };
    this.#edgesLeft = blankColumn(2 * nodeCount, besideSparsely(firstEdge));
    const { last, before } = this.#edgesBack;
    const columns = [
      firstEdge,
      edgeTarget,
      this.#bits,
      this.number,
      this.above,
      last,
      before,
      this.#edgesLeft,
    ] as const;
    this.#kernel = kernelFor(...columns);
    this.#kernel?.startWalk(...placesOf(columns));
  }

  /** Gives back what only the walk needed. */
  end(): EdgesBack {
    discard(this.#edgesLeft);
    const { last, before } = this.#edgesBack;
    const rows = this.#kernel === null ? this.#rows : this.#kernel.rowsBefore() >>> 0;
    return { last, before: shortened(before, 2 * (rows + 1)) };
  }

  /** Numbers `start` and all that can be reached from it, from `first` on. Returns the number behind the last. */
  from(start: number, first: number): number {
    return this.#kernel === null ? this.#from(start, first) : this.#fromBy(this.#kernel, start, first);
  }

  #fromBy(kernel: HeapKernel, start: number, first: number): number {
    let next = first;
    let at = start;
    for (;;) {
      const end = kernel.walk(at, next, SLICE) >>> 0;
      if (end < next + SLICE) return end;
      next = end;
      at = NO_NODE;
    }
  }

  #from(start: number, first: number): number {
    const { firstEdge, edgeTarget } = this.#graph;
    const bits = this.#bits;
    const { number, above } = this;
    const { last, before } = this.#edgesBack;
    const edgesLeft = this.#edgesLeft;
    let rows = this.#rows;
    let next = first;
    let current = 0; // number of the node whose edges are walked; at first the root, which all else hangs on
    let depth = 0; // twice that of that node, counted from 1
    let edge = 0;
    let end = 0;
    let target = start;
    for (;;) {
      // A node gets its number. What it refers to has one already, or will get a higher one.
      number[target] = next;
      above[2 * next] = current;
      above[2 * next + 1] = current;
      last[2 * next] = 0;
      last[2 * next + 1] = 0;
      const targetsFirst = firstEdge[target]!;
      let down = 0; // its first edge to a node without a number
      let downEnd = 0; // and behind its last
      for (let at = firstEdge[target + 1]! - 1; at >= targetsFirst; at--) {
        if ((bits[at >>> 3]! & (1 << (at & 7))) === 0) continue;
        const known = number[edgeTarget[at]!]!;
        if (known === NO_NODE) {
          down = at;
          if (downEnd === 0) downEnd = at + 1;
        } else {
          // The root's number is none: it has edges back to itself alone, of which nobody asks.
          const start = last[2 * known]!;
          if (start !== 0) {
            before[2 * ++rows] = start;
            before[2 * rows + 1] = last[2 * known + 1]!;
            last[2 * known + 1] = rows;
          }
          last[2 * known] = next;
        }
      }
      // Not at the end: V8 drops optimized code that comes to where it has never been, and the next heap is walked slowly.
      this.#rows = rows;
      if (downEnd > 0) {
        edgesLeft[depth++] = edge;
        edgesLeft[depth++] = end;
        current = next;
        edge = down;
        end = downEnd;
      }
      next++;

      // To the next one that has none.
      for (;;) {
        if (edge < end) {
          const retains = bits[edge >>> 3]! & (1 << (edge & 7));
          target = edgeTarget[edge++]!;
          if (retains === 0) continue;
          const known = number[target]!;
          if (known === NO_NODE) break;
          if (known > current && current < above[2 * known + 1]!) above[2 * known + 1] = current;
        } else {
          if (depth <= 2) return next;
          current = above[2 * current]!;
          end = edgesLeft[--depth]!;
          edge = edgesLeft[--depth]!;
        }
      }
    }
  }
}

/** node -> 1 if an unvisited node retains it. Those that were visited retain no unvisited one. */
function retainedByUnvisited(graph: HeapGraph, edges: RetainingEdges, number: Uint32Array): Uint8Array {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const { bits } = edges;
  const retained = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    if (number[node] !== NO_NODE) continue;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++)
      if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) retained[edgeTarget[edge]!] = 1;
  }
  return retained;
}
