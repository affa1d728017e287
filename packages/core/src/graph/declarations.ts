import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { scriptName, scriptSource, type SourcePosition } from "./source-locations.js";

const DECLARATION = String.raw`(?:const|let|var|class|(?:async\s+)?function\s*\*?)\s+`;

/**
 * Where a script declares a variable of its outermost scope, as far as the snapshot still has the text (up to V8 14.6
 * the first 1024 units): the first declaration that begins its line.
 */
export function moduleDeclaration(graph: HeapGraph, script: NodeIndex, variable: string): SourcePosition | null {
  return declarations(graph, script, variable, "^(?:export\\s+)?")[0] ?? null;
}

/** Where a script declares a variable of an inner scope: only if the text has one such declaration and no more. */
export function innerDeclaration(graph: HeapGraph, script: NodeIndex, variable: string): SourcePosition | null {
  const found = declarations(graph, script, variable, "^[^\\n]*?\\b");
  return found.length === 1 ? found[0]! : null;
}

function declarations(graph: HeapGraph, script: NodeIndex, variable: string, lead: string): SourcePosition[] {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(variable)) return [];
  const name = variable.replaceAll("$", "\\$");
  const pattern = new RegExp(`${lead}${DECLARATION}(${name})(?![\\p{ID_Continue}$])`, "gmu");
  const source = scriptSource(graph, script);
  return [...source.matchAll(pattern)].map((match) => {
    const before = source.slice(0, match.index + match[0].length - variable.length);
    const lines = before.split("\n");
    return { file: scriptName(graph, script), line: lines.length, column: lines[lines.length - 1]!.length + 1 };
  });
}
