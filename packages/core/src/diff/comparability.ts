import { type HeapGraph, NO_NODE, totalSelfSize } from "../graph/heap-graph.js";
import { IS_OBJECT, idCensus } from "../graph/id-census.js";
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
  const { objects: objectsBefore, medianId: upper } = idCensus(earlier);
  const { objects: objectsAfter } = idCensus(later);
  const { nodeType: typeBefore } = earlier;
  const { nodeType: typeAfter } = later;
  let shared = 0;
  const agrees: number[] = [0, 0];
  const total: number[] = [0, 0];
  let sameSize = true;
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

function isSame(earlier: HeapGraph, a: number, later: HeapGraph, b: number): boolean {
  if (earlier.nodeType[a] !== later.nodeType[b]) return false;
  return earlier.strings.hash(earlier.nodeName[a]!) === later.strings.hash(later.nodeName[b]!);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
