import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { generatedPosition, scriptOfClosure, scriptSource } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";

/** Units of text in front of a function in which the call is looked for that it is an argument of, and of its name. */
const MAX_BEFORE = 400;
const STRING = String.raw`(["'\`])([\w:.-]{1,64})\1`;

/**
 * The type of event that a page listens to with this function, as its source says: `addEventListener("resize", …)` with
 * the function itself, or with its name, where the text has only one such place. Null where the file does not tell.
 */
export function eventTypeOf(graph: HeapGraph, listener: NodeIndex): string | null {
  const script = scriptOfClosure(graph, listener);
  const position = generatedPosition(graph, listener);
  if (position === null) return null;
  const source = scriptSource(graph, script);
  const written = textBefore(source, position.line, position.column);
  const inPlace = new RegExp(
    String.raw`addEventListener\(\s*${STRING}\s*,\s*(?:async\s*)?(?:function\s*\*?\s*[\w$]*\s*)?$`,
  ).exec(written);
  if (inPlace !== null) return inPlace[2]!;
  const name = nodeText(graph, listener);
  if (name.length > MAX_BEFORE || !/^[\w$]+$/.test(name)) return null;
  const byName = new RegExp(
    String.raw`addEventListener\(\s*${STRING}\s*,\s*(?:this\s*\.\s*|[\w$]+\s*\.\s*)?#?${name.replaceAll("$", "\\$")}(?![\w$])`,
    "g",
  );
  const types = new Set<string>();
  for (const match of source.matchAll(byName)) types.add(match[2]!);
  return types.size === 1 ? [...types][0]! : null;
}

/** The text of a source in front of a place in it, 1-based. */
function textBefore(source: string, line: number, column: number): string {
  let start = 0;
  for (let at = 1; at < line && start >= 0; at++) start = source.indexOf("\n", start) + 1 || -1;
  if (start < 0 || start + column - 1 > source.length) return "";
  const end = start + column - 1;
  return source.slice(Math.max(0, end - MAX_BEFORE), end);
}
