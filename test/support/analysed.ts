import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import type { HeapGraph, NodeIndex } from "#core/graph/heap-graph.js";
import { retainingEdges, retains } from "#core/graph/retaining-edges.js";
import { graphOf } from "./graph-of.js";
import { type SmallGraph, reachable } from "./slow-and-obvious.js";
import type { SnapshotBuilder } from "./snapshot-builder.js";

/** What is known of the heap that was built so far. */
export function analysed(heap: SnapshotBuilder): HeapAnalysis {
  return analyseHeap(graphOf(heap));
}

/** Start and target of the edges, in order, that `takes` says yes to; all by default. */
export function edgeList(graph: HeapGraph, takes: (edge: number) => boolean = () => true): [NodeIndex, NodeIndex][] {
  const list: [NodeIndex, NodeIndex][] = [];
  for (let node = 0; node < graph.nodeCount; node++)
    for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge++)
      if (takes(edge)) list.push([node, graph.edgeTarget[edge]!]);
  return list;
}

/**
 * The retaining edges as the oracles want them, all nodes within reach: what nothing retains hangs on the root. So does
 * each node of the islands that only retain themselves and what is behind them; what these refer to does not count.
 */
export function retainingGraph(graph: HeapGraph, sizes: Iterable<number> = graph.selfSize): SmallGraph {
  const retaining = retainingEdges(graph);
  const edges = edgeList(graph, (edge) => retains(retaining, edge));
  const retained = new Set(edges.map(([, to]) => to));
  const nodes = Array.from({ length: graph.nodeCount }, (_, node) => node);
  const fromRoot = (to: readonly NodeIndex[]): [NodeIndex, NodeIndex][] => to.map((node) => [0, node]);
  const small = { nodeCount: graph.nodeCount, sizes: [...sizes] };
  const withLoose = [...edges, ...fromRoot(nodes.filter((node) => node > 0 && !retained.has(node)))];
  const found = reachable({ ...small, edges: withLoose });
  const islands = fromRoot(nodes.filter((node) => !found.has(node)));
  return { ...small, edges: [...withLoose.filter(([from]) => found.has(from)), ...islands] };
}
