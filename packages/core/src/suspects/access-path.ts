import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_SURVIVOR } from "../diff/survivors.js";
import { innerDeclaration, moduleDeclaration } from "../graph/declarations.js";
import { type EdgeIndex, type NodeIndex } from "../graph/heap-graph.js";
import { eachRetainer } from "../graph/incoming.js";
import { blockVariable, exportedVariable, type Heap, isModuleCell, type Scope, scopeOf } from "../graph/scopes.js";
import {
  classPosition,
  closurePosition,
  scriptName,
  scriptOfClosure,
  type SourcePosition,
} from "../graph/source-locations.js";
import { isContext, nodeText } from "../graph/v8-names.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import { looksLikeData, propertyWord } from "./property-names.js";
import { tableIdIn } from "../graph/weak-map-entries.js";

/** How a program would write the way to an object: `latency.hashMap`, and where its first word is known. */
export interface AccessPath {
  /** The expression; empty if nothing of the program names the object. */
  readonly expression: string;
  /** The words of the expression: variable first, then properties. */
  readonly words: readonly string[];
  readonly anchor: "variable" | "function" | "global" | "instance" | "none";
  /** The scope of the variable, or null. */
  readonly scope: Scope | null;
  /** Where the first word is declared, or else the function whose scope it is in, or else one of that scope. */
  readonly position: SourcePosition | null;
  /** True if `position` is the declaration itself. */
  readonly isDeclaration: boolean;
  /** The file of the anchor, as V8 has it; empty if unknown. */
  readonly file: string;
  /** True if the object hangs on a function: a static of a class, or a property somebody put there. */
  readonly isStatic: boolean;
  /** The edges from the anchor to the object, in order. */
  readonly edges: readonly EdgeIndex[];
}

export const NO_PATH: AccessPath = {
  expression: "",
  words: [],
  anchor: "none",
  scope: null,
  position: null,
  isDeclaration: false,
  file: "",
  isStatic: false,
  edges: [],
};

/** Begins the word that stands for "the value that this WeakMap has for it": the map's own name follows. */
const WEAK_VALUE = "{weak} ";

interface Step {
  readonly node: NodeIndex;
  readonly cost: number;
  readonly words: readonly string[];
  readonly edges: readonly EdgeIndex[];
}

interface Anchor {
  readonly cost: number;
  readonly path: AccessPath;
}

const MAX_STEPS = 3000;
const MAX_RETAINERS = 200;
const MAX_WORDS = 9;

/**
 * Finds the shortest way in which the program itself names an object: up its retainers to a variable, a function or a
 * global. Only objects that live in all snapshots are asked, so that what a passing request knows it as does not count.
 * @param survivorOf node -> survivor, for the heap's snapshot
 */
export function accessPath(heap: HeapAnalysis, survivorOf: Uint32Array, target: NodeIndex): AccessPath {
  const queue: Step[] = [{ node: target, cost: 0, words: [], edges: [] }];
  const seen = new Set<NodeIndex>([target]);
  let best: Anchor | null = null;
  for (let steps = 0; queue.length > 0 && steps < MAX_STEPS; steps++) {
    const step = takeCheapest(queue);
    if (best !== null && step.cost >= best.cost) break;
    const anchor = functionAnchor(heap, step, target) ?? instanceAnchor(heap, step, target);
    if (anchor !== null && (best === null || anchor.cost < best.cost)) best = anchor;
    let left = MAX_RETAINERS;
    eachRetainer(heap.graph, heap.retaining, heap.retainers, step.node, (from, edge) => {
      const owner = heap.owner[from]!;
      if (survivorOf[owner] === NO_SURVIVOR && survivorOf[from] === NO_SURVIVOR) return --left > 0;
      const variable = variableAnchor(heap, step, from, edge);
      if (variable !== null) {
        if (best === null || variable.cost < best.cost) best = variable;
        return --left > 0;
      }
      const next = stepUp(heap, step, from, edge);
      if (next !== null && !seen.has(next.node)) {
        seen.add(next.node);
        queue.push(next);
      }
      return --left > 0;
    });
  }
  return best?.path ?? NO_PATH;
}

function takeCheapest(queue: Step[]): Step {
  let at = 0;
  for (let i = 1; i < queue.length; i++) if (queue[i]!.cost < queue[at]!.cost) at = i;
  const [step] = queue.splice(at, 1);
  return step!;
}

/** One property, element or entry up; null for edges that no program writes. */
function stepUp(heap: HeapAnalysis, step: Step, from: NodeIndex, edge: EdgeIndex): Step | null {
  const { graph, owner } = heap;
  if (step.words.length >= MAX_WORDS) return null;
  const type = graph.edgeType[edge];
  const edges = [edge, ...step.edges];
  if (type === EdgeType.property) {
    const name = graph.strings.text(graph.edgeName[edge]!);
    if (name === "__proto__" || name === "constructor" || name === "prototype") return null;
    if (graph.nodeType[from] === NodeType.array) return null;
    return { node: from, cost: step.cost + 1, words: [propertyWord(name), ...step.words], edges };
  }
  if (type === EdgeType.element) return { node: from, cost: step.cost + 2, words: ["[…]", ...step.words], edges };
  if (type !== EdgeType.internal && type !== EdgeType.hidden) return null;
  const table = type === EdgeType.internal ? tableIdIn(graph.strings.text(graph.edgeName[edge]!)) : 0;
  if (table !== 0)
    return { node: from, cost: step.cost + 2, words: [WEAK_VALUE + weakMapName(heap, table), ...step.words], edges };
  if (graph.nodeType[from] !== NodeType.array && graph.nodeType[from] !== NodeType.hidden) return null;
  if (isModuleCell(graph, from)) return { node: from, cost: step.cost, words: step.words, edges };
  const holder = owner[from]!;
  if (holder === from || graph.nodeType[holder] !== NodeType.object) return null;
  const holderName = nodeText(graph, holder);
  if (holderName === "Map" || holderName === "Set") {
    const field = edgeTo(heap, holder, from);
    return { node: holder, cost: step.cost + 2, words: ["{…}", ...step.words], edges: [...field, ...edges] };
  }
  // A proxy stands between a variable and the object; nobody writes it.
  if (nodeText(graph, from).startsWith("system / JSProxy"))
    return { node: from, cost: step.cost, words: step.words, edges };
  return null;
}

function weakMapName(heap: HeapAnalysis, tableId: number): string {
  const table = heap.graph.nodeId.indexOf(tableId);
  if (tableId < 0 || table < 0) return "WeakMap";
  let name = "WeakMap";
  eachRetainer(heap.graph, heap.retaining, heap.retainers, heap.owner[table]!, (from, edge) => {
    const variable = isContext(heap.graph, from) ? variableName(heap, from, edge) : null;
    if (variable !== null) name = variable;
    else if (heap.graph.edgeType[edge] === EdgeType.property)
      name = heap.graph.strings.text(heap.graph.edgeName[edge]!);
  });
  return name;
}

function edgeTo(heap: HeapAnalysis, from: NodeIndex, target: NodeIndex): EdgeIndex[] {
  const { firstEdge, edgeTarget } = heap.graph;
  for (let edge = firstEdge[from]!; edge < firstEdge[from + 1]!; edge++) if (edgeTarget[edge] === target) return [edge];
  return [];
}

function variableAnchor(heap: HeapAnalysis, step: Step, from: NodeIndex, edge: EdgeIndex): Anchor | null {
  const { graph } = heap;
  const type = graph.edgeType[edge]!;
  if (type === EdgeType.property && isGlobalObject(heap, from)) {
    const words = [propertyWord(graph.strings.text(graph.edgeName[edge]!)), ...step.words];
    return {
      cost: step.cost + 2,
      path: {
        ...NO_PATH,
        expression: `globalThis${join(words, true)}`,
        words,
        anchor: "global",
        edges: [edge, ...step.edges],
      },
    };
  }
  const anchor = isModuleCell(graph, step.node)
    ? exportAnchor(heap, step, from, edge)
    : scopeAnchor(heap, step, from, edge);
  if (anchor === null) return null;
  const isStatic = graph.nodeType[step.node] === NodeType.closure && step.words.length > 0;
  return { ...anchor, path: { ...anchor.path, isStatic, edges: [edge, ...step.edges] } };
}

/** Name of the variable that an edge of a Context stands for, or null. */
export function variableName(heap: HeapAnalysis, context: NodeIndex, edge: EdgeIndex): string | null {
  const { graph } = heap;
  const type = graph.edgeType[edge]!;
  if (type === EdgeType.context) return graph.strings.text(graph.edgeName[edge]!);
  return type === EdgeType.hidden ? blockVariable(graph, context, graph.edgeName[edge]!) : null;
}

function scopeAnchor(heap: HeapAnalysis, step: Step, context: NodeIndex, edge: EdgeIndex): Anchor | null {
  const name = isContext(heap.graph, context) ? variableName(heap, context, edge) : null;
  if (name === null) return null;
  const scope = scopeOf(heap, context);
  return { cost: step.cost + scopeCost(scope), path: pathInScope(heap, scope, [name, ...step.words]) };
}

function exportAnchor(heap: HeapAnalysis, step: Step, table: NodeIndex, edge: EdgeIndex): Anchor | null {
  const exported = exportedVariable(heap, table, edge);
  if (exported === null) return null;
  const path = pathInScope(heap, exported.scope, [exported.name, ...step.words]);
  return { cost: step.cost + scopeCost(exported.scope), path };
}

/** The access path that starts with a variable of a scope. */
export function pathInScope(heap: HeapAnalysis, scope: Scope | null, words: readonly string[]): AccessPath {
  const declaration = scope === null ? null : declarationIn(heap, scope, words[0] ?? "");
  return {
    expression: join(words, false),
    words,
    anchor: "variable",
    scope,
    position: declaration ?? scope?.position ?? null,
    isDeclaration: declaration !== null,
    file: scope?.file ?? "",
    isStatic: false,
    edges: [],
  };
}

function declarationIn({ graph }: HeapAnalysis, scope: Scope, variable: string): SourcePosition | null {
  if (scope.kind === "module") return moduleDeclaration(graph, scope.script, variable);
  return innerDeclaration(graph, scope.script, variable);
}

// A variable at the top of one of the program's files says most; Node's own files say little to its users.
function scopeCost(scope: Scope | null): number {
  if (scope === null) return 4;
  const own = scope.file.startsWith("node:") ? 3 : 0;
  return own + (scope.kind === "module" ? 0.5 : 1);
}

/** A named function in a file is a name by itself: what hangs on it is a static of its. */
function functionAnchor(heap: HeapAnalysis, step: Step, target: NodeIndex): Anchor | null {
  const { graph } = heap;
  if (step.node === target || graph.nodeType[step.node] !== NodeType.closure) return null;
  const name = nodeText(graph, step.node);
  if (name === "") return null;
  const position = closurePosition(graph, step.node);
  if (position === null) return null;
  const words = [name, ...step.words];
  const script = scriptOfClosure(graph, step.node);
  const cost = step.cost + 1.2 + (position.file.startsWith("node:") ? 3 : 0);
  return {
    cost,
    path: {
      expression: join(words, false),
      words,
      anchor: "function",
      scope: null,
      position,
      isDeclaration: true,
      file: scriptName(graph, script),
      isStatic: true,
      edges: step.edges,
    },
  };
}

const NO_CLASS = new Set(["Object", "Array", "Map", "Set", "WeakMap", "Promise", "Generator"]);
/** What it costs to name an object by the class of what it belongs to: any variable within reach says more. */
const INSTANCE_COST = 6;

/** Where no variable is near, the class that an object is a property of is a name as well: `Server._events.request`. */
function instanceAnchor(heap: HeapAnalysis, step: Step, target: NodeIndex): Anchor | null {
  const { graph } = heap;
  if (step.node === target || step.words.length === 0 || graph.nodeType[step.node] !== NodeType.object) return null;
  const name = nodeText(graph, step.node);
  if (NO_CLASS.has(name) || isContext(graph, step.node) || isGlobalObject(heap, step.node) || looksLikeData(name))
    return null;
  const position = classPosition(graph, step.node);
  const words = [name, ...step.words];
  const expression = join(words, false);
  return {
    cost: step.cost + INSTANCE_COST,
    path: {
      ...NO_PATH,
      expression,
      words,
      anchor: "instance",
      position,
      file: position?.file ?? "",
      edges: step.edges,
    },
  };
}

/** True for the object that holds a realm's globals; its names differ by V8 version. */
export function isGlobalObject(heap: Heap, node: NodeIndex): boolean {
  if (heap.graph.nodeType[node] !== NodeType.object && heap.graph.nodeType[node] !== NodeType.native) return false;
  const name = nodeText(heap.graph, node);
  return name === "global" || name.startsWith("global (global") || name === "Window" || /^Window (?:\/|\[)/.test(name);
}

/** Joins words as a program would write them. */
export function join(words: readonly string[], isProperty: boolean): string {
  return words.reduce((text, word, i) => {
    if (word.startsWith(WEAK_VALUE)) return `${word.slice(WEAK_VALUE.length)}.get(${text})`;
    const isFirst = i === 0 && !isProperty;
    return text + (isFirst || word.startsWith("[") || word.startsWith("{") ? word : `.${word}`);
  }, "");
}
