import { internalField } from "./edges-of.js";
import { type HeapGraph, locationRow, NO_NODE, type NodeIndex } from "./heap-graph.js";
import type { ScriptFacts, ScriptPlace } from "./originals.js";
import { nodeText } from "./v8-names.js";
import { NodeType } from "./v8-types.js";

/** A place in source text, 1-based: in the file that ran, or in what that was made from where `generated` is there. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The same place in the file that ran; undefined if nobody asked for another. */
  readonly generated?: SourcePosition;
  /** What the source calls what stands there, if that is known. */
  readonly name?: string | null;
  /** The line of source, if it is known. */
  readonly text?: string | null;
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

/** So many units of a string V8 up to 14.6 writes, and no more. */
const MOST_UNITS = 1024;

/** True if a text may go on behind what the file has of it. */
export function mayBeCut(text: string): boolean {
  return text.length === 0 || text.length === MOST_UNITS;
}

/** What the file still has of a Script's text: up to 14.6 at most its first 1024 UTF-16 units; empty if it is not flat. */
export function scriptSource(graph: HeapGraph, script: NodeIndex): string {
  const source = internalField(graph, script, "source");
  return source !== NO_NODE && graph.nodeType[source] === NodeType.string ? nodeText(graph, source) : "";
}

/** Where a function starts, in its source if that is known. Null for builtins and what has no file. */
export function closurePosition(graph: HeapGraph, closure: NodeIndex): SourcePosition | null {
  const position = generatedPosition(graph, closure);
  return position === null || graph.originals === undefined
    ? position
    : originalPosition(graph, scriptOfClosure(graph, closure), position, nodeText(graph, closure));
}

/**
 * Where a function starts in the file that ran: at the `(` of its parameters, or at `class`. Null for builtins and what
 * has no file.
 */
export function generatedPosition(graph: HeapGraph, closure: NodeIndex): SourcePosition | null {
  const row = locationRow(graph, closure);
  if (row < 0) return null;
  const script = scriptOfClosure(graph, closure);
  if (script === NO_NODE) return null;
  const file = scriptName(graph, script);
  if (file === "") return null;
  return { file, line: graph.locations.line[row]! + 1, column: graph.locations.column[row]! + 1 };
}

/** Where the class of an object was written, which V8 notes for instances of the program's own classes. */
export function classPosition(graph: HeapGraph, object: NodeIndex): SourcePosition | null {
  const row = locationRow(graph, object);
  if (row < 0) return null;
  const { scriptId, line, column } = graph.locations;
  const script = scriptsById(graph).get(scriptId[row]!);
  const file = script === undefined ? "" : scriptName(graph, script);
  if (script === undefined || file === "") return null;
  const position = { file, line: line[row]! + 1, column: column[row]! + 1 };
  return originalPosition(graph, script, position, nodeText(graph, object));
}

/** What the source calls a private field of an object; as V8 calls it where that is not known. */
export function privateField(graph: HeapGraph, object: NodeIndex, name: string): string {
  return privateFieldInSource(graph, object, name) ?? name;
}

/** The same, or of a class; null if no source has such a field. */
export function privateFieldInSource(graph: HeapGraph, object: NodeIndex, name: string): string | null {
  const row = graph.originals === undefined ? -1 : locationRow(graph, object);
  const script = row < 0 ? undefined : scriptsById(graph).get(graph.locations.scriptId[row]!);
  if (script === undefined) return null;
  const at = { line: graph.locations.line[row]! + 1, column: graph.locations.column[row]! + 1 };
  return graph.originals?.privateField(scriptFacts(graph, script), at, name) ?? null;
}

const scripts = new WeakMap<HeapGraph["locations"], ReadonlyMap<number, NodeIndex>>();

/** V8's number of a script -> its node, as far as functions of it are alive. */
function scriptsById(graph: HeapGraph): ReadonlyMap<number, NodeIndex> {
  const known = scripts.get(graph.locations);
  if (known !== undefined) return known;
  const { node, scriptId } = graph.locations;
  const found = new Map<number, NodeIndex>();
  for (let row = 0; row < node.length; row++) {
    if (found.has(scriptId[row]!) || graph.nodeType[node[row]!] !== NodeType.closure) continue;
    const script = scriptOfClosure(graph, node[row]!);
    if (script !== NO_NODE) found.set(scriptId[row]!, script);
  }
  scripts.set(graph.locations, found);
  return found;
}

/**
 * What a place of a script was in its source; the same place if nobody knows.
 * @param name what V8 calls the function or class that begins there
 */
export function originalPosition(
  graph: HeapGraph,
  script: NodeIndex,
  position: SourcePosition,
  name: string,
): SourcePosition {
  const original = graph.originals?.place(scriptFacts(graph, script), position, name) ?? null;
  return original === null ? position : { ...original, generated: position };
}

/** Functions of a script that are told of it, to see whether a file is the same text. */
const MOST_FUNCTIONS = 200;

/** What finds the file of a script. */
export function scriptFacts(graph: HeapGraph, script: NodeIndex): ScriptFacts {
  const { node, line, column, scriptId } = graph.locations;
  return {
    name: scriptName(graph, script),
    get head() {
      return scriptSource(graph, script);
    },
    get functions() {
      const places: ScriptPlace[] = [];
      const ids = new Set([...scriptsById(graph)].filter(([, other]) => other === script).map(([id]) => id));
      for (let row = 0; row < node.length && places.length < MOST_FUNCTIONS; row++)
        if (ids.has(scriptId[row]!) && graph.nodeType[node[row]!] === NodeType.closure)
          places.push({ line: line[row]! + 1, column: column[row]! + 1 });
      return places;
    },
  };
}
