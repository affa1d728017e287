import type { HeapGraph } from "../graph/heap-graph.js";
import { NO_NODE } from "../graph/heap-graph.js";
import type { RetainingEdges } from "../graph/retaining-edges.js";
import type { Retainers } from "../graph/retainers.js";
import { ROOT } from "../graph/v8-roots.js";

/** A depth-first walk of the whole heap. Numbers count from 0 in the order of the first visit; the root has 0. */
export interface DepthFirstOrder {
  readonly number: Uint32Array; // node -> number
  readonly node: Uint32Array; // number -> node
  readonly parent: Uint32Array; // number -> number of the node it was reached from
}

/**
 * Walks the retaining edges depth first, without recursion. Nodes that nothing retains are taken as the root's, each
 * with what hangs on it; then those that only retain each other, one by one, as DevTools does.
 */
export function depthFirst(graph: HeapGraph, edges: RetainingEdges, incoming: Retainers): DepthFirstOrder {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const { bits } = edges;
  const { firstRetainer } = incoming;
  const number = new Uint32Array(nodeCount).fill(NO_NODE);
  const node = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount);
  const nextEdge = firstEdge.slice(0, nodeCount);
  const stack = new Uint32Array(nodeCount);
  let visited = 0;

  const walk = (start: number): void => {
    number[start] = visited;
    node[visited++] = start;
    let depth = 0;
    stack[depth++] = start;
    while (depth > 0) {
      const from = stack[depth - 1]!;
      const end = firstEdge[from + 1]!;
      let edge = nextEdge[from]!;
      for (; edge < end; edge++) {
        const target = edgeTarget[edge]!;
        if (number[target] !== NO_NODE || (bits[edge >>> 3]! & (1 << (edge & 7))) === 0) continue;
        number[target] = visited;
        parent[visited] = number[from]!;
        node[visited++] = target;
        stack[depth++] = target;
        break;
      }
      if (edge < end) nextEdge[from] = edge + 1;
      else depth--;
    }
  };

  walk(ROOT);
  for (let start = 0; visited < nodeCount && start < nodeCount; start++)
    if (number[start] === NO_NODE && firstRetainer[start] === firstRetainer[start + 1]) walk(start);
  for (let start = 0; visited < nodeCount && start < nodeCount; start++) {
    if (number[start] !== NO_NODE) continue;
    number[start] = visited;
    node[visited++] = start;
  }
  return { number, node, parent };
}
