import type { ClassTable } from "../analysis/classes.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { type ByteColumn, NO_NODE } from "../graph/heap-graph.js";
import { sameIds } from "./same-ids.js";

/** All that comparing classes needs of one snapshot; nodes without bytes of their own take no part. */
export interface ClassMembers {
  readonly id: Uint32Array; // node -> NodeId
  readonly classOf: Uint32Array; // node -> ClassIndex, into `names` and `keys`
  readonly size: ByteColumn; // node -> bytes, with V8's storage counted at its owner
  readonly names: readonly string[];
  readonly keys: readonly string[];
}

/** Counts and bytes per class of what came, went and stayed between two neighbouring snapshots. */
export interface ClassInterval {
  readonly bornCount: Uint32Array; // class row -> nodes
  readonly bornBytes: Float64Array; // class row -> bytes
  readonly diedCount: Uint32Array;
  readonly diedBytes: Float64Array;
  readonly survivedCount: Uint32Array;
  readonly survivedBytes: Float64Array; // what they weigh in the later snapshot
  readonly bytes: Float64Array; // bytes of the class in the later snapshot less those in the earlier
}

/** How classes changed over two or more snapshots: one row a class, in the order they first come. */
export interface ClassGrowthTable {
  readonly names: readonly string[]; // class row -> what to call it
  readonly keys: readonly string[]; // class row -> key of its ClassTables
  readonly intervals: readonly ClassInterval[];
}

/** Takes from an analysed heap what comparing its classes needs. */
export function classMembers({ graph, ownedSize }: HeapAnalysis, table: ClassTable): ClassMembers {
  return { id: graph.nodeId, classOf: table.classOf, size: ownedSize, names: table.names, keys: table.keys };
}

/**
 * Compares neighbouring snapshots class by class; the numbers are those of DevTools' comparison if the tables of all
 * snapshots were made with the shapes of the last. As there, an object has survived if its id is found in the same
 * class. Nodes that get a fresh id each time (see `stableIds`) are not told apart, so that people find the same numbers
 * in both tools: those count as died and born, which leaves the growth right.
 * @param same per interval the nodes with the same id, as from `sameIds`
 */
export function classGrowth(
  snapshots: readonly ClassMembers[],
  same: readonly Uint32Array[] = snapshots.slice(1).map(({ id }, i) => sameIds(snapshots[i]!.id, id)),
): ClassGrowthTable {
  const names: string[] = [];
  const keys: string[] = [];
  const rowOfKey = new Map<string, number>();
  const rowsOf = snapshots.map((snapshot) =>
    Uint32Array.from(snapshot.keys, (key, index) => {
      let row = rowOfKey.get(key);
      if (row === undefined) {
        row = keys.push(key) - 1;
        names.push(snapshot.names[index]!);
        rowOfKey.set(key, row);
      }
      return row;
    }),
  );
  const sums = snapshots.map((snapshot, i) => sumsOf(snapshot, rowsOf[i]!, keys.length));
  const intervals: ClassInterval[] = [];
  for (let i = 1; i < snapshots.length; i++) {
    const interval = emptyInterval(keys.length);
    countSurvivors(interval, snapshots[i - 1]!, rowsOf[i - 1]!, snapshots[i]!, rowsOf[i]!, same[i - 1]!);
    countChange(interval, sums[i - 1]!, sums[i]!);
    intervals.push(interval);
  }
  return { names, keys, intervals };
}

interface ClassSums {
  readonly count: Uint32Array; // class row -> nodes
  readonly bytes: Float64Array; // class row -> bytes
}

function sumsOf({ classOf, size }: ClassMembers, rows: Uint32Array, rowCount: number): ClassSums {
  const sums = { count: new Uint32Array(rowCount), bytes: new Float64Array(rowCount) };
  const { count, bytes } = sums;
  for (let node = 0; node < size.length; node++) {
    if (size[node] === 0) continue;
    const row = rows[classOf[node]!]!;
    count[row]!++;
    bytes[row]! += size[node]!;
  }
  return sums;
}

/** Counts those that are in both snapshots, and notes in `diedBytes` what they weighed before. */
function countSurvivors(
  { survivedCount, survivedBytes, diedBytes }: ClassInterval,
  earlier: ClassMembers,
  rowsBefore: Uint32Array, // ClassIndex of `earlier` -> class row
  later: ClassMembers,
  rowsAfter: Uint32Array,
  same: Uint32Array,
): void {
  const { classOf: classBefore, size: sizeBefore } = earlier;
  const { classOf: classAfter, size: sizeAfter } = later;
  for (let node = 0; node < same.length; node++) {
    const old = same[node]!;
    if (old === NO_NODE || sizeAfter[node] === 0 || sizeBefore[old] === 0) continue;
    const row = rowsAfter[classAfter[node]!]!;
    if (rowsBefore[classBefore[old]!] !== row) continue;
    survivedCount[row]!++;
    survivedBytes[row]! += sizeAfter[node]!;
    diedBytes[row]! += sizeBefore[old]!;
  }
}

/** Whatever has not survived was born or died. */
function countChange(interval: ClassInterval, before: ClassSums, after: ClassSums): void {
  for (let row = 0; row < after.count.length; row++) {
    interval.bornCount[row] = after.count[row]! - interval.survivedCount[row]!;
    interval.bornBytes[row] = after.bytes[row]! - interval.survivedBytes[row]!;
    interval.diedCount[row] = before.count[row]! - interval.survivedCount[row]!;
    interval.diedBytes[row] = before.bytes[row]! - interval.diedBytes[row]!;
    interval.bytes[row] = after.bytes[row]! - before.bytes[row]!;
  }
}

function emptyInterval(rowCount: number): ClassInterval {
  return {
    bornCount: new Uint32Array(rowCount),
    bornBytes: new Float64Array(rowCount),
    diedCount: new Uint32Array(rowCount),
    diedBytes: new Float64Array(rowCount),
    survivedCount: new Uint32Array(rowCount),
    survivedBytes: new Float64Array(rowCount),
    bytes: new Float64Array(rowCount),
  };
}
