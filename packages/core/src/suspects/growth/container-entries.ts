import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { findEdge, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { timersIn } from "../../graph/timer-lists.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { nativeEntries } from "./browser-entries.js";
import { isFiber } from "../naming/react-component.js";
import { WeakMapEntries } from "../../graph/weak-map-entries.js";

/** How many entries a container holds, and what to call them. */
export interface Entries {
  readonly count: number;
  readonly word:
    | "elements"
    | "element slots"
    | "entries"
    | "entry slots"
    | "properties"
    | "property slots"
    | "reactions"
    | "registrations"
    | "timers"
    | "listeners"
    | "observers"
    | "callbacks";
}

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
/** Prototypes above an object among which that of arrays is looked for. */
const MAX_PROTOTYPES = 5;
/** Entries that a hash table without any may have room for: V8 makes it smaller when they are deleted. */
const EMPTY_TABLE = 8;

/**
 * Counts the entries of an array, a Map, a Set, a promise's reactions or an object used as a dictionary; null for what
 * is no container. Small integers and doubles leave no trace but the room they take: of an array of numbers, or a Set of
 * ids, only the slots can be told, up to half or twice as many as it has entries.
 */
export function entriesOf(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  const { graph } = heap;
  if (graph.nodeType[node] === NodeType.native) return nativeEntries(heap, node);
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
      return { count: weakCells(heap, node), word: "registrations" };
    default: {
      const width = tableWidth(heap, node);
      if (width !== null) return tableEntries(heap, node, width);
      return extendsArray(heap, node) ? arrayEntries(heap, node) : properties(heap, node);
    }
  }
}

function arrayEntries(heap: HeapAnalysis, node: NodeIndex): Entries {
  const { count, empty, highest } = elementsOf(heap, node);
  const slots = elementSlots(heap, node);
  // Of a queue that sets what it is done with to null only the room grows, until it is cut.
  if (empty > count / 2) return { count: slots, word: "element slots" };
  // An array with an element far behind the others has a hash table of those there are.
  if (slots > 0 && highest >= slots) return { count, word: "elements" };
  // Holes and numbers are in the slots and not among the edges; many of them mean an array of numbers.
  if (highest + 1 >= slots / 2) return { count: Math.max(count, highest + 1), word: "elements" };
  return count === 0 && slots > 0 ? { count: slots, word: "element slots" } : { count: highest + 1, word: "elements" };
}

/**
 * Elements of an array: how many there are, how many of them are null and the like, and the last. Of what is frozen or
 * sealed, such as all state that Immer made, V8 writes them below the store alone (heap-snapshot-generator.cc,
 * ExtractElementReferences).
 */
function elementsOf(heap: HeapAnalysis, node: NodeIndex): { count: number; empty: number; highest: number } {
  const { graph } = heap;
  let [count, empty, highest] = [0, 0, -1];
  const add = (index: number, target: NodeIndex): void => {
    count++;
    if (isOddball(heap, target)) empty++;
    highest = Math.max(highest, index);
  };
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.element) add(graph.edgeName[edge]!, graph.edgeTarget[edge]!);
  const store = count === 0 ? internalField(graph, node, "elements") : NO_NODE;
  if (store === NO_NODE || graph.nodeType[store] !== NodeType.array) return { count, empty, highest };
  for (let edge = firstEdgeOf(graph, store); edge < graph.firstEdge[store + 1]!; edge++) {
    if (graph.edgeType[edge] !== EdgeType.internal || isHole(heap, graph.edgeTarget[edge]!)) continue;
    const index = Number(graph.strings.text(graph.edgeName[edge]!));
    if (index >= 0) add(index, graph.edgeTarget[edge]!);
  }
  return { count, empty, highest };
}

/** True for an object of a class that extends Array, if it has more than a few elements. */
function extendsArray(heap: HeapAnalysis, node: NodeIndex): boolean {
  const { graph } = heap;
  if (elementSlots(heap, node) < DICTIONARY_SIZE) return false;
  let at = node;
  for (let step = 0; step < MAX_PROTOTYPES; step++) {
    const prototype = findEdge(graph, at, EdgeType.property, "__proto__");
    if (prototype === NO_EDGE) return false;
    at = graph.edgeTarget[prototype]!;
    if (nodeText(graph, at) === "Array" && findEdge(graph, at, EdgeType.property, "copyWithin") !== NO_EDGE)
      return true;
  }
  return false;
}

function elementSlots(heap: HeapAnalysis, node: NodeIndex): number {
  const { graph } = heap;
  const elements = internalField(graph, node, "elements");
  return elements === NO_NODE ? 0 : slotsOf(heap, elements);
}

/** Slots of one of V8's arrays, which begins with its hidden class and its length. */
function slotsOf(heap: HeapAnalysis, array: NodeIndex): number {
  return Math.max(0, Math.floor(heap.graph.selfSize[array]! / pointerSize(heap)) - 2);
}

const pointerSizes = new WeakMap<HeapGraph["locations"], number>();

/** A compressed pointer has 4 bytes (Chrome), a full one 8 (Node): the smallest JSArray header tells. */
function pointerSize({ graph }: HeapAnalysis): number {
  let size = pointerSizes.get(graph.locations);
  if (size === undefined) pointerSizes.set(graph.locations, (size = findPointerSize(graph)));
  return size;
}

function findPointerSize(graph: HeapGraph): number {
  const limit = Math.min(graph.nodeCount, 200_000);
  const array = graph.strings.indexOf("Array");
  for (let node = 0; node < limit; node++)
    if (graph.nodeType[node] === NodeType.object && graph.nodeName[node] === array && graph.selfSize[node]! > 0)
      return graph.selfSize[node]! >= 32 ? 8 : 4;
  return 8;
}

/**
 * Entries of an ordered hash table: three head slots, a slot a bucket, then `width` slots an entry (key, value, chain).
 * Buckets are half the capacity (src/objects/ordered-hash-table.h). Slots of small integers have no edge. Null for an
 * object without a table, as of a class of the program's that is called Map.
 */
function tableEntries(heap: HeapAnalysis, node: NodeIndex, width: number): Entries | null {
  const { graph } = heap;
  const table = internalField(graph, node, "table");
  if (table === NO_NODE) return null;
  const slots = slotsOf(heap, table);
  const capacity = Math.floor((slots - 3) / (width + 0.5));
  const firstEntry = 3 + Math.floor(capacity / 2);
  let count = 0;
  let last = -1;
  for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++) {
    if (graph.edgeType[edge] !== EdgeType.internal) continue;
    const slot = Number(graph.strings.text(graph.edgeName[edge]!));
    if (!(slot >= firstEntry)) continue;
    const entry = Math.floor((slot - firstEntry) / width);
    if (entry === last || isHole(heap, graph.edgeTarget[edge]!)) continue;
    last = entry;
    count++;
  }
  const isOfNumbers = count === 0 && capacity > EMPTY_TABLE;
  return isOfNumbers ? { count: capacity, word: "entry slots" } : { count, word: "entries" };
}

/**
 * Slots an entry takes in the table of an object of a class that extends Map or Set; null for all others. The capacity of
 * such tables is a power of two, which their size tells: 3.5 slots an entry are a Map's, 2.5 a Set's.
 */
function tableWidth(heap: HeapAnalysis, node: NodeIndex): number | null {
  const table = internalField(heap.graph, node, "table");
  if (table === NO_NODE || heap.graph.nodeType[table] !== NodeType.array) return null;
  const slots = slotsOf(heap, table);
  return [3, 2].find((width) => Number.isInteger(Math.log2((slots - 3) / (width + 0.5)))) ?? null;
}

/** True for a WeakMap or a WeakSet, which has nothing but a table: what its entries keep is kept by their keys. */
export function isWeakCollection(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.object && /^Weak(?:Map|Set)$/.test(nodeText(graph, node));
}

/**
 * The table has an edge for each entry; one whose key is gone leaves a hole behind, as key and as value. The value of a
 * WeakSet's is `true`, which has the hole's name up to V8 12.
 */
function weakEntries(heap: HeapAnalysis, node: NodeIndex): Entries {
  const { graph } = heap;
  const table = internalField(graph, node, "table");
  const entries = new WeakMapEntries(graph);
  const isEntry = (edge: EdgeIndex): boolean =>
    graph.edgeType[edge] === EdgeType.internal && entries.isEntry(graph.edgeName[edge]!);
  let count = 0;
  if (table === NO_NODE) return { count, word: "entries" };
  for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++)
    if (isEntry(edge) && !(isHole(heap, graph.edgeTarget[edge]!) && isHoleName(entries.keyName(graph.edgeName[edge]!))))
      count++;
  return { count, word: "entries" };
}

/** Deleted entries hold V8's hole: an oddball, named so since V8 13. */
function isHole(heap: HeapAnalysis, node: NodeIndex): boolean {
  const type = heap.graph.nodeType[node];
  if (type !== NodeType.hidden && type !== NodeType.native) return false;
  return isHoleName(nodeText(heap.graph, node));
}

function isHoleName(name: string): boolean {
  return (
    name === "system / Oddball" || name === "hash_table_hole" || name === "the_hole" || name.startsWith("system / Hole")
  );
}

/** null, undefined and the like: they are there once. They have one name, and since V8 13 each its own; V8 15 calls them native. */
function isOddball({ graph }: HeapAnalysis, node: NodeIndex): boolean {
  const type = graph.nodeType[node];
  if (type !== NodeType.hidden && type !== NodeType.native) return false;
  return /^(?:system \/ Oddball|null|undefined|true|false)$/.test(nodeText(graph, node));
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
 * A FinalizationRegistry links the cells of what is registered, in slots whose numbers V8's versions do not share; cells
 * whose target is gone in a list of their own, until the callback has been told, and those are not counted.
 */
function weakCells({ graph }: HeapAnalysis, registry: NodeIndex): number {
  const seen = new Set<NodeIndex>([registry]);
  let count = 0;
  for (const at of seen) {
    if (at !== registry && hasTarget(graph, at)) count++;
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (graph.edgeType[edge] === EdgeType.weak || seen.has(target)) continue;
      if (nodeText(graph, target) === "system / WeakCell") seen.add(target);
    }
  }
  return count;
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
