import type { ClassTable } from "../analysis/classes.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { type ByteColumn, NO_NODE } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { type Where, beside, discard, float64Column, uint32Column } from "../parse/columns.js";
import { sameIds } from "./same-ids.js";

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

/**
 * Compares neighbouring snapshots class by class; the numbers are those of DevTools' comparison if the tables of all
 * snapshots were made with the shapes of the last. As there, an object has survived if its id is found in the same
 * class. Nodes that get a fresh id each time (see `stableIds`) are not told apart, so that people find the same numbers
 * in both tools: those count as died and born, which leaves the growth right. Nodes without bytes of their own take no
 * part.
 * @param tables the classes of each heap
 * @param same per interval the nodes with the same id, as from `sameIds`
 */
export function classGrowth(
  heaps: readonly HeapAnalysis[],
  tables: readonly ClassTable[],
  same: readonly Uint32Array[] = heaps.slice(1).map(({ graph }, i) => sameIds(heaps[i]!.graph.nodeId, graph.nodeId)),
): ClassGrowthTable {
  const names: string[] = [];
  const keys: string[] = [];
  const rowOfKey = new Map<string, number>();
  const rowsOf = tables.map((table) =>
    table.keys.map((key, index) => {
      let row = rowOfKey.get(key);
      if (row === undefined) {
        row = keys.push(key) - 1;
        names.push(table.names[index]!);
        rowOfKey.set(key, row);
      }
      return row;
    }),
  );
  const intervals: ClassInterval[] = [];
  let earlier: Members | undefined;
  for (const [i, heap] of heaps.entries()) {
    const later = new Members(heap, tables[i]!, rowsOf[i]!, keys.length);
    if (earlier !== undefined) {
      const interval = emptyInterval(keys.length, beside(later.size));
      countSurvivors(interval, earlier, later, same[i - 1]!);
      countChange(interval, earlier.sums, later.sums);
      intervals.push(interval);
      earlier.end();
    }
    earlier = later;
  }
  earlier?.end();
  return { names, keys, intervals };
}

/** What comparing classes looks at of one snapshot, which is there until that is ended. */
class Members {
  readonly rows: Uint32Array; // group -> class row
  readonly sums: ClassSums;
  readonly #heap: HeapAnalysis;
  readonly #table: ClassTable;

  /** @param rowOf class of the table -> class row, of which there are `rowCount` */
  constructor(heap: HeapAnalysis, table: ClassTable, rowOf: readonly number[], rowCount: number) {
    this.#heap = heap;
    this.#table = table;
    this.rows = uint32Column(table.ofGroup.length, beside(this.size));
    for (let group = 0; group < this.rows.length; group++) this.rows[group] = rowOf[table.ofGroup[group]!]!;
    this.sums = sumsOf(this, rowCount);
  }

  get groupOf(): Uint32Array {
    return this.#table.groups.of;
  }

  /** node -> bytes, with V8's storage counted at its owner */
  get size(): ByteColumn {
    return this.#heap.ownedSize;
  }

  /** Gives back what nobody else needs at once. */
  end(): void {
    discard(this.rows, this.sums.count, this.sums.bytes);
    this.#heap.putBack("groupOf", "ownedSize");
  }
}

interface ClassSums {
  readonly count: Uint32Array; // class row -> nodes
  readonly bytes: Float64Array; // class row -> bytes
}

function sumsOf({ groupOf, size, rows }: Omit<Members, "sums">, rowCount: number): ClassSums {
  const where = beside(groupOf);
  const [count, bytes] = [uint32Column(rowCount, where), float64Column(rowCount, where)];
  const kernel = kernelFor(groupOf, rows, size, count, bytes);
  if (kernel === null) sumByClass(groupOf, rows, size, count, bytes);
  else {
    const places = [...placesOf([groupOf, rows, size]), isWide(size), ...placesOf([count, bytes])] as const;
    eachSlice(size.length, (low, high) => kernel.sumByClass(low, high, ...places));
  }
  return { count, bytes };
}

function sumByClass(
  groupOf: Uint32Array,
  rows: Uint32Array,
  size: ByteColumn,
  count: Uint32Array,
  bytes: Float64Array,
): void {
  for (let node = 0; node < size.length; node++) {
    if (size[node] === 0) continue;
    const row = rows[groupOf[node]!]!;
    count[row]!++;
    bytes[row]! += size[node]!;
  }
}

function isWide(size: ByteColumn): boolean {
  return size instanceof Float64Array;
}

/** Counts those that are in both snapshots, and notes in `diedBytes` what they weighed before. */
function countSurvivors(interval: ClassInterval, earlier: Members, later: Members, same: Uint32Array): void {
  const { survivedCount, survivedBytes, diedBytes } = interval;
  const before = [earlier.groupOf, earlier.rows, earlier.size] as const;
  const after = [later.groupOf, later.rows, later.size] as const;
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

type Columns = readonly [groupOf: Uint32Array, rows: Uint32Array, size: ByteColumn];

function countSame(
  same: Uint32Array,
  [groupBefore, rowsBefore, sizeBefore]: Columns,
  [groupAfter, rowsAfter, sizeAfter]: Columns,
  [count, bytes, bytesBefore]: readonly [Uint32Array, Float64Array, Float64Array],
): void {
  for (let node = 0; node < same.length; node++) {
    const old = same[node]!;
    if (old === NO_NODE || sizeAfter[node] === 0 || sizeBefore[old] === 0) continue;
    const row = rowsAfter[groupAfter[node]!]!;
    if (rowsBefore[groupBefore[old]!] !== row) continue;
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
