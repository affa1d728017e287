import { DistanceEdges } from "../graph/distance-edges.js";
import type { HeapGraph } from "../graph/heap-graph.js";
import { beside, blankColumn, discard } from "../parse/columns.js";
import { ROOT, nonSyntheticRoots } from "../graph/v8-roots.js";

/** Added to the distances of what only V8 itself refers to. */
export const SYSTEM_DISTANCE = 100_000_000;
/** The distance of nodes that no path leads to. */
export const UNREACHABLE_DISTANCE = 200_000_000;

/**
 * How many steps a node is away, as DevTools counts: from the global object and whatever else hangs on the root and
 * is the program's, which have 1. What is not reached from there counts from the root, which then has SYSTEM_DISTANCE;
 * in files whose root has nothing of the program's (V8 15), all count from the root, which then has 0.
 * @returns node -> steps
 */
export function distances(graph: HeapGraph): Uint32Array {
  const where = beside(graph.firstEdge);
  const distance = blankColumn(graph.nodeCount, where).fill(UNREACHABLE_DISTANCE);
  const queue = blankColumn(graph.nodeCount, where);
  const edges = new DistanceEdges(graph);
  let length = 0;
  for (const root of nonSyntheticRoots(graph)) {
    if (distance[root] !== UNREACHABLE_DISTANCE) continue;
    distance[root] = 1;
    queue[length++] = root;
  }
  spread(graph, edges, distance, queue, length);
  distance[ROOT] = length > 0 ? SYSTEM_DISTANCE : 0;
  queue[0] = ROOT;
  spread(graph, edges, distance, queue, 1);
  discard(queue);
  return distance;
}

/** Breadth first from the first `length` nodes of the queue to all that have no distance yet. */
function spread(
  graph: HeapGraph,
  edges: DistanceEdges,
  distance: Uint32Array,
  queue: Uint32Array,
  length: number,
): void {
  const { firstEdge, edgeTarget } = graph;
  for (let next = 0; next < length; next++) {
    const node = queue[next]!;
    const steps = distance[node]! + 1;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const target = edgeTarget[edge]!;
      if (distance[target] !== UNREACHABLE_DISTANCE || !edges.counts(node, edge)) continue;
      distance[target] = steps;
      queue[length++] = target;
    }
  }
}
