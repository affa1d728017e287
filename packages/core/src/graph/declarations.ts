import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { scriptName, scriptSource, type SourcePosition } from "./source-locations.js";

// In the time of one pass, whatever the source: between two words there is one way only to divide the white space.
const DECLARATION = String.raw`(?:(?:const|let|var|class)\s+|(?:async\s+)?function(?:\s+|\s*\*\s*))`;
// What is taken apart: `const [user, setUser] =`, `const { cache: pages } =`. A pattern inside a pattern is not looked into.
const PATTERN = String.raw`(?:const|let|var)\s*[[{][^[\]{}()=;]{0,400}?(?<![\p{ID_Continue}$])`;

/**
 * Where a script declares a variable of its outermost scope, as far as the snapshot still has the text (up to V8 14.6
 * the first 1024 units): the first declaration that begins its line.
 */
export function moduleDeclaration(graph: HeapGraph, script: NodeIndex, variable: string): SourcePosition | null {
  return declarations(graph, script, variable, String.raw`^(?:export\s+(?:default\s+)?)?`, 1)[0] ?? null;
}

/** Where a script declares a variable of an inner scope: only if the text has one such declaration and no more. */
export function innerDeclaration(graph: HeapGraph, script: NodeIndex, variable: string): SourcePosition | null {
  const found = declarations(graph, script, variable, String.raw`(?<![\p{ID_Continue}$.])`, 2);
  return found.length === 1 ? found[0]! : null;
}

/** The first `most` places; a bundle on one line may have thousands, each a long way from its start. */
function declarations(
  graph: HeapGraph,
  script: NodeIndex,
  variable: string,
  lead: string,
  most: number,
): SourcePosition[] {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(variable)) return [];
  const name = variable.replaceAll("$", "\\$");
  const pattern = new RegExp(
    `${lead}(?:${DECLARATION}${name}|${PATTERN}${name}(?!\\s*:))(?![\\p{ID_Continue}$])`,
    "gmu",
  );
  const source = scriptSource(graph, script);
  const file = scriptName(graph, script);
  const places: SourcePosition[] = [];
  for (let match = pattern.exec(source); match !== null && places.length < most; match = pattern.exec(source)) {
    const at = match.index + match[0].length - variable.length;
    const lineStart = source.lastIndexOf("\n", at - 1) + 1;
    const line = source.slice(0, lineStart).split("\n").length;
    places.push({ file, line, column: at - lineStart + 1 });
  }
  return places;
}
