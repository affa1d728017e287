import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";
import { EdgeType, NodeType } from "./v8-types.js";

/** Edges behind those of an object's properties, which V8 writes last, and more. */
const LAST_EDGES = 16;
/** Properties from which an object without a prototype is one whose keys are data. */
const MANY = 24;

/**
 * True for a plain object whose keys are data: V8 makes a hash table of its properties when many keys are computed, or some
 * deleted. An object without a prototype has a table from the start, and may be one of a few names.
 */
export function isDictionary(graph: HeapGraph, object: NodeIndex): boolean {
  const { nodeType, nodeName, firstEdge, strings } = graph;
  if (nodeType[object] !== NodeType.object || strings.text(nodeName[object]!) !== "Object") return false;
  const end = firstEdge[object + 1]!;
  const first = Math.max(firstEdge[object]!, end - LAST_EDGES);
  graph.aside?.bring(first, end);
  const { edgeType, edgeName, edgeTarget } = graph;
  const typeOf = (type: number, name: string): number | undefined => {
    const index = strings.indexOf(name);
    for (let edge = first; edge < end; edge++)
      if (edgeType[edge] === type && edgeName[edge] === index) return nodeType[edgeTarget[edge]!];
    return undefined;
  };
  if (typeOf(EdgeType.internal, "properties") !== NodeType.array) return false;
  return typeOf(EdgeType.property, "__proto__") === NodeType.object || end - firstEdge[object]! >= MANY;
}

/** True for what a plain object has by the empty text, which V8 writes as a field of its own that has no name. */
export function isByEmptyName(
  { nodeType, nodeName, edgeType, edgeName, strings }: HeapGraph,
  from: NodeIndex,
  edge: EdgeIndex,
): boolean {
  if (edgeType[edge] !== EdgeType.internal || nodeType[from] !== NodeType.object) return false;
  return strings.text(edgeName[edge]!) === "" && strings.text(nodeName[from]!) === "Object";
}
