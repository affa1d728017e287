import type { ClassTable } from "../analysis/classes.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { type ByteColumn, NO_NODE } from "../graph/heap-graph.js";
import { eachSlice, kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { type Where, beside, discard, float64Column, uint32Column } from "../parse/columns.js";
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
  const rowsOf = snapshots.map((snapshot) => {
    const rows = uint32Column(snapshot.keys.length, beside(snapshot.classOf));
    for (const [index, key] of snapshot.keys.entries()) {
      let row = rowOfKey.get(key);
      if (row === undefined) {
        row = keys.push(key) - 1;
        names.push(snapshot.names[index]!);
        rowOfKey.set(key, row);
      }
      rows[index] = row;
    }
    return rows;
  });
  const sums = snapshots.map((snapshot, i) => sumsOf(snapshot, rowsOf[i]!, keys.length));
  const intervals: ClassInterval[] = [];
  for (let i = 1; i < snapshots.length; i++) {
    const interval = emptyInterval(keys.length, beside(snapshots[i]!.classOf));
    countSurvivors(interval, snapshots[i - 1]!, rowsOf[i - 1]!, snapshots[i]!, rowsOf[i]!, same[i - 1]!);
    countChange(interval, sums[i - 1]!, sums[i]!);
    intervals.push(interval);
  }
  discard(...rowsOf, ...sums.flatMap(({ count, bytes }) => [count, bytes]));
  return { names, keys, intervals };
}

interface ClassSums {
  readonly count: Uint32Array; // class row -> nodes
  readonly bytes: Float64Array; // class row -> bytes
}

function sumsOf({ classOf, size }: ClassMembers, rows: Uint32Array, rowCount: number): ClassSums {
  const where = beside(classOf);
  const [count, bytes] = [uint32Column(rowCount, where), float64Column(rowCount, where)];
  const kernel = kernelFor(classOf, rows, size, count, bytes);
  if (kernel === null) sumByClass(classOf, rows, size, count, bytes);
  else {
    const places = [...placesOf([classOf, rows, size]), isWide(size), ...placesOf([count, bytes])] as const;
    eachSlice(size.length, (low, high) => kernel.sumByClass(low, high, ...places));
  }
  return { count, bytes };
}

function sumByClass(
  classOf: Uint32Array,
  rows: Uint32Array,
  size: ByteColumn,
  count: Uint32Array,
  bytes: Float64Array,
): void {
  for (let node = 0; node < size.length; node++) {
    if (size[node] === 0) continue;
    const row = rows[classOf[node]!]!;
    count[row]!++;
    bytes[row]! += size[node]!;
  }
}

function isWide(size: ByteColumn): boolean {
  return size instanceof Float64Array;
}

/**
 * Counts those that are in both snapshots, and notes in `diedBytes` what they weighed before.
 * @param rowsBefore ClassIndex of `earlier` -> class row
 */
function countSurvivors(
  interval: ClassInterval,
  earlier: ClassMembers,
  rowsBefore: Uint32Array,
  later: ClassMembers,
  rowsAfter: Uint32Array,
  same: Uint32Array,
): void {
  const { survivedCount, survivedBytes, diedBytes } = interval;
  const before = [earlier.classOf, rowsBefore, earlier.size] as const;
  const after = [later.classOf, rowsAfter, later.size] as const;
  const sums = [survivedCount, survivedBytes, diedBytes] as const;
  const kernel = kernelFor(same, ...before, ...after, ...sums);
  if (kernel === null) return countSame(same, before, after, sums);
  const places = [
    placeOf(same),
    ...([...placesOf(before), isWide(earlier.size)] as const),
    ...([...placesOf(after), isWide(later.size)] as const),
    ...placesOf(sums),
  ] as const;
  eachSlice(same.length, (low, high) => kernel.countSurvivors(low, high, ...places));
}

type Members = readonly [classOf: Uint32Array, rows: Uint32Array, size: ByteColumn];

function countSame(
  same: Uint32Array,
  [classBefore, rowsBefore, sizeBefore]: Members,
  [classAfter, rowsAfter, sizeAfter]: Members,
  [count, bytes, bytesBefore]: readonly [Uint32Array, Float64Array, Float64Array],
): void {
  for (let node = 0; node < same.length; node++) {
    const old = same[node]!;
    if (old === NO_NODE || sizeAfter[node] === 0 || sizeBefore[old] === 0) continue;
    const row = rowsAfter[classAfter[node]!]!;
    if (rowsBefore[classBefore[old]!] !== row) continue;
    count[row]!++;
    bytes[row]! += sizeAfter[node]!;
    bytesBefore[row]! += sizeBefore[old]!;
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

function emptyInterval(rowCount: number, where: Where): ClassInterval {
  const counts = (): Uint32Array => uint32Column(rowCount, where);
  const bytes = (): Float64Array => float64Column(rowCount, where);
  return {
    bornCount: counts(),
    bornBytes: bytes(),
    diedCount: counts(),
    diedBytes: bytes(),
    survivedCount: counts(),
    survivedBytes: bytes(),
    bytes: bytes(),
  };
}
