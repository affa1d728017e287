import { type HeapGraph, NO_NODE, totalSelfSize } from "../graph/heap-graph.js";
import { NodeType } from "../graph/v8-types.js";
import { sameIds } from "./same-ids.js";

/** How two snapshots compare: see `Comparability` in the report. */
export type Relation = "same-process" | "same-file" | "other-process" | "unclear";

export interface Comparison {
  readonly relation: Relation;
  /** Share of the ids in both that mean an object of the same type and name, 0 to 1. */
  readonly agreement: number;
}

/** Measured on Node 18 to 26: 99.99 % and more within one process, at most 91 % between two. */
const SURE = 0.995;
const REFUTED = 0.95;
/** Below this share of common ids nothing can be said. */
const LEAST_SHARED = 0.05;

/**
 * Decides whether ids of two snapshots mean the same objects. Ids that are in both prove nothing: V8 counts from the
 * same start in every process. What proves it is that they have the same type and name; the upper half is looked at by
 * itself, because two processes of one program begin alike.
 * @param same the nodes with the same id, as from `sameIds`
 */
export function compare(
  earlier: HeapGraph,
  later: HeapGraph,
  same: Uint32Array = sameIds(earlier.nodeId, later.nodeId),
): Comparison {
  const objectsBefore = countObjects(earlier);
  const objectsAfter = countObjects(later);
  const { nodeType: typeBefore } = earlier;
  const { nodeType: typeAfter } = later;
  let shared = 0;
  const agrees: number[] = [0, 0];
  const total: number[] = [0, 0];
  let sameSize = true;
  const upper = medianId(earlier, objectsBefore);
  for (let b = 0; b < later.nodeCount; b++) {
    const a = same[b]!;
    if (a === NO_NODE || IS_OBJECT[typeAfter[b]!] === 0 || IS_OBJECT[typeBefore[a]!] === 0) continue;
    shared++;
    const half = earlier.nodeId[a]! >= upper ? 1 : 0;
    total[half]!++;
    if (isSame(earlier, a, later, b)) agrees[half]!++;
    if (earlier.selfSize[a] !== later.selfSize[b]) sameSize = false;
  }
  if (shared < LEAST_SHARED * Math.min(objectsBefore, objectsAfter)) return { relation: "other-process", agreement: 0 };
  const agreement = Math.min(share(agrees[0]!, total[0]!), share(agrees[1]!, total[1]!));
  if (agreement < REFUTED) return { relation: "other-process", agreement };
  if (agreement < SURE) return { relation: "unclear", agreement };
  const isSameFile =
    sameSize &&
    shared === objectsBefore &&
    shared === objectsAfter &&
    earlier.nodeCount === later.nodeCount &&
    earlier.edgeCount === later.edgeCount &&
    totalSelfSize(earlier) === totalSelfSize(later);
  return { relation: isSameFile ? "same-file" : "same-process", agreement };
}

/** The newest id of an object: an id is given when an object is first seen, so a later snapshot has a higher one. */
export function newestId(graph: HeapGraph): number {
  const { nodeCount, nodeId, nodeType } = graph;
  let newest = 0;
  for (let node = 0; node < nodeCount; node++)
    if (nodeId[node]! % 2 === 1 && nodeType[node] !== NodeType.number) newest = Math.max(newest, nodeId[node]!);
  return newest;
}

// Node type -> 1 if it is looked at; all of these have ids that last (see `stableIds`). Strings are left out: V8 may
// internalize or flatten one, and then its node changes name or type.
const IS_OBJECT = new Uint8Array(256);
for (const type of [NodeType.object, NodeType.closure, NodeType.array]) IS_OBJECT[type] = 1;

function countObjects({ nodeType }: HeapGraph): number {
  let count = 0;
  for (let node = 0; node < nodeType.length; node++) count += IS_OBJECT[nodeType[node]!]!;
  return count;
}

/** The id in the middle of those of the objects: its upper half first, then its lower. */
function medianId({ nodeId, nodeType }: HeapGraph, count: number): number {
  let rank = count >>> 1;
  const counts = new Uint32Array(1 << 16);
  for (let node = 0; node < nodeId.length; node++)
    if (IS_OBJECT[nodeType[node]!] === 1) counts[nodeId[node]! >>> 16]!++;
  let upper = 0;
  while (upper < 0xffff && rank >= counts[upper]!) rank -= counts[upper++]!;
  counts.fill(0);
  for (let node = 0; node < nodeId.length; node++) {
    const id = nodeId[node]!;
    if (id >>> 16 === upper && IS_OBJECT[nodeType[node]!] === 1) counts[id & 0xffff]!++;
  }
  let lower = 0;
  while (lower < 0xffff && rank >= counts[lower]!) rank -= counts[lower++]!;
  return ((upper << 16) | lower) >>> 0;
}

function isSame(earlier: HeapGraph, a: number, later: HeapGraph, b: number): boolean {
  if (earlier.nodeType[a] !== later.nodeType[b]) return false;
  return earlier.strings.hash(earlier.nodeName[a]!) === later.strings.hash(later.nodeName[b]!);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
