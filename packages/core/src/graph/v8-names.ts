import { DETACHED } from "./detachedness.js";
import { firstEdgeOf } from "./edges-aside.js";
import { shortBlinkName } from "./blink-names.js";
import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { NodeType } from "./v8-types.js";

const CONTEXT = "system / Context";

/** True for the scope of a running or finished function: `system / Context`, in V8 15 followed by ` / scope @id`. */
export function isContext(graph: HeapGraph, node: NodeIndex): boolean {
  if (graph.nodeType[node] !== NodeType.object && graph.nodeType[node] !== NodeType.hidden) return false;
  const name = nodeText(graph, node);
  return name === CONTEXT || name.startsWith(`${CONTEXT} /`);
}

/** True for what V8 has of a realm: a program's globals, those of a frame of a page, or of a context of `vm`. */
export function isRealm(graph: HeapGraph, node: NodeIndex): boolean {
  const type = graph.nodeType[node];
  if (type !== NodeType.hidden && type !== NodeType.native) return false;
  return nodeText(graph, node).startsWith("system / NativeContext");
}

/** True for a function that is a class: V8 notes on it where the text of the class begins and ends. */
export function isClass(graph: HeapGraph, node: NodeIndex): boolean {
  if (graph.nodeType[node] !== NodeType.closure) return false;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (nodeText(graph, graph.edgeTarget[edge]!) === "system / ClassPositions") return true;
  return false;
}

/** The name V8 wrote for a node; of a string, its text. */
export function nodeText(graph: HeapGraph, node: NodeIndex): string {
  return graph.strings.text(graph.nodeName[node]!);
}

/** True for nodes whose name is data of the program: never printed unless asked for. */
export function isText(nodeType: number): boolean {
  return (
    nodeType === NodeType.string ||
    nodeType === NodeType.consString ||
    nodeType === NodeType.slicedString ||
    nodeType === NodeType.bigint ||
    nodeType === NodeType.symbol
  );
}

/**
 * What to call a node in print: its class, `fn()` for a function, its type where the name is the program's data.
 * Detached DOM nodes are called so.
 */
export function nodeLabel(graph: HeapGraph, node: NodeIndex): string {
  const type = graph.nodeType[node]!;
  if (type === NodeType.consString || type === NodeType.slicedString || type === NodeType.string) return "string";
  if (type === NodeType.bigint) return "bigint";
  if (type === NodeType.symbol) return "symbol";
  if (type === NodeType.number) return "number";
  if (type === NodeType.regexp) return "RegExp";
  const name = withoutTag(nodeText(graph, node));
  if (type === NodeType.closure) return name === "" ? "function" : `function ${name}`;
  if (type === NodeType.native) {
    const tag = name.startsWith("<") ? name.replace(/ .*$/s, ">") : shortBlinkName(name);
    return graph.detached?.[node] === DETACHED ? `Detached ${tag}` : tag;
  }
  if (name === "") return type === NodeType.array ? "(internal array)" : "(unnamed)";
  return name;
}

/** V8 15 adds the page's address to objects of the browser, and to a scope what it is the scope of. */
function withoutTag(name: string): string {
  return name.replace(/ \/ (?:scope @\d+|(?:https?|file|about|blob|data|[\w-]+-extension):.*)$/s, "");
}
