import { edgeNameText } from "./edges-of.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";
import { nodeText } from "./v8-names.js";
import { EdgeType, NodeType } from "./v8-types.js";

/** True for the bytes of an ArrayBuffer, which V8 tells beside it: those that it resizes, or hands to another, stay. */
export function areBytes(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.native && nodeText(graph, node) === "system / JSArrayBufferData";
}

/** The edge from an ArrayBuffer to its bytes. */
export function isToBytes(graph: HeapGraph, edge: EdgeIndex): boolean {
  return graph.edgeType[edge] === EdgeType.internal && edgeNameText(graph, edge) === "backing_store";
}

/** The edge from a WebAssembly.Memory to its buffer, which is another one each time it has grown. */
export function isFromMemory(graph: HeapGraph, from: NodeIndex, edge: EdgeIndex): boolean {
  if (graph.edgeType[edge] !== EdgeType.hidden || graph.nodeType[from] !== NodeType.object) return false;
  return nodeText(graph, from) === "Memory" && nodeText(graph, graph.edgeTarget[edge]!).endsWith("ArrayBuffer");
}

/** The edge from a WebAssembly.Instance to what it exports: named from V8 13 on, before that the one to a plain object. */
export function isToExports(graph: HeapGraph, from: NodeIndex, edge: EdgeIndex): boolean {
  if (graph.nodeType[from] !== NodeType.object || nodeText(graph, from) !== "Instance") return false;
  if (graph.edgeType[edge] === EdgeType.internal) return edgeNameText(graph, edge) === "exports";
  return graph.edgeType[edge] === EdgeType.hidden && nodeText(graph, graph.edgeTarget[edge]!) === "Object";
}
