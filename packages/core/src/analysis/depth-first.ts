import type { HeapGraph } from "../graph/heap-graph.js";
import { NO_NODE } from "../graph/heap-graph.js";
import type { RetainingEdges } from "../graph/retaining-edges.js";
import { discard, uint32Column } from "../parse/columns.js";
import { ROOT } from "../graph/v8-roots.js";

/** A depth-first walk of the whole heap. Numbers count from 0 in the order of the first visit; the root has 0. */
export interface DepthFirstOrder {
  readonly number: Uint32Array; // node -> number
  readonly node: Uint32Array; // number -> node
  readonly parent: Uint32Array; // number -> number of the node it was reached from; 0 where there is none
  /** Nodes with this number and above are islands: they only retain each other, and nobody walked on from them. */
  readonly firstIsland: number;
  /** number -> how many retaining edges lead to it from a higher number; one entry more than there are numbers */
  readonly edgesBack: Uint32Array;
  /** number -> the least number that an edge to it starts at which leads down the walk: its parent's, but for shortcuts */
  readonly leastAbove: Uint32Array;
}

/**
 * Walks the retaining edges depth first, without recursion. Nodes that nothing retains are taken as the root's, each
 * with what hangs on it; then those that only retain each other, one by one, as DevTools does.
 */
export function depthFirst(graph: HeapGraph, edges: RetainingEdges): DepthFirstOrder {
  const { nodeCount } = graph;
  const walk = new Walk(graph, edges);
  let visited = walk.from(ROOT, 0);
  const { number, node, parent, edgesBack, leastAbove } = walk;
  if (visited < nodeCount) {
    const retained = retainedByUnvisited(graph, edges, number);
    for (let start = 0; start < nodeCount; start++)
      if (number[start] === NO_NODE && retained[start] === 0) visited = walk.from(start, visited);
  }
  const firstIsland = visited;
  for (let start = 0; visited < nodeCount; start++) {
    if (number[start] !== NO_NODE) continue;
    number[start] = visited;
    node[visited++] = start;
  }
  walk.end();
  return { number, node, parent, firstIsland, edgesBack, leastAbove };
}

class Walk {
  readonly number: Uint32Array;
  readonly node: Uint32Array;
  readonly parent: Uint32Array;
  readonly edgesBack: Uint32Array;
  readonly leastAbove: Uint32Array;
  readonly #graph: HeapGraph;
  readonly #bits: Uint8Array;
  /** depth -> edge to go on with; as deep as the heap, but only what is used takes memory */
  readonly #nextEdge: Uint32Array;

  constructor(graph: HeapGraph, edges: RetainingEdges) {
    const { nodeCount } = graph;
    this.#graph = graph;
    this.#bits = edges.bits;
    this.number = uint32Column(nodeCount).fill(NO_NODE);
    this.node = uint32Column(nodeCount);
    this.parent = uint32Column(nodeCount);
    this.edgesBack = uint32Column(nodeCount + 1);
    this.leastAbove = uint32Column(nodeCount);
    this.#nextEdge = uint32Column(nodeCount);
  }

  /** Gives back what only the walk needed. */
  end(): void {
    discard(this.#nextEdge);
  }

  /** Numbers `start` and all that can be reached from it, from `first` on. Returns the number behind the last. */
  from(start: number, first: number): number {
    const { firstEdge, edgeTarget } = this.#graph;
    const bits = this.#bits;
    const { number, node, parent, edgesBack, leastAbove } = this;
    const nextEdge = this.#nextEdge;
    let next = first;
    let current = next++; // number of the node whose edges are walked
    let depth = 0;
    number[start] = current;
    node[current] = start;
    let edge = firstEdge[start]!;
    let end = firstEdge[start + 1]!;
    for (;;) {
      if (edge < end) {
        const target = edgeTarget[edge]!;
        const retains = bits[edge >>> 3]! & (1 << (edge & 7));
        edge++;
        if (retains === 0) continue;
        const known = number[target]!;
        if (known !== NO_NODE) {
          if (known < current) edgesBack[known]!++;
          else if (current < leastAbove[known]!) leastAbove[known] = current;
          continue;
        }
        number[target] = next;
        node[next] = target;
        parent[next] = current;
        leastAbove[next] = current;
        const first = firstEdge[target]!;
        const last = firstEdge[target + 1]!;
        if (first < last) {
          nextEdge[depth++] = edge;
          current = next;
          edge = first;
          end = last;
        }
        next++;
      } else {
        if (depth === 0) return next;
        current = parent[current]!;
        edge = nextEdge[--depth]!;
        end = firstEdge[node[current]! + 1]!;
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
