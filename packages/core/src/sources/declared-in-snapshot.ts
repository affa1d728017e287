import type { HeapGraph } from "../graph/heap-graph.js";
import type { RegisterFacts, ScopeFacts } from "../graph/originals.js";
import { scopeFacts } from "../graph/original-scopes.js";
import type { Heap, Scope } from "../graph/scopes.js";
import { mayBeCut, scriptName, type SourcePosition } from "../graph/source-locations.js";
import type { ScopeSearch } from "./scope-search.js";
import { textOf } from "./snapshot-text.js";
import type { TextLines } from "./text-lines.js";

/** Where a variable is declared, and whether that only gives another name to what is declared elsewhere. */
export interface DeclarationInText {
  readonly position: SourcePosition;
  readonly isBorrowed: boolean;
}

/** Where a variable of a scope is declared, as far as the snapshot itself has the script's text; null if it does not tell. */
export function declarationInText(heap: Heap, scope: Scope, variable: string): DeclarationInText | null {
  const { lines, search } = textOf(heap.graph, scope.script);
  const { text } = lines;
  if (text === "") return null;
  const facts = scopeFacts(heap, scope);
  const offset = mayBeCut(text) ? inPart(lines, search, variable, facts) : search.declaration(variable, facts);
  if (offset < 0) return null;
  return declaredAt(heap.graph, scope, offset);
}

/** The same of the variable that a register of a call has. */
export function declarationOfRegister(
  heap: Heap,
  scope: Scope,
  register: number,
  facts: RegisterFacts,
): DeclarationInText | null {
  const { lines, search } = textOf(heap.graph, scope.script);
  const offset = lines.text === "" ? -1 : search.inRegister(register, facts, mayBeCut(lines.text));
  return offset < 0 ? null : declaredAt(heap.graph, scope, offset);
}

function declaredAt(graph: HeapGraph, { script }: Scope, offset: number): DeclarationInText {
  const { lines, search } = textOf(graph, script);
  const position = { file: scriptName(graph, script), ...lines.place(offset), name: search.nameAt(offset) };
  return { position, isBorrowed: search.isBorrowed(offset) };
}

/** Of a scope that begins behind the part of the text that is known, nothing in that tells. */
function inPart(lines: TextLines, search: ScopeSearch, variable: string, facts: ScopeFacts): number {
  const isKnown = (): boolean =>
    (facts.begins === null ? facts.made : [facts.begins]).some(({ line, column }) => lines.offset(line, column) >= 0);
  return facts.isTop || isKnown() ? search.declarationInPart(variable, facts) : -1;
}
