import { lastUpTo } from "../parse/last-up-to.js";
import { bringEdges } from "./edges-aside.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { EdgeType, hasNumericName } from "./v8-types.js";

/** Stands for "no edge". */
export const NO_EDGE = 0xffffffff;

/** First edge of a node with this type and name, or NO_EDGE. */
export function findEdge(graph: HeapGraph, node: NodeIndex, type: number, name: string): EdgeIndex {
  const index = graph.strings.indexOf(name);
  if (index < 0) return NO_EDGE;
  bringEdges(graph, node);
  const { firstEdge, edgeType, edgeName } = graph;
  const end = firstEdge[node + 1]!;
  for (let edge = firstEdge[node]!; edge < end; edge++)
    if (edgeType[edge] === type && edgeName[edge] === index) return edge;
  return NO_EDGE;
}

/** Target of V8's own field of a node, such as `context` of a closure, or NO_NODE. */
export function internalField(graph: HeapGraph, node: NodeIndex, name: string): NodeIndex {
  const edge = findEdge(graph, node, EdgeType.internal, name);
  return edge === NO_EDGE ? NO_NODE : graph.edgeTarget[edge]!;
}

/** Target of a property of an object's own, or NO_NODE. */
export function propertyOf(graph: HeapGraph, object: NodeIndex, name: string): NodeIndex {
  const edge = findEdge(graph, object, EdgeType.property, name);
  return edge === NO_EDGE ? NO_NODE : graph.edgeTarget[edge]!;
}

/** First edge of a node that leads to another, whatever it is called, or NO_EDGE. */
export function edgeTo(graph: HeapGraph, from: NodeIndex, to: NodeIndex): EdgeIndex {
  bringEdges(graph, from);
  const { firstEdge, edgeTarget } = graph;
  for (let edge = firstEdge[from]!; edge < firstEdge[from + 1]!; edge++) if (edgeTarget[edge] === to) return edge;
  return NO_EDGE;
}

/** Name of an edge as text; a number for elements and hidden slots. */
export function edgeNameText(graph: HeapGraph, edge: EdgeIndex): string {
  const name = graph.edgeName[edge]!;
  return hasNumericName(graph.edgeType[edge]!) ? String(name) : graph.strings.text(name);
}

/** The node an edge starts at. */
export function sourceOf(graph: HeapGraph, edge: EdgeIndex): NodeIndex {
  // Nodes without edges share their start with the next; the last of them that starts here has the edge.
  return lastUpTo(graph.firstEdge, 0, graph.nodeCount, edge);
}

/** Prototypes above an object in which a property of its is looked for. */
const MAX_PROTOTYPES = 5;

/** True if an object has a property that leads to another node, itself or by its prototypes. */
export function hasProperty(graph: HeapGraph, object: NodeIndex, name: string): boolean {
  let at = object;
  for (let step = 0; step <= MAX_PROTOTYPES; step++) {
    if (findEdge(graph, at, EdgeType.property, name) !== NO_EDGE) return true;
    const prototype = findEdge(graph, at, EdgeType.property, "__proto__");
    if (prototype === NO_EDGE) return false;
    at = graph.edgeTarget[prototype]!;
  }
  return false;
}
