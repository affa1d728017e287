import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { type EdgeIndex, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { edgeNameText, internalField } from "../../graph/edges-of.js";
import { exportedVariable, isModuleCell } from "../../graph/scope-variables.js";
import { originalScope } from "../../graph/original-scopes.js";
import { isMinified } from "../../graph/same-class.js";
import { type Heap, type Scope, scopeOf } from "../../graph/scopes.js";
import { classPosition, closurePosition, generatedPosition } from "../../graph/source-locations.js";
import { isContext, nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { scopeOfCall, waitingCall } from "../../graph/waiting-calls.js";
import { type AccessPath, inWords, join, NO_PATH } from "./access-words.js";
import { pathInCall, pathInScope } from "./declared-paths.js";
import { pageName } from "./browser-nodes.js";
import { asProcessGlobal, libraryOf } from "./library.js";
import { className, functionName, variableInSource, variableName } from "./original-words.js";
import { isExports, looksLikeData, propertyWord } from "./property-names.js";
import { textProperty } from "./text-property.js";

/** Where the search for a name has come to: an object, and the words from it down to the one that is looked for. */
export interface Step {
  readonly node: NodeIndex;
  readonly cost: number;
  readonly words: readonly string[];
  readonly edges: readonly EdgeIndex[];
}

/** A name found, and what it cost: the least is taken. */
export interface Anchor {
  readonly cost: number;
  /** Makes the words: of the names that are found only the best is put into words. */
  readonly path: () => AccessPath;
}

/**
 * Whether a name is to be taken rather than another: the cheaper, else what is declared where it is said, else by name
 * and place alone, so that it is the same one in every run.
 */
export function isBetter(one: Anchor, other: Anchor): boolean {
  if (one.cost !== other.cost) return one.cost < other.cost;
  const [a, b] = [one.path(), other.path()];
  const byPlace =
    borrowing(a) - borrowing(b) ||
    librarys(a) - librarys(b) ||
    compare(a.file, b.file) ||
    compare(a.expression, b.expression);
  return (byPlace || placeOf(a) - placeOf(b)) < 0;
}

function borrowing({ isBorrowed, isDeclaration }: AccessPath): number {
  return isBorrowed ? 2 : isDeclaration ? 0 : 1;
}

/** In a bundle what a library declares costs no more than what the program does. */
function librarys({ file }: AccessPath): number {
  return Number(libraryOf(file) !== "");
}

function placeOf({ position }: AccessPath): number {
  return position === null ? 0 : position.line + Math.min(position.column / 2 ** 20, 0.5);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The name that a global, a variable of a scope or of a call, or an export of a module gives what it refers to. */
export function variableAnchor(heap: HeapAnalysis, step: Step, from: NodeIndex, edge: EdgeIndex): Anchor | null {
  const { graph } = heap;
  const type = graph.edgeType[edge]!;
  if (type === EdgeType.property && isGlobalObject(heap, from)) {
    if (isGlobalObject(heap, step.node)) return null; // window.window, window.self ...
    const words = [propertyWord(graph.strings.text(graph.edgeName[edge]!)), ...step.words];
    const named: AccessPath = { ...NO_PATH, anchor: "global", edges: [edge, ...step.edges] };
    return { cost: step.cost + 2, path: () => inWords(named, words) };
  }
  const anchor = isModuleCell(graph, step.node)
    ? exportAnchor(heap, step, from, edge)
    : (scopeAnchor(heap, step, from, edge) ?? registerAnchor(heap, step, from, edge));
  if (anchor === null) return null;
  // A cell of V8's may stand between: what a module exports is in one.
  const [inCell] = graph.nodeType[step.node] === NodeType.hidden ? step.edges : [];
  const value = inCell === undefined ? step.node : graph.edgeTarget[inCell]!;
  const isBound = step.words[0]?.startsWith("[[") === true;
  const isStatic = graph.nodeType[value] === NodeType.closure && step.words.length > 0 && !isBound;
  let path: AccessPath | null = null;
  return { ...anchor, path: () => (path ??= { ...anchor.path(), isStatic, edges: [edge, ...step.edges] }) };
}

function scopeAnchor(heap: HeapAnalysis, step: Step, context: NodeIndex, edge: EdgeIndex): Anchor | null {
  const name = isContext(heap.graph, context) ? variableName(heap, context, edge) : null;
  if (name === null) return null;
  const scope = scopeOf(heap, context);
  const asGlobal = scope === null ? [] : asProcessGlobal(name, scope.file);
  if (asGlobal.length > 0) {
    const words = [...asGlobal, ...step.words];
    // Its streams are in a file of Node's, and so is what belongs to them.
    const file = asGlobal.length > 1 ? scope!.file : "";
    const named: AccessPath = { ...NO_PATH, expression: join(words), words, anchor: "global", file };
    return { cost: step.cost + PROCESS_COST, path: () => named };
  }
  // A bundle has the functions of libraries in a file of the program's.
  const inSource = scope === null ? null : originalScope(heap, scope);
  const cost = step.cost + scopeCost(inSource) + nameCost(variableInSource(heap, context, edge) ?? name, inSource);
  return { cost, path: () => pathInScope(heap, scope, [name, ...step.words]) };
}

/** What it costs to name an object by `process`: less than by the variable in which some library has it. */
const PROCESS_COST = 0.7;

const IN_LIBRARYS_FUNCTION = 4.75;

/** What the name of a variable of one call costs more than that of one which closures share, which lives longer. */
const CALL_COST = 1;

function registerAnchor(heap: HeapAnalysis, step: Step, registers: NodeIndex, edge: EdgeIndex): Anchor | null {
  const call = waitingCall(heap, registers);
  const scope = call === null ? null : scopeOfCall(heap, call);
  if (call === null || scope === null || step.node === call.generator || isContext(heap.graph, step.node)) return null;
  const path = (): AccessPath => pathInCall(heap, call, scope, [edgeNameText(heap.graph, edge), ...step.words]);
  return { cost: step.cost + scopeCost(scope) + CALL_COST, path };
}

function exportAnchor(heap: HeapAnalysis, step: Step, table: NodeIndex, edge: EdgeIndex): Anchor | null {
  const exported = exportedVariable(heap, table, edge);
  if (exported === null) return null;
  const path = (): AccessPath => pathInScope(heap, exported.scope, [exported.name, ...step.words]);
  return { cost: step.cost + scopeCost(exported.scope), path };
}

// A variable at the top of one of the program's files says most, and still does with one property: a function may have
// that in a variable for each of the entries that pile up. Those inside a library's functions say less than four steps
// from what the program calls the library by: `pool._clients[…].connection` rather than a driver's `con`. Node's own files
// say little to its users, and what its functions call something inside less than the class it is of: `stream` for any
// Socket.
function scopeCost(scope: Scope | null): number {
  if (scope === null) return 4;
  if (scope.isBundlers) return IN_LIBRARYS_FUNCTION;
  const isModule = scope.kind === "module";
  switch (libraryOf(scope.file)) {
    case "":
      return isModule ? 0.5 : 1.6;
    case "node:":
      return isModule ? 3.5 : INSTANCE_COST + 1;
    default:
      return isModule ? 0.75 : IN_LIBRARYS_FUNCTION;
  }
}

/** What a function that was made in a method calls its object says no more than the class of that, and not which one. */
const THIS_COST = 4;

/** What a name that says little adds, compared with others of its scope. */
function nameCost(variable: string, scope: Scope | null): number {
  if (isThis(variable)) return THIS_COST;
  const isLibrarys = scope !== null && scope.kind !== "module" && (scope.isBundlers || libraryOf(scope.file) !== "");
  return isLibrarys && isMinified(variable) ? MINIFIED_COST : 0;
}

/** What a minifier calls a variable in a library's function says nothing, not even of which library. */
const MINIFIED_COST = 2;

/** Compilers that turn arrow functions into others have `this` in a variable for them. */
function isThis(variable: string): boolean {
  return /^_*this\d*$/.test(variable);
}

/** A named function in a file is a name by itself: what hangs on it is a static of its. */
export function functionAnchor(heap: HeapAnalysis, step: Step, target: NodeIndex): Anchor | null {
  const { graph } = heap;
  if (step.node === target || graph.nodeType[step.node] !== NodeType.closure) return null;
  if (nodeText(graph, step.node) === "") return null;
  const generated = generatedPosition(graph, step.node);
  if (generated === null) return null;
  const path = (): AccessPath => {
    const position = closurePosition(graph, step.node);
    const words = [functionName(graph, step.node), ...step.words];
    const { edges } = step;
    const file = position?.file ?? "";
    return inWords(
      { ...NO_PATH, anchor: "function", position, isDeclaration: true, file, isStatic: true, edges },
      words,
    );
  };
  return { cost: step.cost + functionCost(heap, step.node, generated.file), path };
}

// What a library calls a function that it gave to the program says less than the program's own variable for it; and one
// that a function of it made, of which there may be many, no more than what that one has in a variable.
function functionCost(heap: HeapAnalysis, closure: NodeIndex, generated: string): number {
  const isMapped = heap.graph.originals !== undefined;
  switch (libraryOf(isMapped ? (closurePosition(heap.graph, closure)?.file ?? generated) : generated)) {
    case "":
      return 1.2;
    case "node:":
      return 4.2;
    default:
      return isMadeAtTop(heap, closure) ? 1.8 : IN_LIBRARYS_FUNCTION;
  }
}

function isMadeAtTop(heap: HeapAnalysis, closure: NodeIndex): boolean {
  const scope = scopeOf(heap, internalField(heap.graph, closure, "context"));
  return scope === null || originalScope(heap, scope).kind === "module";
}

/** What it costs to name an object by `window` or `document`: less than by a variable, which some library has it in. */
const PAGE_COST = 0.25;

/** What belongs to the page itself: `window`, `document`, and elements, of which a variable next to them says more. */
export function pageAnchor({ graph }: HeapAnalysis, step: Step): Anchor | null {
  const name = pageName(graph, step.node);
  if (name === null) return null;
  const words = [name, ...step.words];
  const cost = step.cost + (name.startsWith("<") ? 1.5 : PAGE_COST);
  const path = inWords({ ...NO_PATH, anchor: "page", edges: step.edges }, words);
  return { cost, path: () => path };
}

/** What it costs to name an object by the module of Node's own that it is part of: less than by the table of those. */
const BUILTIN_COST = 5;

/** Of Node's own modules, and what they export, the name they have: V8 finds those that are loaded late in a table only. */
export function builtinAnchor({ graph }: HeapAnalysis, step: Step): Anchor | null {
  if (graph.nodeType[step.node] !== NodeType.object || nodeText(graph, step.node) !== "BuiltinModule") return null;
  const id = textProperty(graph, step.node, "id");
  if (id === "" || classPosition(graph, step.node)?.file.startsWith("node:") !== true) return null;
  const file = `node:${id}`;
  const words = [file, ...step.words.filter((word, i) => i > 0 || word !== "exports")];
  const path = inWords({ ...NO_PATH, anchor: "instance", file, edges: step.edges }, words);
  return { cost: step.cost + BUILTIN_COST, path: () => path };
}

/**
 * What it costs to name an object by the CommonJS module that exports it: less than by the class of what it is in or by
 * the table of all modules, more than by a variable that a few steps lead from.
 */
const EXPORTS_COST = 2;

/** Of what a CommonJS module exports, and nobody has in a variable: `module.exports.cache`, of that module's file. */
export function exportsAnchor({ graph }: HeapAnalysis, step: Step): Anchor | null {
  if (!isExports(step.words[0] ?? "") || nodeText(graph, step.node) !== "Module") return null;
  const file = textProperty(graph, step.node, "filename");
  if (file === "") return null;
  const words = ["module", "exports", ...step.words.slice(1)];
  const scope: Scope = {
    kind: "module",
    file,
    functionName: "",
    position: null,
    script: NO_NODE,
    context: NO_NODE,
    begins: null,
  };
  const path = inWords({ ...NO_PATH, anchor: "variable", scope, file, edges: step.edges }, words);
  return { cost: step.cost + EXPORTS_COST, path: () => path };
}

const NO_CLASS = new Set(["Object", "Array", "Map", "Set", "WeakMap", "Promise", "Generator"]);

/** What it costs to name an object by the class of what it belongs to: any variable within reach says more. */
const INSTANCE_COST = 6;

// A class of the program's is what its author knows, and more than what a function of a library calls the object:
// `instance`, of which a container of services is full. Names of a letter or two are a minifier's.
const OWN_CLASS_COST = 4.5;

/** A class of a library's has many objects in many places. */
const LIBRARYS_CLASS_COST = 7.7;

function instanceCost(heap: HeapAnalysis, object: NodeIndex): number {
  if (isMinified(className(heap.graph, object))) return INSTANCE_COST;
  const file = classPosition(heap.graph, object)?.file ?? "";
  const library = libraryOf(file);
  if (file === "" || library === "node:") return INSTANCE_COST;
  return library === "" ? OWN_CLASS_COST : LIBRARYS_CLASS_COST;
}

/** Where no variable is near, the class that an object is a property of is a name as well: `Server._events.request`. */
export function instanceAnchor(heap: HeapAnalysis, step: Step, target: NodeIndex): Anchor | null {
  const { graph } = heap;
  if (step.node === target || step.words.length === 0 || graph.nodeType[step.node] !== NodeType.object) return null;
  const name = nodeText(graph, step.node);
  if (NO_CLASS.has(name) || isContext(graph, step.node) || isGlobalObject(heap, step.node) || looksLikeData(name))
    return null;
  const path = (): AccessPath => {
    const position = classPosition(graph, step.node);
    const words = [className(graph, step.node), ...step.words];
    const file = position?.file ?? "";
    return inWords({ ...NO_PATH, anchor: "instance", position, file, edges: step.edges }, words);
  };
  return { cost: step.cost + instanceCost(heap, step.node), path };
}

/** True for the object that holds a realm's globals; its names differ by V8 version, and an inspector adds an origin. */
export function isGlobalObject(heap: Heap, node: NodeIndex): boolean {
  if (heap.graph.nodeType[node] !== NodeType.object && heap.graph.nodeType[node] !== NodeType.native) return false;
  const name = nodeText(heap.graph, node);
  return /^(?:global(?:$| \/| \(global)|Window(?:$| \/| \[))/.test(name);
}
