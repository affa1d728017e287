import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { Declaration } from "../../graph/originals.js";
import { originalScope, originalVariable } from "../../graph/original-scopes.js";
import type { Heap, Scope } from "../../graph/scopes.js";
import { originalInRegister, registerFacts, type WaitingCall } from "../../graph/waiting-calls.js";
import {
  type DeclarationInText,
  declarationInText,
  declarationOfRegister,
} from "../../sources/declared-in-snapshot.js";
import { type AccessPath, join, NAMELESS_VARIABLE } from "./access-words.js";

/** The access path that starts with a variable of a scope, as the source calls it where that is known. */
export function pathInScope(heap: HeapAnalysis, scope: Scope | null, words: readonly string[]): AccessPath {
  const declaration = scope === null ? null : declarationIn(heap, scope, words[0] ?? "");
  return pathFrom(heap, scope, declaration, words);
}

/** The access path that starts with a variable of a call, of which the register is known. */
export function pathInCall(
  heap: HeapAnalysis,
  call: WaitingCall,
  scope: Scope,
  [register = "", ...properties]: readonly string[],
): AccessPath {
  return pathFrom(heap, scope, declaredInRegister(heap, call, scope, register), [NAMELESS_VARIABLE, ...properties]);
}

function pathFrom(
  heap: HeapAnalysis,
  scope: Scope | null,
  declaration: DeclarationInText | null,
  [variable = "", ...properties]: readonly string[],
): AccessPath {
  const original = scope === null ? null : originalScope(heap, scope);
  const place = declaration?.position ?? null;
  const named = [place?.name ?? variable, ...properties];
  return {
    expression: join(named),
    words: named,
    anchor: "variable",
    scope: original,
    // Of a module's scope V8 knows some function that was made in it, which tells nothing of the variable.
    position: place ?? (original?.kind === "module" ? null : (original?.position ?? null)),
    isDeclaration: place !== null,
    isBorrowed: declaration?.isBorrowed ?? false,
    file: place?.file ?? original?.file ?? "",
    isStatic: false,
    owner: null,
    edges: [],
  };
}

function declarationIn(heap: HeapAnalysis, scope: Scope, variable: string): DeclarationInText | null {
  return inSource(originalVariable(heap, scope, variable), scope) ?? declarationInText(heap, scope, variable);
}

/** Where the variable is declared that a register of a call has; null if nobody can tell. */
export function declaredInRegister(
  heap: Heap,
  call: WaitingCall,
  scope: Scope,
  register: string,
): DeclarationInText | null {
  const facts = registerFacts(heap, call, scope);
  const original = originalInRegister(heap.graph, scope, Number(register), facts);
  return inSource(original, scope) ?? declarationOfRegister(heap, scope, Number(register), facts);
}

function inSource(declaration: Declaration | null, { file }: Scope): DeclarationInText | null {
  if (declaration === null) return null;
  const { original, line, column, isBorrowed } = declaration;
  return { position: { ...original, generated: { file, line, column } }, isBorrowed };
}
