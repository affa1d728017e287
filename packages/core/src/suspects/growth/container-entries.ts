import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { findEdge, hasProperty, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { timersIn } from "../../graph/timer-lists.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { nativeEntries } from "./browser-entries.js";
import { isFiber } from "../naming/react-component.js";
import { arrayEntries, elementSlots } from "./array-entries.js";
import type { Entries } from "./entries.js";
import { tableEntries, tableWidth, weakEntries } from "./table-entries.js";

/**
 * Words for room: what is in it leaves no trace. By how much V8 enlarges it when it is full: an array by half, a hash
 * table by as much again.
 */
const ENLARGED: Readonly<Record<string, number>> = { "element slots": 1.5, "entry slots": 2, "property slots": 2 };

/** By how much V8 enlarges what is counted by this word, where that is room; null for entries themselves. */
export function enlargement(word: string): number | null {
  return ENLARGED[word] ?? null;
}

/** Whether only room is counted. */
export function isRoom({ word }: { readonly word: string }): boolean {
  return word in ENLARGED;
}

/** Objects with fewer properties are records, not dictionaries. */
const DICTIONARY_SIZE = 24;

/**
 * Counts the entries of an array, a Map, a Set, a promise's reactions, or an object or function used as a dictionary; null
 * for what is no container. Small integers and doubles leave no trace but the room they take: of an array of numbers, or a Set of
 * ids, only the slots can be told, up to half or twice as many as it has entries.
 */
export function entriesOf(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  const known = counted.get(heap)?.get(node);
  if (known !== undefined) return known;
  const entries = countEntries(heap, node);
  if (entries === null || entries.count < MANY) return entries;
  const others = counted.get(heap) ?? new Map<NodeIndex, Entries>();
  counted.set(heap, others.set(node, entries));
  return entries;
}

/** Entries from which a container is not counted again: it may be asked for each of many lists that it has. */
const MANY = 1000;
const counted = new WeakMap<HeapAnalysis, Map<NodeIndex, Entries>>();

function countEntries(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  const { graph } = heap;
  if (graph.nodeType[node] === NodeType.native) return nativeEntries(heap, node);
  if (graph.nodeType[node] === NodeType.closure) return properties(heap, node);
  if (graph.nodeType[node] !== NodeType.object) return null;
  switch (nodeText(graph, node)) {
    case "Array":
      return arrayEntries(heap, node);
    case "Map":
      return tableEntries(heap, node, 3) ?? properties(heap, node);
    case "Set":
      return tableEntries(heap, node, 2) ?? properties(heap, node);
    case "WeakMap":
    case "WeakSet":
      return weakEntries(heap, node);
    case "TimersList":
      return { count: timersIn(heap.graph, node).length, word: "timers" };
    case "Promise":
      return reactions(heap, node);
    case "FinalizationRegistry":
      return { count: cellsOf(heap.graph, node).length, word: "registrations" };
    default: {
      const width = tableWidth(heap, node);
      if (width !== null) return tableEntries(heap, node, width);
      const extendsArray = elementSlots(heap, node) >= DICTIONARY_SIZE && hasProperty(graph, node, "copyWithin");
      return extendsArray ? arrayEntries(heap, node) : properties(heap, node);
    }
  }
}

/** A pending promise links its reactions: `reactions_or_result`, then hidden 0 of each. */
function reactions(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  const { graph } = heap;
  let at = internalField(graph, node, "reactions_or_result");
  let count = 0;
  while (at !== NO_NODE && nodeText(graph, at) === "system / PromiseReaction") {
    count++;
    let next: NodeIndex = NO_NODE;
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      const isLink = graph.edgeType[edge] === EdgeType.hidden || graph.edgeType[edge] === EdgeType.internal;
      if (isLink && target !== at && nodeText(graph, target) === "system / PromiseReaction") next = target;
    }
    at = next;
    if (count > graph.nodeCount) break;
  }
  return count === 0 ? null : { count, word: "reactions" };
}

/**
 * The cells of what is registered with a FinalizationRegistry, which links them in slots whose numbers V8's versions do not
 * share. Cells whose target is gone are in a list of their own, until the callback has been told, and none of these.
 */
export function cellsOf(graph: HeapGraph, registry: NodeIndex): NodeIndex[] {
  const seen = new Set<NodeIndex>([registry]);
  for (const at of seen) {
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (graph.edgeType[edge] === EdgeType.weak || seen.has(target)) continue;
      if (nodeText(graph, target) === "system / WeakCell") seen.add(target);
    }
  }
  return [...seen].filter((cell) => cell !== registry && hasTarget(graph, cell));
}

/** True for a WeakRef, or a cell of a FinalizationRegistry, whose target lives: V8 has a weak edge to it. */
export function hasTarget(graph: HeapGraph, ref: NodeIndex): boolean {
  return findEdge(graph, ref, EdgeType.weak, "target") !== NO_EDGE;
}

function properties(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  if (isFiber(heap.graph, node)) return null; // has many, and always the same
  const count = propertyCount(heap, node);
  if (count >= DICTIONARY_SIZE) return { count, word: "properties" };
  const slots = numberSlots(heap, node);
  return slots >= DICTIONARY_SIZE ? { count: slots, word: "property slots" } : null;
}

/** Named and indexed properties of an object's own. */
function propertyCount(heap: HeapAnalysis, node: NodeIndex): number {
  const { graph } = heap;
  const prototype = graph.strings.indexOf("__proto__");
  let count = 0;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
    const type = graph.edgeType[edge];
    const isNamed = type === EdgeType.property && graph.edgeName[edge] !== prototype;
    if (isNamed || type === EdgeType.element) count++;
  }
  return Math.max(count, keyCount(heap, node));
}

/**
 * Keys in the hash table of an object with many properties, in every third slot: those whose values are numbers or
 * booleans are there alone.
 */
function keyCount({ graph }: HeapAnalysis, node: NodeIndex): number {
  const table = internalField(graph, node, "properties");
  if (table === NO_NODE || graph.nodeType[table] !== NodeType.array) return 0;
  const keys = [0, 0, 0];
  for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++) {
    const type = graph.nodeType[graph.edgeTarget[edge]!];
    const slot = graph.edgeType[edge] === EdgeType.internal ? Number(graph.strings.text(graph.edgeName[edge]!)) : NaN;
    if (slot >= 0 && (type === NodeType.string || type === NodeType.symbol)) keys[slot % 3]!++;
  }
  return Math.max(...keys);
}

/** Room of an object for numbers by index, such as `hits[userId]`; 0 where something else is in it. */
function numberSlots(heap: HeapAnalysis, node: NodeIndex): number {
  const { graph } = heap;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.element) return 0;
  return elementSlots(heap, node);
}

/**
 * Entries of one container in each snapshot, by what it is in the last; 0 where it was not there yet.
 * @param nodes per snapshot the container, or NO_NODE
 */
export function entrySeries(
  heaps: readonly HeapAnalysis[],
  nodes: readonly NodeIndex[],
): { readonly counts: number[]; readonly word: string } | null {
  const last = heaps.length - 1;
  const now = nodes[last] === NO_NODE ? null : entriesOf(heaps[last]!, nodes[last]!);
  if (now === null) return null;
  const counts = nodes.map((node, snapshot) => {
    if (node === NO_NODE) return 0;
    if (now.word === "properties") return propertyCount(heaps[snapshot]!, node);
    const then = entriesOf(heaps[snapshot]!, node);
    return then === null || (isRoom(then) && !isRoom(now)) ? 0 : then.count;
  });
  return { counts, word: now.word };
}
