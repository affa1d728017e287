import { bringEdges } from "./edges-aside.js";
import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { EdgeType, hasNumericName, NodeType } from "./v8-types.js";

/** How V8's inspector labels what it keeps for the console, and for whoever drives the page. */
export const INSPECTOR_LABEL = " / DevTools console";

/**
 * What the inspector holds on to while it is attached: objects that a page wrote to the console, and those that a
 * driving tool has handles of. Only of pages. It ends with the session, so it is nothing that the program keeps.
 */
export function heldByDevTools(graph: HeapGraph): ReadonlySet<NodeIndex> {
  const held = new Set<NodeIndex>();
  if (graph.strings.indexOf("HTMLDocument") < 0) return held; // no page
  const { nodeCount, nodeType, firstEdge, edgeType, edgeName, edgeTarget, strings } = graph;
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.synthetic) continue;
    bringEdges(graph, node);
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const type = edgeType[edge]!;
      if (type === EdgeType.weak || hasNumericName(type)) continue;
      if (strings.text(edgeName[edge]!).endsWith(INSPECTOR_LABEL)) held.add(edgeTarget[edge]!);
    }
  }
  return held;
}
