import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText, findEdge, NO_EDGE } from "../../graph/edges-of.js";
import { eachRetainer, someRetainer } from "../../graph/incoming.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import { exportedVariable, isModuleCell } from "../../graph/scope-variables.js";
import { originalScope } from "../../graph/original-scopes.js";
import { type Heap, scopeOf } from "../../graph/scopes.js";
import { closurePosition, type SourcePosition } from "../../graph/source-locations.js";
import { isByEmptyName } from "../../graph/v8-dictionaries.js";
import { isContext, nodeText } from "../../graph/v8-names.js";
import { scopeOfCall, type WaitingCall, waitingCall } from "../../graph/waiting-calls.js";
import { ROOT } from "../../graph/v8-roots.js";
import { tableIdIn } from "../../graph/weak-map-entries.js";
import { EDGE_TYPE_WORDS, EdgeType, NODE_TYPE_WORDS, NodeType } from "../../graph/v8-types.js";
import { isGlobalObject } from "./anchors.js";
import { declaredInRegister } from "./declared-paths.js";
import { isNative, nativeStep, pageName } from "./browser-nodes.js";
import { writtenClass, compiledFieldAt } from "./compiled-fields.js";
import { label, propertyOnPath, variableInSource } from "./original-words.js";
import { printableName } from "./property-names.js";
import { shortFile } from "./short-file.js";

/** One step of a retainer path: the edge that was taken and the node it leads to, with words for people. */
export interface PathWords {
  readonly words: string;
  readonly edge: { readonly type: string; readonly name: string } | null;
  readonly node: { readonly id: number; readonly type: string; readonly name: string };
  readonly location: SourcePosition | null;
  /** True for V8's own steps. */
  readonly internal: boolean;
}

/** A step that is not the first. */
export interface StepWords extends PathWords {
  readonly edge: NonNullable<PathWords["edge"]>;
}

/** Says one step of a path: how `from` refers to the target of `edge`. */
export function stepWords(heap: HeapAnalysis, from: NodeIndex, edge: EdgeIndex): StepWords {
  const { graph } = heap;
  const target = graph.edgeTarget[edge]!;
  const words = wordsOf(heap, from, edge);
  return {
    words: words ?? (isNative(graph, target) ? "" : `${edgeNameInPrint(heap, from, edge)} → `) + label(graph, target),
    edge: { type: EDGE_TYPE_WORDS[graph.edgeType[edge]!]!, name: edgeNameInPrint(heap, from, edge) },
    node: nodeFacts(heap, target),
    location: graph.nodeType[target] === NodeType.closure ? closurePosition(graph, target) : null,
    internal: words === null,
  };
}

/** Id, type and name of a node, without the texts of the program's data. */
export function nodeFacts({ graph }: Heap, node: NodeIndex): PathWords["node"] {
  return {
    id: graph.nodeId[node]!,
    type: NODE_TYPE_WORDS[graph.nodeType[node]!]!,
    name: node === ROOT ? "(root)" : label(graph, node),
  };
}

/** An edge's name without data of the program's users: property names that look like it, and texts of WeakMap entries. */
function edgeNameInPrint(heap: Heap, from: NodeIndex, edge: EdgeIndex): string {
  const { graph } = heap;
  const name = edgeNameText(graph, edge);
  const type = graph.edgeType[edge]!;
  if (type === EdgeType.property) return printableName(propertyOnPath(heap, from, edge));
  return type === EdgeType.internal && tableIdIn(name) !== 0 ? "entry of WeakMap" : name;
}

/** Words for a step that says something to a developer, or null for V8's own. */
function wordsOf(heap: HeapAnalysis, from: NodeIndex, edge: EdgeIndex): string | null {
  const { graph } = heap;
  const target = graph.edgeTarget[edge]!;
  const type = graph.edgeType[edge]!;
  if (isGlobalObject(heap, target)) return isNative(graph, target) ? "window" : "(global)";
  if (from === ROOT || graph.nodeType[target] === NodeType.synthetic) return rootWords(heap, target);
  const isFunction = graph.nodeType[target] === NodeType.closure;
  if (isVariableCell(heap, target)) return null;
  if (isModuleCell(graph, target)) return null;
  if (isModuleCell(graph, from)) return exportWords(heap, from);
  if (isVariableCell(heap, from)) return variableOfCell(heap, from);
  const callOf = waitingCall(heap, target);
  if (callOf !== null) return `call of ${functionWords(heap, callOf.closure)}`;
  const call = waitingCall(heap, from);
  if (call !== null) return registerWords(heap, call, edge);
  if (isFunction && (type === EdgeType.internal || isNative(graph, from))) return functionWords(heap, target);
  if (type === EdgeType.context || (type === EdgeType.hidden && isContext(graph, from))) {
    const name = variableInSource(heap, from, edge);
    return name === null ? "a variable" : `variable \`${name}\``;
  }
  if (isNative(graph, from) && type !== EdgeType.property) return nativeStep(graph, target);
  if (type === EdgeType.element) return `element of ${label(graph, from)}`;
  if (isHandle(heap, from)) return null;
  if (type === EdgeType.property) return propertyWords(heap, from, edge);
  if (isByEmptyName(graph, from, edge)) return 'property `""`';
  if (isContext(graph, target)) return scopeWords(heap, target);
  if (type === EdgeType.internal && tableIdIn(edgeNameText(graph, edge)) !== 0) return weakWords(heap, from, edge);
  if (isTable(heap, from)) return "entry of Map or Set";
  return boundWords(heap, from, edge);
}

/** From the key of a WeakMap to the value: by a private field, if a compiler made the WeakMap of it. */
function weakWords(heap: HeapAnalysis, key: NodeIndex, edge: EdgeIndex): string {
  const field = compiledFieldAt(heap, key, edge);
  return field === "" ? "value in WeakMap" : `\`${field}\` of ${writtenClass(heap.graph, key).name}`;
}

/** What a function that `bind` made was given: its `this`, or one of its arguments. */
function boundWords({ graph }: Heap, from: NodeIndex, edge: EdgeIndex): string | null {
  if (graph.edgeType[edge] !== EdgeType.internal) return null;
  const name = edgeNameText(graph, edge);
  if (graph.nodeType[from] === NodeType.closure && name === "bound_this") return "the `this` that it is bound to";
  const isArgument = nodeText(graph, from) === "(bound arguments)" && /^\d+$/.test(name);
  return isArgument ? `argument ${Number(name) + 1} that it is bound to` : null;
}

/** True for the cell in which V8 14 and later have a variable of a scope while it has its first value. */
function isVariableCell({ graph }: Heap, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.hidden && nodeText(graph, node) === "system / ContextCell";
}

function variableOfCell(heap: Heap, cell: NodeIndex): string {
  let words = "a variable";
  eachRetainer(heap.graph, heap.retainers, cell, (context, edge) => {
    const name = isContext(heap.graph, context) ? variableInSource(heap, context, edge) : null;
    if (name !== null) words = `variable \`${name}\``;
    return name === null;
  });
  return words;
}

/** The variable that a register of a call has. */
function registerWords(heap: Heap, call: WaitingCall, edge: EdgeIndex): string {
  const scope = scopeOfCall(heap, call);
  const name =
    scope === null ? null : declaredInRegister(heap, call, scope, edgeNameText(heap.graph, edge))?.position.name;
  return name === null || name === undefined ? "a variable" : `variable \`${name}\``;
}

/** What a cell holds that an ES module has for a variable which it exports. */
function exportWords(heap: Heap, cell: NodeIndex): string | null {
  let words: string | null = null;
  eachRetainer(heap.graph, heap.retainers, cell, (table, edge) => {
    const exported = exportedVariable(heap, table, edge);
    if (exported === null) return true;
    const file = exported.scope === null ? "" : ` of ${shortFile(originalScope(heap, exported.scope).file)}`;
    words = `export \`${exported.name}\`${file}`;
    return false;
  });
  return words;
}

/** Node's and Blink's own side of an object, and the wrapper that leads from it to the program's. */
function isHandle({ graph }: Heap, node: NodeIndex): boolean {
  if (nodeText(graph, node).startsWith("Node / ")) return true;
  return (
    graph.nodeType[node] === NodeType.object &&
    findEdge(graph, node, EdgeType.property, "<symbol owner_symbol>") !== NO_EDGE
  );
}

function rootWords(heap: Heap, target: NodeIndex): string | null {
  const name = nodeText(heap.graph, target);
  if (name === "(GC roots)" || name.startsWith("Node / ")) return null;
  if (name === "(Global handles)") return "(native handles)";
  return name;
}

function functionWords(heap: Heap, closure: NodeIndex): string {
  const position = closurePosition(heap.graph, closure);
  const name = label(heap.graph, closure);
  return position === null ? name : `${name} (${shortFile(position.file)}:${position.line}:${position.column})`;
}

function propertyWords(heap: Heap, from: NodeIndex, edge: EdgeIndex): string {
  const { graph } = heap;
  const name = edgeNameInPrint(heap, from, edge);
  const target = graph.edgeTarget[edge]!;
  const position = graph.nodeType[target] === NodeType.closure ? closurePosition(graph, target) : null;
  const where = position === null ? "" : ` (${shortFile(position.file)}:${position.line}:${position.column})`;
  // Blink keeps `document` under a symbol of its own.
  const page = pageName(graph, target);
  if (page !== null && name.startsWith("<symbol ")) return page;
  if (isGlobalObject(heap, from)) return `global \`${name}\`${where}`;
  const owner = label(graph, from);
  if (name === "__proto__") return "its prototype";
  return owner === "Object" || owner === "Array" ? `property \`${name}\`${where}` : `\`${name}\` of ${owner}${where}`;
}

function scopeWords(heap: Heap, context: NodeIndex): string | null {
  const generated = scopeOf(heap, context);
  if (generated === null) return null;
  const scope = originalScope(heap, generated);
  const file = shortFile(scope.file);
  if (scope.kind === "module") return `scope of ${file}`;
  const at = scope.position === null ? file : `${file}:${scope.position.line}`;
  const name = scope.functionName === "" ? "a function" : scope.functionName;
  return scope.kind === "function" ? `scope of ${name} (${at})` : `scope around ${name} (${at})`;
}

/** True for the hash table of a Map or Set: V8 has other nameless arrays, such as that of what a module exports. */
function isTable({ graph, retainers }: Heap, node: NodeIndex): boolean {
  if (graph.nodeType[node] !== NodeType.array || nodeText(graph, node) !== "") return false;
  const isCollections = (_: NodeIndex, edge: EdgeIndex): boolean =>
    graph.edgeType[edge] === EdgeType.internal && edgeNameText(graph, edge) === "table";
  return someRetainer(graph, retainers, node, isCollections);
}
