import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { Cut } from "../../diff/units.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { internalField, NO_EDGE, sourceOf } from "../../graph/edges-of.js";
import { type EdgeIndex, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { scopeOf } from "../../graph/scopes.js";
import { isContext } from "../../graph/v8-names.js";
import { isProxy } from "../../graph/v8-proxies.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { accessPath } from "../naming/access-path.js";
import { type AccessPath, BOUND_ARGUMENTS, inWords, NAMELESS_VARIABLE } from "../naming/access-words.js";
import { pathInScope } from "../naming/declared-paths.js";
import { libraryOf } from "../naming/library.js";
import { propertyWord } from "../naming/property-names.js";
import type { Finding } from "../growth/finding.js";
import { slotName } from "../growth/slots.js";

/** Functions of one scope that are asked for a name. */
const MAX_CLOSURES = 16;
/** Scopes in each other's variables that are looked at, from the one of the finding outwards. */
const MAX_SCOPES = 8;
/** Properties from a variable of Node's down to what grew. */
const MAX_STEPS = 6;

/**
 * A finding with whom its scope is for: who called what made it knows what he was given. A bundle is one file, in which
 * that may be far away.
 */
export function withOwner(growth: HolderGrowth, finding: Finding): Finding {
  const { holder, path } = finding;
  if (path.anchor === "instance" && libraryOf(path.file) === "node:") return inOwnedScope(growth, finding);
  if (path.scope === null || path.scope.kind === "module") return finding;
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const [first] = path.edges;
  const scope = first === undefined ? holder : sourceOf(heap.graph, first);
  const owner = scopeOwner(heap, growth.cuts[last]!, scope, path.file);
  const isTold = owner !== null && (owner.file !== path.file || isWhatWasMade(heap, owner));
  return isTold ? { ...finding, path: { ...path, owner } } : finding;
}

/**
 * True for a variable itself, or what is behind a proxy: of one file, somebody's listeners may be in a scope that was
 * made for no one.
 */
function isWhatWasMade({ graph }: HeapAnalysis, { words, edges }: AccessPath): boolean {
  return words.length === 1 || edges.some((edge) => isProxy(graph, sourceOf(graph, edge)));
}

/** True for what is in a scope that was made for somebody in another file. */
export function isMadeElsewhere({ path: { file, owner } }: Pick<Finding, "path">): boolean {
  return owner !== null && owner.file !== file;
}

/**
 * What is in an object of Node's, by the variable of Node's that alone keeps it, if the scope of that is for somebody: an
 * iterator's queue of events, of whose class there are many.
 */
function inOwnedScope(growth: HolderGrowth, finding: Finding): Finding {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const words = finding.slotWords.map(propertyWord);
  const edges: EdgeIndex[] = [];
  let at = finding.holder;
  for (let step = 0; step < MAX_STEPS && !isContext(heap.graph, at); step++) {
    const above = heap.dominator[at]!;
    const edge = slotTo(heap, above, at);
    if (edge === NO_EDGE) return finding;
    const word = slotName(heap, above, edge)!;
    words.unshift(isContext(heap.graph, above) ? word : propertyWord(word));
    edges.unshift(edge);
    at = above;
  }
  const scope = isContext(heap.graph, at) ? scopeOf(heap, at) : null;
  const owner = scope === null || scope.kind === "module" ? null : scopeOwner(heap, growth.cuts[last]!, at, scope.file);
  return owner === null ? finding : { ...finding, path: { ...pathInScope(heap, scope, words), edges, owner } };
}

function slotTo(heap: HeapAnalysis, from: NodeIndex, to: NodeIndex): EdgeIndex {
  const { graph } = heap;
  for (let edge = firstEdgeOf(graph, from); edge < graph.firstEdge[from + 1]!; edge++)
    if (graph.edgeTarget[edge] === to && slotName(heap, from, edge) !== null) return edge;
  return NO_EDGE;
}

/**
 * What a program calls the functions that share a scope, or the object that they are methods of: `cart` for the listeners
 * in a scope of the library that made it by `const cart = createStore()`. That is what its author knows, and not the
 * library's variable. The shortest name counts. Where only other scopes of libraries name the functions, such as that of
 * a proxy's handler which calls them, the program may have what those are for.
 * @param scope any node
 * @param madeIn the file of the function that it was made in
 * @returns null if it is no scope, or only libraries name its functions
 */
function scopeOwner(heap: HeapAnalysis, cut: Cut, scope: NodeIndex, madeIn: string): AccessPath | null {
  if (!isContext(heap.graph, scope)) return null;
  const scopes = new Set<NodeIndex>([scope]);
  for (const each of scopes) {
    const { owner, outer } = namesOfClosures(heap, cut, each, madeIn);
    if (owner !== null) return owner;
    for (const next of outer) if (scopes.size < MAX_SCOPES) scopes.add(next);
  }
  return null;
}

/** The best name that the program has for the functions that share a scope, and the scopes of libraries that have one. */
function namesOfClosures(
  heap: HeapAnalysis,
  cut: Cut,
  scope: NodeIndex,
  madeIn: string,
): { owner: AccessPath | null; outer: NodeIndex[] } {
  const { graph } = heap;
  let best: AccessPath | null = null;
  const outer: NodeIndex[] = [];
  const made = scopeOfBody(heap, scope);
  let left = MAX_CLOSURES;
  eachRetainer(graph, heap.retainers, made, (closure) => {
    if (graph.nodeType[closure] !== NodeType.closure || internalField(graph, closure, "context") !== made) return true;
    const path = accessPath(heap, cut, closure);
    if (isOfProgram(path, madeIn)) {
      const owner = inWords(path, path.words.slice(0, Math.max(1, wordsOfOwner(path))));
      if (best === null || comesBefore(owner, best)) best = owner;
    } else if (path.anchor === "variable" && path.scope?.kind !== "module") {
      outer.push(sourceOf(graph, path.edges[0]!));
    }
    return --left > 0;
  });
  return { owner: best, outer };
}

/** How many words name whom a function is a member of; of a method, whom its class is a member of. */
function wordsOfOwner({ words }: AccessPath): number {
  const prototype = words.indexOf("prototype");
  return (prototype === -1 ? words.length : prototype) - 1;
}

/**
 * The scope that the functions of a call are made in: where a parameter has a default, the body has a scope of its own in
 * that of the parameters, in which no function need be made. Of several scopes in one nobody knows which is the body's.
 */
function scopeOfBody({ graph, retainers }: HeapAnalysis, scope: NodeIndex): NodeIndex {
  let body = NO_NODE;
  let isOnly = true;
  eachRetainer(graph, retainers, scope, (from, edge) => {
    if (graph.edgeType[edge] !== EdgeType.internal) return true;
    if (graph.nodeType[from] === NodeType.closure) isOnly = false;
    else if (isContext(graph, from) && internalField(graph, from, "previous") === scope) {
      isOnly = body === NO_NODE;
      body = from;
    }
    return isOnly;
  });
  return isOnly && body !== NO_NODE ? body : scope;
}

/**
 * True for a variable at the top of one of the program's files; or of a function there, such as the one that a bundler
 * puts around a file or that starts the program, if that is not where the scope itself was made.
 */
function isOfProgram({ anchor, scope, file, expression, words, isDeclaration }: AccessPath, madeIn: string): boolean {
  if (anchor !== "variable" || scope === null || expression.includes("…")) return false;
  if (words.some((word) => word.startsWith(BOUND_ARGUMENTS))) return false; // who is handed something does not own it
  if (scope.kind !== "module" && (!isDeclaration || file === madeIn)) return false;
  if (words[0] === NAMELESS_VARIABLE && file === madeIn) return false; // it says neither what nor where
  return file !== "" && libraryOf(file) === "";
}

function isInFunction({ scope }: AccessPath): boolean {
  return scope?.kind !== "module";
}

function comesBefore(one: AccessPath, other: AccessPath): boolean {
  const order = Number(isInFunction(one)) - Number(isInFunction(other)) || one.words.length - other.words.length;
  return order < 0 || (order === 0 && one.expression < other.expression);
}
