import type { HeapAnalysis } from "#core/analysis/heap-analysis.js";
import { ColumnsGoingAside } from "#core/graph/columns-aside.js";
import { edgesFrom, withEdges } from "#core/graph/edges-aside.js";
import { copied } from "#core/parse/columns.js";
import { temporaryFile } from "#core/temporary-file.js";

const file = temporaryFile()!;

/**
 * The heap with its edges in a file, as one has them that a thread has loaded, and each of them zeros until it is brought
 * back by itself: whoever forgets that sees nothing of them.
 */
export function edgesPutAside(heap: HeapAnalysis): HeapAnalysis {
  const { edgeCount, edgeType, edgeName, edgeTarget } = heap.graph;
  const going = new ColumnsGoingAside(file.descriptor);
  going.put({ edgeType: copied(edgeType), edgeName: copied(edgeName), edgeTarget: copied(edgeTarget) });
  const edges = edgesFrom(file.descriptor, going.columns as Parameters<typeof edgesFrom>[1], edgeCount, "own", null, 1);
  const graph = withEdges({ ...heap.graph }, edges);
  if (graph.aside === null) throw new Error("there is no room for the edges");
  return Object.create(heap, { graph: { value: graph, enumerable: true } }) as HeapAnalysis;
}
