import type { HeapGraph } from "../graph/heap-graph.js";
import { NodeType } from "../graph/v8-types.js";
import { stableIds } from "./match-nodes.js";
import { nodesById } from "./nodes-by-id.js";

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
 */
export function compare(earlier: HeapGraph, later: HeapGraph): Comparison {
  const before = nodesById(earlier, objects(earlier));
  const after = nodesById(later, objects(later));
  let shared = 0;
  const agrees: number[] = [0, 0];
  const total: number[] = [0, 0];
  let sameSize = true;
  const upper = earlier.nodeId[before[before.length >>> 1] ?? 0] ?? 0;
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    const a = before[i]!;
    const b = after[j]!;
    const difference = earlier.nodeId[a]! - later.nodeId[b]!;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
    if (difference !== 0) continue;
    shared++;
    const half = earlier.nodeId[a]! >= upper ? 1 : 0;
    total[half]!++;
    if (isSame(earlier, a, later, b)) agrees[half]!++;
    if (earlier.selfSize[a] !== later.selfSize[b]) sameSize = false;
  }
  if (shared < LEAST_SHARED * Math.min(before.length, after.length)) return { relation: "other-process", agreement: 0 };
  const agreement = Math.min(share(agrees[0]!, total[0]!), share(agrees[1]!, total[1]!));
  if (agreement < REFUTED) return { relation: "other-process", agreement };
  if (agreement < SURE) return { relation: "unclear", agreement };
  const isSameFile =
    sameSize && shared === before.length && shared === after.length && earlier.edgeCount === later.edgeCount;
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

// Strings are left out: V8 may internalize or flatten one, and then its node changes name or type.
function objects(graph: HeapGraph): (node: number) => boolean {
  const isStable = stableIds(graph);
  return (node) => {
    const type = graph.nodeType[node]!;
    return type === NodeType.object || type === NodeType.closure || type === NodeType.array ? isStable(node) : false;
  };
}

function isSame(earlier: HeapGraph, a: number, later: HeapGraph, b: number): boolean {
  if (earlier.nodeType[a] !== later.nodeType[b]) return false;
  return earlier.strings.hash(earlier.nodeName[a]!) === later.strings.hash(later.nodeName[b]!);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
