import { propertyOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";

/** The text of a property; empty if there is none. */
export function textProperty(graph: HeapGraph, object: NodeIndex, name: string): string {
  const text = propertyOf(graph, object, name);
  return text !== NO_NODE && graph.nodeType[text] === NodeType.string ? nodeText(graph, text) : "";
}
