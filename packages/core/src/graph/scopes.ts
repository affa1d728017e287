import { firstEdgeOf } from "./edges-aside.js";
import { edgeNameText, internalField } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { eachRetainer } from "./incoming.js";
import type { Declaration, ScopeFacts, ScriptPlace } from "./originals.js";
import type { Retainers } from "./retainers.js";
import type { RetainingEdges } from "./retaining-edges.js";
import {
  generatedPosition,
  originalPosition,
  type SourcePosition,
  scriptFacts,
  scriptName,
  scriptOfClosure,
  scriptOfShared,
} from "./source-locations.js";
import { isContext, nodeText } from "./v8-names.js";
import { EdgeType, NodeType } from "./v8-types.js";

/** The scope that a Context stands for, in words of the source. */
export interface Scope {
  /** `module`: top level of a file; `function`: body of one; `enclosing`: around a function that is known. */
  readonly kind: "module" | "function" | "enclosing";
  /** The file that ran, as a path or URL. */
  readonly file: string;
  /** Name of the function, or of the one that is enclosed; may be empty. */
  readonly functionName: string;
  /** Where that function starts, or the first that was made in it; null if no living closure tells. */
  readonly position: SourcePosition | null;
  /** The Script node. */
  readonly script: NodeIndex;
  /** The Context that was asked for. */
  readonly context: NodeIndex;
  /** Where the function starts whose scope it is, if that is known: a block's is not. */
  readonly begins: SourcePosition | null;
}

/** What is needed to walk a heap against its edges. */
export interface Heap {
  readonly graph: HeapGraph;
  readonly retaining: RetainingEdges;
  readonly retainers: Retainers;
}

const MAX_LEVELS = 64;
const MAX_CLOSURES = 256;
/** Contexts in a Context that are looked at: those of its classes and blocks, and of its functions' calls. */
const MAX_INNER = 16;

/**
 * Finds the source of a Context. V8 does not write it, so it is read off (1) the function whose ScopeInfo the Context
 * has, (2) a closure made in it, (3) what encloses it. (2) is what finds the modules of CommonJS in Node 20 and up:
 * their wrapper functions are gone after `require`.
 */
export function scopeOf(heap: Heap, context: NodeIndex): Scope | null {
  const { graph } = heap;
  let at = context;
  for (let level = 0; level < MAX_LEVELS && at !== NO_NODE && isContext(graph, at); level++) {
    const scope = scopeByFunction(heap, at) ?? scopeByClosure(heap, at) ?? scopeByModule(heap, at);
    if (scope !== null) return level === 0 ? scope : { ...scope, context, begins: null };
    at = internalField(graph, at, "previous");
  }
  return null;
}

function scopeByFunction(heap: Heap, context: NodeIndex): Scope | null {
  const { graph } = heap;
  const scopeInfo = internalField(graph, context, "scope_info");
  if (scopeInfo === NO_NODE) return null;
  let found: Scope | null = null;
  eachRetainer(graph, heap.retainers, scopeInfo, (shared, edge) => {
    if (graph.nodeType[shared] !== NodeType.code) return true;
    if (graph.strings.text(graph.edgeName[edge]!) !== "name_or_scope_info") return true;
    const script = scriptOfShared(graph, shared);
    if (script === NO_NODE) return true;
    found = describe(heap, context, shared, script);
    return false;
  });
  return found;
}

function describe(heap: Heap, context: NodeIndex, shared: NodeIndex, script: NodeIndex): Scope | null {
  const { graph } = heap;
  const file = scriptName(graph, script);
  if (file === "") return null;
  const own = positionOfShared(heap, shared);
  const position = own ?? scopeByClosure(heap, context)?.position ?? null;
  const name = sharedName(graph, shared);
  const isFirst = own === null || (own.line === 1 && own.column <= 63);
  const isWrapper = name === "" && isFirst && !isAssigned(graph, script, own);
  const kind = isOutermost(graph, context) && (isWrapper || isModule(graph, context)) ? "module" : "function";
  return {
    kind,
    file,
    functionName: kind === "module" ? "" : name,
    position: kind === "module" ? null : position,
    script,
    context,
    begins: own,
  };
}

/** True for a function that a file's first line makes and keeps, as `module.exports=function(n){…}`: no wrapper is kept. */
function isAssigned(graph: HeapGraph, script: NodeIndex, position: SourcePosition | null): boolean {
  const source = internalField(graph, script, "source");
  if (position === null || source === NO_NODE) return false;
  const before = nodeText(graph, source).slice(0, position.column - 1);
  return /[^=!<>]=\s*(?:async\b\s*)?(?:function\b\s*\*?\s*)?$/.test(before);
}

function sharedName(graph: HeapGraph, shared: NodeIndex): string {
  const text = nodeText(graph, shared).replace(/^system \/ SharedFunctionInfo(?: \/ )?/, "");
  return text === "(shared function info)" ? "" : text;
}

function positionOfShared(heap: Heap, shared: NodeIndex): SourcePosition | null {
  const { graph } = heap;
  let position: SourcePosition | null = null;
  let left = MAX_CLOSURES;
  eachRetainer(graph, heap.retainers, shared, (closure) => {
    if (graph.nodeType[closure] === NodeType.closure) position = generatedPosition(graph, closure);
    return position === null && --left > 0;
  });
  return position;
}

/** Of the closures made in a Context the first in the file stands for it: its position does not depend on the run. */
function scopeByClosure(heap: Heap, context: NodeIndex): Scope | null {
  const { graph } = heap;
  let first: SourcePosition | null = null;
  let scope: Scope | null = null;
  eachClosureIn(heap, context, (closure) => {
    const script = scriptOfClosure(graph, closure);
    const file = script === NO_NODE ? "" : scriptName(graph, script);
    if (file === "") return true;
    const position = generatedPosition(graph, closure);
    if (scope === null || (position !== null && (first === null || isBefore(position, first)))) {
      first = position;
      const kind = isOutermost(graph, context) ? "module" : "enclosing";
      const functionName = nodeText(graph, closure);
      scope = { kind, file, functionName, position, script, context, begins: null };
    }
    return true;
  });
  return scope;
}

/**
 * Calls `visit` for closures made in a Context, until it returns false. A class has a Context of its own between those
 * of its functions and the one that it is declared in, and so has a block: where no closure was made in the Context
 * itself, those of the ones in it tell.
 */
function eachClosureIn({ graph, retainers }: Heap, context: NodeIndex, visit: (closure: NodeIndex) => boolean): void {
  let left = MAX_CLOSURES;
  const inner: NodeIndex[] = [];
  const visitIn = (outer: NodeIndex): boolean => {
    let isAny = false;
    let goesOn = true;
    eachRetainer(graph, retainers, outer, (from, edge) => {
      if (graph.edgeType[edge] !== EdgeType.internal) return true;
      if (graph.nodeType[from] === NodeType.closure) {
        isAny = true;
        goesOn = visit(from) && --left > 0;
      } else if (outer === context && inner.length < MAX_INNER && isContext(graph, from)) {
        if (internalField(graph, from, "previous") === context) inner.push(from);
      }
      return goesOn;
    });
    return isAny;
  };
  if (visitIn(context)) return;
  for (const each of inner) if (left > 0) visitIn(each);
}

/** An ES module whose functions are all gone still has its SourceTextModule, and that its own code with a Script. */
function scopeByModule(heap: Heap, context: NodeIndex): Scope | null {
  const { graph } = heap;
  const module = internalField(graph, context, "extension");
  if (module === NO_NODE || !isModule(graph, context)) return null;
  for (let edge = firstEdgeOf(graph, module); edge < graph.firstEdge[module + 1]!; edge++) {
    const shared = graph.edgeTarget[edge]!;
    if (graph.nodeType[shared] !== NodeType.code) continue;
    const script = scriptOfShared(graph, shared);
    const file = script === NO_NODE ? "" : scriptName(graph, script);
    if (file === "") continue;
    return { kind: "module", file, functionName: "", position: null, script, context, begins: null };
  }
  return null;
}

function isBefore(a: SourcePosition, b: SourcePosition): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

/** True for the Context of a file's outermost scope. */
export function isScopeOfFile(graph: HeapGraph, node: NodeIndex): boolean {
  return isContext(graph, node) && isOutermost(graph, node);
}

/** True if nothing but the realm encloses a Context: the scope of a module, or of a function in a file without one. */
function isOutermost(graph: HeapGraph, context: NodeIndex): boolean {
  const previous = internalField(graph, context, "previous");
  return previous === NO_NODE || nodeText(graph, previous).startsWith("system / NativeContext");
}

/** True for the Context of an ES module's outermost scope. */
export function isModule(graph: HeapGraph, context: NodeIndex): boolean {
  const extension = internalField(graph, context, "extension");
  return extension !== NO_NODE && nodeText(graph, extension).startsWith("system / SourceTextModule");
}

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
      return inSource(scope, { ...within.original, generated });
    }
  }
  const { position } = scope;
  return position === null
    ? scope
    : inSource(scope, originalPosition(graph, scope.script, position, scope.functionName));
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
