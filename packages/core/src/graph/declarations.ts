import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { scriptName, scriptSource, type SourcePosition } from "./source-locations.js";

/**
 * Where a script declares a variable, as far as the snapshot still has its text (up to V8 14.6 the first 1024 units).
 * Only a declaration that begins its line is taken for one of the module's scope.
 */
export function declarationOf(graph: HeapGraph, script: NodeIndex, variable: string): SourcePosition | null {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(variable)) return null;
  const source = scriptSource(graph, script);
  const name = variable.replaceAll("$", "\\$");
  const declaration = new RegExp(
    `^(?:export\\s+)?(?:const|let|var|class|(?:async\\s+)?function\\s*\\*?)\\s+(${name})(?![\\p{ID_Continue}$])`,
    "mu",
  );
  const match = declaration.exec(source);
  if (match === null) return null;
  const before = source.slice(0, match.index + match[0].length - variable.length);
  const line = before.split("\n").length;
  return { file: scriptName(graph, script), line, column: before.length - (before.lastIndexOf("\n") + 1) + 1 };
}
