import { type HeapGraph, NO_NODE } from "../graph/heap-graph.js";
import { NodeType } from "../graph/v8-types.js";
import { stableIds } from "./match-nodes.js";
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
  const before = objects(earlier);
  const after = objects(later);
  let shared = 0;
  const agrees: number[] = [0, 0];
  const total: number[] = [0, 0];
  let sameSize = true;
  const upper = medianId(earlier, before);
  for (let b = 0; b < later.nodeCount; b++) {
    const a = same[b]!;
    if (a === NO_NODE || after.marks[b] === 0 || before.marks[a] === 0) continue;
    shared++;
    const half = earlier.nodeId[a]! >= upper ? 1 : 0;
    total[half]!++;
    if (isSame(earlier, a, later, b)) agrees[half]!++;
    if (earlier.selfSize[a] !== later.selfSize[b]) sameSize = false;
  }
  if (shared < LEAST_SHARED * Math.min(before.count, after.count)) return { relation: "other-process", agreement: 0 };
  const agreement = Math.min(share(agrees[0]!, total[0]!), share(agrees[1]!, total[1]!));
  if (agreement < REFUTED) return { relation: "other-process", agreement };
  if (agreement < SURE) return { relation: "unclear", agreement };
  const isSameFile =
    sameSize &&
    shared === before.count &&
    shared === after.count &&
    earlier.nodeCount === later.nodeCount &&
    earlier.edgeCount === later.edgeCount &&
    totalSize(earlier) === totalSize(later);
  return { relation: isSameFile ? "same-file" : "same-process", agreement };
}

function totalSize({ selfSize }: HeapGraph): number {
  return selfSize.reduce((total, size) => total + size, 0);
}

/** The newest id of an object: an id is given when an object is first seen, so a later snapshot has a higher one. */
export function newestId(graph: HeapGraph): number {
  const { nodeCount, nodeId, nodeType } = graph;
  let newest = 0;
  for (let node = 0; node < nodeCount; node++)
    if (nodeId[node]! % 2 === 1 && nodeType[node] !== NodeType.number) newest = Math.max(newest, nodeId[node]!);
  return newest;
}

interface Objects {
  readonly marks: Uint8Array; // node -> 1 for an object
  readonly count: number;
}

// Strings are left out: V8 may internalize or flatten one, and then its node changes name or type.
function objects(graph: HeapGraph): Objects {
  const { nodeCount, nodeType } = graph;
  const isStable = stableIds(graph);
  const marks = new Uint8Array(nodeCount);
  let count = 0;
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    if (type !== NodeType.object && type !== NodeType.closure && type !== NodeType.array) continue;
    if (!isStable(node)) continue;
    marks[node] = 1;
    count++;
  }
  return { marks, count };
}

/** The id in the middle of those of the objects, found digit by digit from the top. */
function medianId({ nodeId }: HeapGraph, { marks, count }: Objects): number {
  let rank = count >>> 1;
  let known = 0; // the digits found so far, those below them 0
  for (const shift of [22, 11, 0]) {
    const counts = new Uint32Array(1 << 11);
    const above = shift + 11;
    for (let node = 0; node < nodeId.length; node++) {
      const id = nodeId[node]!;
      if (marks[node] === 1 && (above > 32 || id >>> above === known >>> above)) counts[(id >>> shift) & 2047]!++;
    }
    let digit = 0;
    while (digit < 2047 && rank >= counts[digit]!) rank -= counts[digit++]!;
    known = (known | (digit << shift)) >>> 0;
  }
  return known;
}

function isSame(earlier: HeapGraph, a: number, later: HeapGraph, b: number): boolean {
  if (earlier.nodeType[a] !== later.nodeType[b]) return false;
  return earlier.strings.hash(earlier.nodeName[a]!) === later.strings.hash(later.nodeName[b]!);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
