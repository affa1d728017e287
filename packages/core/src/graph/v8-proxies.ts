import { firstEdgeOf } from "./edges-aside.js";
import { NO_EDGE } from "./edges-of.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";
import { nodeText } from "./v8-names.js";
import { EdgeType, NodeType } from "./v8-types.js";

/** Number of the slot in which V8's JSProxy has what it stands for. */
const TARGET = 1;

/** V8's object of a Proxy, which nothing of the program's tells from what it stands for. */
export function isProxy(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.hidden && nodeText(graph, node).startsWith("system / JSProxy");
}

/** The edge from a proxy to what it stands for; NO_EDGE for any other node, and for a proxy that was revoked. */
export function proxyTargetEdge(graph: HeapGraph, node: NodeIndex): EdgeIndex {
  if (!isProxy(graph, node)) return NO_EDGE;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.hidden && graph.edgeName[edge] === TARGET) return edge;
  return NO_EDGE;
}

/** What a proxy stands for; any other node itself. */
export function behindProxy(graph: HeapGraph, node: NodeIndex): NodeIndex {
  const edge = proxyTargetEdge(graph, node);
  return edge === NO_EDGE ? node : graph.edgeTarget[edge]!;
}
