import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import type { Cut } from "../../diff/units.js";
import { edgeNameText, edgeTo, NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { isModuleCell } from "../../graph/scope-variables.js";
import { isScopeOfFile } from "../../graph/scopes.js";
import { isByEmptyName } from "../../graph/v8-dictionaries.js";
import { isFromMemory, isToBytes, isToExports } from "../../graph/v8-memories.js";
import { nodeText } from "../../graph/v8-names.js";
import { isProxy } from "../../graph/v8-proxies.js";
import { ROOT } from "../../graph/v8-roots.js";
import { EdgeType, hasNumericName, NodeType } from "../../graph/v8-types.js";
import { tableIdIn, tableOfEntry } from "../../graph/weak-map-entries.js";
import {
  type AccessPath,
  ANY_ELEMENT,
  ANY_ENTRY,
  BOUND_ARGUMENTS,
  BOUND_THIS,
  NO_PATH,
  WEAK_VALUE,
} from "./access-words.js";
import {
  type Anchor,
  builtinAnchor,
  exportsAnchor,
  functionAnchor,
  instanceAnchor,
  isBetter,
  pageAnchor,
  type Step,
  variableAnchor,
} from "./anchors.js";
import { isNative } from "./browser-nodes.js";
import { compiledField } from "./compiled-fields.js";
import { propertyOnPath } from "./original-words.js";
import { propertyWord } from "./property-names.js";
import { weakMapName } from "./weak-map-name.js";

/** Objects that are gone up from, and retainers of each that are no more of the same. */
const MAX_STEPS = 3000;
const MAX_RETAINERS = 200;
/** Of retainers that refer to an object alike. */
const MAX_ALIKE = 20;
/** Retainers that are looked at in all, so that objects that a whole heap refers to take no minutes. */
const MAX_LOOKED_AT = 1_000_000;
const MAX_WORDS = 9;
/** What it costs to go by a WeakMap: what somebody keeps beside an object says less of it than the class that it is of. */
const WEAK_COST = 5;
/** What it costs to go by what a function was bound to, for no program can write that. */
const BOUND_COST = 2;

/**
 * Finds the shortest way in which the program itself names an object: up its retainers to a variable, a function or a
 * global. Only objects that live in all snapshots are asked, so that what a passing request knows it as does not count;
 * and what the object alone keeps alive only if nothing else names it: what leaked before the first snapshot may refer
 * to the container that it leaked into, but is not what keeps it. Where no such object names it, those that have taken the
 * place of others do: `parser.defaults`, which is made anew from the one before.
 * @param cut that of the heap's snapshot
 */
export function accessPath(heap: HeapAnalysis, cut: Cut, target: NodeIndex): AccessPath {
  const isInside = insideOf(heap, target);
  return (
    shortestPath(heap, cut, target, { isInside }) ??
    shortestPath(heap, cut, target, { isInside, isByReplaced: true }) ??
    shortestPath(heap, cut, target) ??
    NO_PATH
  );
}

interface Ways {
  /** What is not asked. */
  readonly isInside?: (node: NodeIndex) => boolean;
  /** True if what does not live in all snapshots is asked as well, where a variable or property has it by name. */
  readonly isByReplaced?: boolean;
}

function shortestPath(
  heap: HeapAnalysis,
  cut: Cut,
  target: NodeIndex,
  { isInside, isByReplaced = false }: Ways = {},
): AccessPath | null {
  const isReplaced = (node: NodeIndex): boolean =>
    cut.survivorOf(node) === NO_SURVIVOR && cut.survivorOf(heap.owner[node]!) === NO_SURVIVOR;
  const first: Step = { node: target, cost: 0, words: [], edges: [] };
  const queue = new CheapestFirst();
  queue.push(first);
  const ways = new Map<NodeIndex, Step>([[target, first]]);
  let best: Anchor | null = null;
  let looks = MAX_LOOKED_AT;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = queue.take();
    if (step === undefined) break;
    if (ways.get(step.node) !== step) continue;
    if (best !== null && step.cost >= best.cost) break;
    const anchor =
      functionAnchor(heap, step, target) ??
      pageAnchor(heap, step) ??
      builtinAnchor(heap, step) ??
      exportsAnchor(heap, step) ??
      instanceAnchor(heap, step, target);
    if (anchor !== null && (best === null || isBetter(anchor, best))) best = anchor;
    // What leaked often refers back to what it leaked into, all of it alike: that must not hide who else refers to it.
    const seenAlike = new Map<number, number>();
    let left = MAX_RETAINERS;
    eachRetainer(heap.graph, heap.retainers, step.node, (from, edge) => {
      if (--looks < 0) return false;
      const owner = heap.owner[from]!;
      if (!isByReplaced && isReplaced(from)) return true;
      if (owner !== target && isInside?.(owner) === true) return true;
      const way = wayOf(heap.graph, from, edge);
      const alike = (seenAlike.get(way) ?? 0) + 1;
      seenAlike.set(way, alike);
      // Many files may give one object the same name, of which one declares it.
      if (alike > MAX_ALIKE && !isScopeOfFile(heap.graph, from)) return true;
      const variable = variableAnchor(heap, step, from, edge);
      if (variable !== null) {
        if (best === null || isBetter(variable, best)) best = variable;
        return --left > 0;
      }
      const next = stepUp(heap, step, from, edge);
      // Entries of a collection are what piles up or passes.
      if (isByReplaced && isReplaced(step.node) && /^[[{]…/.test(next?.words[0] ?? "")) return true;
      if (next !== null && isShorter(next, ways.get(next.node))) {
        ways.set(next.node, next);
        queue.push(next);
      }
      return --left > 0;
    });
  }
  return best?.path() ?? null;
}

/** Of two ways to one object the cheaper, else the one that comes first by its words: what a heap has first is chance. */
function isShorter(next: Step, known: Step | undefined): boolean {
  if (known === undefined || next.cost !== known.cost) return known === undefined || next.cost < known.cost;
  return next.words.join(".") < known.words.join(".");
}

/** A number that is the same for objects of one name that refer by one name, and for all slots of a store. */
function wayOf({ nodeType, nodeName, edgeType, edgeName }: HeapGraph, from: NodeIndex, edge: EdgeIndex): number {
  if (nodeType[from] === NodeType.array) return -from;
  return nodeName[from]! * 0x400_0000 + (hasNumericName(edgeType[edge]!) ? 0 : edgeName[edge]!);
}

/** Of the dominators that are passed one in so many is remembered, for a list has 10^7 of them. */
const REMEMBERED = 64;

/** @returns whether a node is kept alive by the given one alone; hardly any dominator is passed twice */
function insideOf({ dominator }: HeapAnalysis, outer: NodeIndex): (node: NodeIndex) => boolean {
  const known = new Map<NodeIndex, boolean>();
  return (node) => {
    const passed: NodeIndex[] = [];
    let at = node;
    let isInside: boolean | undefined;
    for (; isInside === undefined; at = dominator[at]!) {
      if (at === outer) isInside = true;
      else if (at === ROOT) isInside = false;
      else if (at % REMEMBERED === 0) {
        isInside = known.get(at);
        passed.push(at);
      }
    }
    for (const each of passed) known.set(each, isInside);
    return isInside;
  };
}

/** Steps to be gone up from, the cheapest first, of those that cost the same in turn. A further one costs as much or more. */
class CheapestFirst {
  readonly #byCost: (Step[] | undefined)[] = []; // cost, a whole number -> steps
  #cost = 0;
  #taken = 0; // of those that cost this

  push(step: Step): void {
    (this.#byCost[step.cost] ??= []).push(step);
  }

  take(): Step | undefined {
    for (; this.#cost < this.#byCost.length; this.#cost++, this.#taken = 0) {
      const step = this.#byCost[this.#cost]?.[this.#taken];
      if (step === undefined) continue;
      this.#taken++;
      return step;
    }
    return undefined;
  }
}

/** One property, element or entry up; null for edges that no program writes. */
function stepUp(heap: HeapAnalysis, step: Step, from: NodeIndex, edge: EdgeIndex): Step | null {
  const { graph, owner } = heap;
  if (step.words.length >= MAX_WORDS) return null;
  const type = graph.edgeType[edge];
  const edges = [edge, ...step.edges];
  if (type === EdgeType.property) {
    const name = graph.strings.text(graph.edgeName[edge]!);
    if (name === "__proto__" || name === "constructor") return null;
    if (graph.nodeType[from] === NodeType.array) return null;
    return {
      node: from,
      cost: step.cost + 1,
      words: [propertyWord(propertyOnPath(heap, from, edge)), ...step.words],
      edges,
    };
  }
  // Blink's references have no names.
  if (isNative(graph, from) && type === EdgeType.element) return { ...step, node: from, cost: step.cost + 1, edges };
  if (type === EdgeType.element) return { node: from, cost: step.cost + 2, words: [ANY_ELEMENT, ...step.words], edges };
  if (type !== EdgeType.internal && type !== EdgeType.hidden) return null;
  if (isByEmptyName(graph, from, edge))
    return { node: from, cost: step.cost + 1, words: [propertyWord(""), ...step.words], edges };
  const table = type === EdgeType.internal ? tableIdIn(graph.strings.text(graph.edgeName[edge]!)) : 0;
  if (table !== 0) return weakStep(heap, step, from, edge, weakMapName(heap, table));
  if (isNative(graph, from)) return null;
  // Whoever means the bytes says the buffer, or the memory.
  if (isToBytes(graph, edge) || isFromMemory(graph, from, edge))
    return { node: from, cost: step.cost, words: step.words, edges };
  if (isToExports(graph, from, edge))
    return { node: from, cost: step.cost + 1, words: ["exports", ...step.words], edges };
  if (graph.nodeType[from] === NodeType.closure && edgeNameText(graph, edge) === "bound_this")
    return { node: from, cost: step.cost + BOUND_COST, words: [BOUND_THIS, ...step.words], edges };
  if (graph.nodeType[from] !== NodeType.array && graph.nodeType[from] !== NodeType.hidden) return null;
  if (isModuleCell(graph, from)) return { node: from, cost: step.cost, words: step.words, edges };
  // A proxy stands between a variable and the object, from V8 14 on also a cell while the variable has its first value;
  // nobody writes them.
  if (isProxy(graph, from) || nodeText(graph, from).startsWith("system / ContextCell"))
    return { node: from, cost: step.cost, words: step.words, edges };
  const holder = owner[from]!;
  if (holder === from) return null;
  const field = edgeTo(graph, holder, from);
  if (field === NO_EDGE) return null;
  const name = edgeNameText(graph, field);
  if (graph.nodeType[holder] === NodeType.closure && name === "bindings") {
    const words = [`${BOUND_ARGUMENTS}[${edgeNameText(graph, edge)}]`, ...step.words];
    return { node: holder, cost: step.cost + BOUND_COST, words, edges: [field, ...edges] };
  }
  // Of a Map, a Set, or a class that extends one.
  if (graph.nodeType[holder] !== NodeType.object || name !== "table") return null;
  return { node: holder, cost: step.cost + 2, words: [ANY_ENTRY, ...step.words], edges: [field, ...edges] };
}

/** From what a WeakMap has for a key up to that: a private field, if a compiler made the WeakMap of it. */
function weakStep(heap: HeapAnalysis, step: Step, key: NodeIndex, edge: EdgeIndex, map: string): Step {
  const field = compiledField(heap, key, map);
  const word = field === "" ? WEAK_VALUE + map : field;
  const cost = step.cost + (field === "" ? WEAK_COST : 1);
  return { node: key, cost, words: [word, ...step.words], edges: [edge, ...step.edges] };
}

/** The last WeakMap by which a path goes from a key to the value; NO_NODE if by none. */
export function weakMapOn({ graph, owner }: HeapAnalysis, path: AccessPath): NodeIndex {
  for (const edge of [...path.edges].reverse()) {
    const table = tableOfEntry(graph, edge);
    if (table !== NO_NODE) return owner[table]!;
  }
  return NO_NODE;
}
