import { firstEdgeOf } from "./edges-aside.js";
import { edgeNameText } from "./edges-of.js";
import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import type { Declaration, ScopeFacts, ScriptPlace } from "./originals.js";
import { eachClosureIn, type Heap, isOutermost, type Scope } from "./scopes.js";
import { generatedPosition, originalPosition, type SourcePosition, scriptFacts } from "./source-locations.js";
import { EdgeType } from "./v8-types.js";

// What was found out about scopes, for whoever asks next: many names may begin in one.
const inSources = new WeakMap<HeapGraph, Map<NodeIndex, Scope>>(); // heap -> Context -> the scope as the source has it

/** A scope in the words of the source, where that is known: the name of its function, and where that is. */
export function originalScope(heap: Heap, scope: Scope): Scope {
  const { graph } = heap;
  // Of a bundle's scope every variable has a file of its own.
  if (graph.originals === undefined || scope.kind === "module") return scope;
  let known = inSources.get(graph);
  if (known === undefined) inSources.set(graph, (known = new Map()));
  let found = known.get(scope.context);
  if (found === undefined) known.set(scope.context, (found = scopeInSource(heap, scope)));
  return found;
}

function scopeInSource(heap: Heap, scope: Scope): Scope {
  const { graph } = heap;
  const file = fileAround(heap, scope);
  if (file !== null) return { ...scope, kind: "module", functionName: "", position: null, file };
  if (scope.kind === "function" && scope.begins === null) {
    const within = originalVariable(heap, scope, someVariable(graph, scope.context))?.within ?? null;
    if (within !== null) {
      const generated = { file: scope.file, line: within.line, column: within.column };
      return ofBundlers(graph, scope, within, inSource(scope, { ...within.original, generated }));
    }
  }
  const { position } = scope;
  if (position === null) return scope;
  const original = originalPosition(graph, scope.script, position, scope.functionName);
  return ofBundlers(graph, scope, position, inSource(scope, original));
}

/** A scope as it was found, marked if its function is the bundler's: one around a module is, and what is in it the module's. */
function ofBundlers(graph: HeapGraph, scope: Scope, at: ScriptPlace, found: Scope): Scope {
  if (found.kind === "module" || scope.functionName.includes("/")) return found;
  return graph.originals?.isBundlers(scriptFacts(graph, scope.script), at) ? { ...found, isBundlers: true } : found;
}

function inSource(scope: Scope, position: SourcePosition): Scope {
  // A bundler's registry of modules is an object of functions, by number or path: each is the scope of one module.
  if (scope.kind === "function" && /^(?:\d|\.?\.?\/|\[)/.test(scope.functionName))
    return { ...scope, kind: "module", functionName: "" };
  const functionName = scope.functionName === "" ? "" : (position.name ?? scope.functionName);
  return { ...scope, position, functionName, file: position.file };
}

/** Variables of a scope that are asked for where the source declares them. */
const MOST_ASKED = 16;

/**
 * The source whose top a scope is: a bundler may put a function around each file. Null if it is none: what the source
 * declares in a function is in a scope of each of its calls.
 */
function fileAround(heap: Heap, scope: Scope): string | null {
  const { graph } = heap;
  let file: string | null = null;
  let left = MOST_ASKED;
  for (let edge = firstEdgeOf(graph, scope.context); edge < graph.firstEdge[scope.context + 1]! && left > 0; edge++) {
    if (graph.edgeType[edge] !== EdgeType.context) continue;
    left--;
    const declared = originalVariable(heap, scope, edgeNameText(graph, edge));
    if (declared === null || declared.level === null || declared.within === null) continue;
    // Such as what a bundler has another module in: no source declares that, so that its level is the bundle's.
    if (graph.originals?.isBundlers(scriptFacts(graph, scope.script), declared)) continue;
    if (declared.level === "function") return null;
    file ??= declared.original.file;
  }
  return file;
}

function someVariable(graph: HeapGraph, context: NodeIndex): string {
  for (let edge = firstEdgeOf(graph, context); edge < graph.firstEdge[context + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.context) return edgeNameText(graph, edge);
  return "";
}

/** Variables of a scope, and functions made in it, that are told to find it in the source. */
const MOST_FACTS = 64;

/**
 * Where the source declares a variable of a scope; null if nobody knows the source.
 * @returns the place in the file that ran, and in its source
 */
export function originalVariable(heap: Heap, scope: Scope, variable: string): Declaration | null {
  const { graph } = heap;
  return graph.originals?.declaration(scriptFacts(graph, scope.script), variable, scopeFacts(heap, scope)) ?? null;
}

/** What a snapshot says of a scope, to find it in a text of its script. */
export function scopeFacts(heap: Heap, { context, begins, kind, functionName }: Scope): ScopeFacts {
  const { graph } = heap;
  let made: readonly ScriptPlace[] | null = null;
  const variables: string[] = [];
  const end = graph.firstEdge[context + 1]!;
  for (let edge = firstEdgeOf(graph, context); edge < end && variables.length < MOST_FACTS; edge++)
    if (graph.edgeType[edge] === EdgeType.context) variables.push(edgeNameText(graph, edge));
  return {
    // Around a function's scope there is the file's, even if that has no variables that any function needs.
    isTop: kind !== "function" && isOutermost(graph, context),
    begins,
    // Seldom needed of a module's scope, which may be that around a hundred thousand others.
    get made() {
      return (made ??= functionsMadeIn(heap, context));
    },
    variables,
    functionName: kind === "function" ? functionName : "",
  };
}

function functionsMadeIn(heap: Heap, context: NodeIndex): ScriptPlace[] {
  const made: ScriptPlace[] = [];
  eachClosureIn(heap, context, (closure) => {
    const position = generatedPosition(heap.graph, closure);
    if (position !== null) made.push(position);
    return made.length < MOST_FACTS;
  });
  return made;
}
