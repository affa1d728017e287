import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { WeakMapEntries } from "../../graph/weak-map-entries.js";
import { isHole, isHoleName, slotsOf } from "./array-slots.js";
import type { Entries } from "./entries.js";

/** Entries that a hash table without any may have room for: V8 makes it smaller when they are deleted. */
const EMPTY_TABLE = 8;

/**
 * Entries of an ordered hash table: three head slots, a slot a bucket, then `width` slots an entry (key, value, chain).
 * Buckets are half the capacity (src/objects/ordered-hash-table.h). Slots of small integers have no edge. Null for an
 * object without a table, as of a class of the program's that is called Map.
 */
export function tableEntries(heap: HeapAnalysis, node: NodeIndex, width: number): Entries | null {
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
export function tableWidth(heap: HeapAnalysis, node: NodeIndex): number | null {
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
export function weakEntries(heap: HeapAnalysis, node: NodeIndex): Entries {
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
