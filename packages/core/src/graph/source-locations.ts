import { internalField } from "./edges-of.js";
import { type HeapGraph, locationRow, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { nodeText } from "./v8-names.js";
import { NodeType } from "./v8-types.js";

/** A place in source text as V8 knows it: in the file that ran, 1-based. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The Script node of a function, or NO_NODE for builtins. */
export function scriptOfClosure(graph: HeapGraph, closure: NodeIndex): NodeIndex {
  const shared = internalField(graph, closure, "shared");
  return shared === NO_NODE ? NO_NODE : scriptOfShared(graph, shared);
}

/** The Script node of a SharedFunctionInfo, or NO_NODE. Node up to 20 may have a DebugInfo in between. */
export function scriptOfShared(graph: HeapGraph, shared: NodeIndex): NodeIndex {
  const script = internalField(graph, shared, "script");
  if (script !== NO_NODE) return isScript(graph, script) ? script : NO_NODE;
  const either = internalField(graph, shared, "script_or_debug_info");
  if (either === NO_NODE) return NO_NODE;
  if (isScript(graph, either)) return either;
  const behindDebugInfo = internalField(graph, either, "script");
  return behindDebugInfo !== NO_NODE && isScript(graph, behindDebugInfo) ? behindDebugInfo : NO_NODE;
}

function isScript(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.code && internalField(graph, node, "source") !== NO_NODE;
}

/** File or URL of a Script; empty for what has none, such as eval. */
export function scriptName(graph: HeapGraph, script: NodeIndex): string {
  const name = internalField(graph, script, "name");
  if (name !== NO_NODE && graph.nodeType[name] === NodeType.string) return nodeText(graph, name);
  return nodeText(graph, script).replace(/^system \/ Script(?: \/ )?/, "");
}

/** What the file still has of a Script's text: up to 14.6 at most its first 1024 UTF-16 units; empty if it is not flat. */
export function scriptSource(graph: HeapGraph, script: NodeIndex): string {
  const source = internalField(graph, script, "source");
  return source !== NO_NODE && graph.nodeType[source] === NodeType.string ? nodeText(graph, source) : "";
}

/** Where a function starts: at the `(` of its parameters, or at `class`. Null for builtins and what has no file. */
export function closurePosition(graph: HeapGraph, closure: NodeIndex): SourcePosition | null {
  const row = locationRow(graph, closure);
  if (row < 0) return null;
  const script = scriptOfClosure(graph, closure);
  if (script === NO_NODE) return null;
  const file = scriptName(graph, script);
  if (file === "") return null;
  return { file, line: graph.locations.line[row]! + 1, column: graph.locations.column[row]! + 1 };
}

/**
 * Where the class of an object was written, which V8 notes for instances of the program's own classes: the script by
 * its id only, so it is looked up at a function of the same script.
 */
export function classPosition(graph: HeapGraph, object: NodeIndex): SourcePosition | null {
  const row = locationRow(graph, object);
  if (row < 0) return null;
  const { node, scriptId, line, column } = graph.locations;
  for (let other = 0; other < node.length; other++) {
    if (scriptId[other] !== scriptId[row] || graph.nodeType[node[other]!] !== NodeType.closure) continue;
    const script = scriptOfClosure(graph, node[other]!);
    if (script === NO_NODE) continue;
    const file = scriptName(graph, script);
    return file === "" ? null : { file, line: line[row]! + 1, column: column[row]! + 1 };
  }
  return null;
}
