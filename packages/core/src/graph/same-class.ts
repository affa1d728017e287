import { edgeTo, NO_EDGE, propertyOf } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { nodeText } from "./v8-names.js";
import { NodeType } from "./v8-types.js";

/** Names of a letter or two are a minifier's, which gives the same one to a class in each scope. */
const MINIFIED = 2;

/** True for what a minifier calls something. */
export function isMinified(name: string): boolean {
  return name.length <= MINIFIED;
}

/** True for two objects of one class, as far as its name tells; of minified ones, if they have one prototype as well. */
export function isOfSameClass(graph: HeapGraph, one: NodeIndex, other: NodeIndex): boolean {
  if (graph.nodeName[one] !== graph.nodeName[other] || graph.nodeType[one] !== graph.nodeType[other]) return false;
  const prototype = prototypeOfMinified(graph, one);
  // Names of edges are dear to ask for, so the other is only asked whether it refers there.
  return prototype === NO_NODE || edgeTo(graph, other, prototype) !== NO_EDGE;
}

/** The prototype of an object whose class a minifier named; NO_NODE of any other. */
function prototypeOfMinified(graph: HeapGraph, node: NodeIndex): NodeIndex {
  if (graph.nodeType[node] !== NodeType.object || !isMinified(nodeText(graph, node))) return NO_NODE;
  return propertyOf(graph, node, "__proto__");
}
