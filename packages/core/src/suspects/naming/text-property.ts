import { findEdge, NO_EDGE } from "../../graph/edges-of.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";

/** The text of a property; empty if there is none. */
export function textProperty(graph: HeapGraph, object: NodeIndex, name: string): string {
  const edge = findEdge(graph, object, EdgeType.property, name);
  if (edge === NO_EDGE) return "";
  const text = graph.edgeTarget[edge]!;
  return graph.nodeType[text] === NodeType.string ? nodeText(graph, text) : "";
}
