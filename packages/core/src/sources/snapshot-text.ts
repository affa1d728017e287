import type { HeapGraph, NodeIndex } from "../graph/heap-graph.js";
import { scriptSource } from "../graph/source-locations.js";
import { ScopeSearch } from "./scope-search.js";
import { TextLines } from "./text-lines.js";

/** What a snapshot has of a script's text. */
export interface ScriptText {
  readonly lines: TextLines;
  readonly search: ScopeSearch;
}

const texts = new WeakMap<HeapGraph["locations"], Map<NodeIndex, ScriptText>>();

/** The text of a script, cut into tokens once, however often it is asked for. */
export function textOf(graph: HeapGraph, script: NodeIndex): ScriptText {
  let known = texts.get(graph.locations);
  if (known === undefined) texts.set(graph.locations, (known = new Map()));
  let text = known.get(script);
  if (text === undefined) {
    const lines = new TextLines(scriptSource(graph, script));
    known.set(script, (text = { lines, search: new ScopeSearch(lines) }));
  }
  return text;
}
