import { bringEdges } from "./edges-aside.js";
import { internalField } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { EdgeType, NodeType } from "./v8-types.js";

/**
 * Names of an object's own properties that are small whole numbers: of those the file has neither the value nor an edge,
 * only the name, among the descriptors of the hidden class. Fractions and Infinity may have no property of their name,
 * either, but a number that nothing names: where there is such a one nobody knows which it is.
 */
export function wholeNumbersOf(graph: HeapGraph, object: NodeIndex): string[] {
  const shape = internalField(graph, object, "map");
  const descriptors = shape === NO_NODE ? NO_NODE : internalField(graph, shape, "descriptors");
  if (descriptors === NO_NODE) return [];
  bringEdges(graph, object);
  const { edgeType, edgeName, edgeTarget, firstEdge, nodeType, strings } = graph;
  const properties = new Set<number>();
  for (let edge = firstEdge[object]!; edge < firstEdge[object + 1]!; edge++) {
    if (edgeType[edge] === EdgeType.property) properties.add(edgeName[edge]!);
    else if (nodeType[edgeTarget[edge]!] === NodeType.number) return [];
  }
  bringEdges(graph, descriptors);
  const names: string[] = [];
  for (let edge = firstEdge[descriptors]!; edge < firstEdge[descriptors + 1]!; edge++) {
    const name = edgeTarget[edge]!;
    const isName = nodeType[name] === NodeType.string || nodeType[name] === NodeType.symbol; // of private fields as well
    if (edgeType[edge] !== EdgeType.internal || !isName) continue;
    const text = descriptionOf(graph, name);
    const property = nodeType[name] === NodeType.symbol ? strings.indexOf(`<symbol ${text}>`) : graph.nodeName[name]!;
    if (!properties.has(property)) names.push(text);
  }
  return names;
}

/** What a property is called: by its name, or by what the symbol is for. */
function descriptionOf(graph: HeapGraph, name: NodeIndex): string {
  const of = graph.nodeType[name] === NodeType.symbol ? internalField(graph, name, "name") : NO_NODE;
  return graph.strings.text(graph.nodeName[of === NO_NODE ? name : of]!);
}
