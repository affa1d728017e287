import { type HeapGraph, NO_NODE, totalSelfSize } from "../graph/heap-graph.js";
import { IS_OBJECT, idCensus } from "../graph/id-census.js";
import { sameIds } from "./same-ids.js";

/** How two snapshots compare: see `Comparability` in the report. */
export type Relation = "same-process" | "same-file" | "other-process" | "unclear";

/** What was found out about two snapshots. */
export interface Comparison {
  readonly relation: Relation;
  /** Share of the ids in both that mean an object of the same type and name, 0 to 1. */
  readonly agreement: number;
}

/**
 * Measured on Node 18 to 26: at most 91 % between two processes, and 99.99 % and more within one of a small program. Of large
 * ones that make much and let it go it is 96.9 % and more (Node 20): of some ids there is another object, presumably one that
 * was made where the first had died.
 */
const SURE = 0.96;
const REFUTED = 0.94;
/** Below this share of common ids nothing can be said. */
const LEAST_SHARED = 0.05;
/** So many nodes tell the shares of millions to a thousandth; they are looked at in blocks all over the heap. */
const ENOUGH = 1 << 15;
const BLOCK = 256;

/**
 * Decides whether ids of two snapshots mean the same objects. Ids that are in both prove nothing: V8 counts from the
 * same start in every process. What proves it is that they have the same type and name; the upper half is looked at by
 * itself, because two processes of one program begin alike.
 * @param same the nodes with the same id, as from `sameIds`
 * @param enough how many nodes are looked at, if there are more, and the heaps are not of one file
 */
export function compare(
  earlier: HeapGraph,
  later: HeapGraph,
  same: Uint32Array = sameIds(earlier.nodeId, later.nodeId),
  enough: number = ENOUGH,
): Comparison {
  const { objects: objectsBefore, medianId: upper } = idCensus(earlier);
  const { objects: objectsAfter } = idCensus(later);
  const { nodeType: typeBefore, nodeName: nameBefore, nodeId: idBefore } = earlier;
  const { nodeType: typeAfter, nodeName: nameAfter } = later;
  const mayBeSameFile =
    objectsBefore === objectsAfter &&
    earlier.nodeCount === later.nodeCount &&
    earlier.edgeCount === later.edgeCount &&
    totalSelfSize(earlier) === totalSelfSize(later);
  const every = mayBeSameFile ? 1 : Math.max(1, Math.floor(later.nodeCount / enough));
  let objects = 0;
  let shared = 0;
  const agrees: number[] = [0, 0];
  const total: number[] = [0, 0];
  const sizes = mayBeSameFile ? ([earlier.selfSize, later.selfSize] as const) : null; // nobody else asks for them yet
  let sameSize = true;
  for (let start = 0; start < later.nodeCount; start += every * BLOCK) {
    const end = Math.min(start + BLOCK, later.nodeCount);
    for (let b = start; b < end; b++) {
      const type = typeAfter[b]!;
      if (IS_OBJECT[type] === 0) continue;
      objects++;
      const a = same[b]!;
      if (a === NO_NODE || IS_OBJECT[typeBefore[a]!] === 0) continue;
      shared++;
      const half = idBefore[a]! >= upper ? 1 : 0;
      total[half]!++;
      if (type === typeBefore[a] && earlier.strings.hash(nameBefore[a]!) === later.strings.hash(nameAfter[b]!))
        agrees[half]!++;
      if (sizes !== null && sizes[0][a] !== sizes[1][b]) sameSize = false;
    }
  }
  const allShared = objects === 0 ? 0 : (shared / objects) * objectsAfter;
  if (allShared < LEAST_SHARED * Math.min(objectsBefore, objectsAfter))
    return { relation: "other-process", agreement: 0 };
  // What a writer knows no objects of can be told from nothing.
  if (shared === 0 && objectsBefore + objectsAfter > 0) return { relation: "unclear", agreement: 0 };
  const agreement = Math.min(share(agrees[0]!, total[0]!), share(agrees[1]!, total[1]!));
  if (agreement < REFUTED) return { relation: "other-process", agreement };
  if (agreement < SURE) return { relation: "unclear", agreement };
  const isSameFile = mayBeSameFile && sameSize && shared === objectsBefore;
  return { relation: isSameFile ? "same-file" : "same-process", agreement };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
