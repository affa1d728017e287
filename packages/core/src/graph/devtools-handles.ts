import { bringEdges } from "./edges-aside.js";
import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { type RetainingEdges, retains } from "./retaining-edges.js";
import { EdgeType, hasNumericName, NodeType } from "./v8-types.js";

/** How V8's inspector labels what it keeps for the console, and for whoever drives the page. */
export const INSPECTOR_LABEL = " / DevTools console";

/**
 * What the inspector has handles of while it is attached: objects that a page wrote to the console, and those of a tool
 * that drives it. Only of pages, and only what the page itself cannot reach: of the rest no handle retains anything.
 * @returns node -> how many of these handles it has
 */
export function devToolsHandles(graph: HeapGraph, retaining: RetainingEdges): ReadonlyMap<NodeIndex, number> {
  const handles = new Map<NodeIndex, number>();
  if (graph.strings.indexOf("HTMLDocument") < 0) return handles; // no page
  const { nodeCount, nodeType, firstEdge, edgeType, edgeName, edgeTarget, strings } = graph;
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.synthetic) continue;
    bringEdges(graph, node);
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const type = edgeType[edge]!;
      if (type === EdgeType.weak || hasNumericName(type) || !retains(retaining, edge)) continue;
      if (!strings.text(edgeName[edge]!).endsWith(INSPECTOR_LABEL)) continue;
      const target = edgeTarget[edge]!;
      handles.set(target, (handles.get(target) ?? 0) + 1);
    }
  }
  return handles;
}
