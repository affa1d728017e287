import { firstEdgeOf } from "./edges-aside.js";
import { internalField } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { eachRetainer } from "./incoming.js";
import type { Retainers } from "./retainers.js";
import type { RetainingEdges } from "./retaining-edges.js";
import {
  generatedPosition,
  type SourcePosition,
  scriptName,
  scriptOfClosure,
  scriptOfShared,
  scriptSource,
} from "./source-locations.js";
import { isContext, isRealm, nodeText } from "./v8-names.js";
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
  /** True for that of a function which no source has, but the bundler put into the file. */
  readonly isBundlers?: true;
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
  if (position === null) return false;
  const before = scriptSource(graph, script).slice(0, position.column - 1);
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
export function eachClosureIn(
  { graph, retainers }: Heap,
  context: NodeIndex,
  visit: (closure: NodeIndex) => boolean,
): void {
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
export function isOutermost(graph: HeapGraph, context: NodeIndex): boolean {
  const previous = internalField(graph, context, "previous");
  return previous === NO_NODE || isRealm(graph, previous);
}

/** True for the Context of an ES module's outermost scope. */
export function isModule(graph: HeapGraph, context: NodeIndex): boolean {
  const extension = internalField(graph, context, "extension");
  return extension !== NO_NODE && nodeText(graph, extension).startsWith("system / SourceTextModule");
}
