import type { ClassTable } from "../analysis/classes.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { nodesById } from "./nodes-by-id.js";

/**
 * All that comparing classes needs of one snapshot, 16 bytes a node: the graph can go, and it is plain data that can
 * be sent to another thread. Rows are nodes that have bytes of their own, in ascending order of id.
 */
export interface ClassMembers {
  readonly id: Uint32Array; // row -> NodeId
  readonly classOf: Uint32Array; // row -> ClassIndex, into `names` and `keys`
  readonly size: Float64Array; // row -> bytes, with V8's storage counted at its owner
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
export function classMembers(analysis: HeapAnalysis, table: ClassTable): ClassMembers {
  const { graph, ownedSize } = analysis;
  const nodes = nodesById(graph, (node) => ownedSize[node]! > 0);
  const id = new Uint32Array(nodes.length);
  const classOf = new Uint32Array(nodes.length);
  const size = new Float64Array(nodes.length);
  for (let row = 0; row < nodes.length; row++) {
    const node = nodes[row]!;
    id[row] = graph.nodeId[node]!;
    classOf[row] = table.classOf[node]!;
    size[row] = ownedSize[node]!;
  }
  return { id, classOf, size, names: table.names, keys: table.keys };
}

/**
 * Compares neighbouring snapshots class by class; the numbers are those of DevTools' comparison if the tables of all
 * snapshots were made with the shapes of the last. As there, an object has survived if its id is found in the same
 * class. Nodes that get a fresh id each time (see `stableIds`) are not told apart, so that people find the same numbers
 * in both tools: those count as died and born, which leaves the growth right.
 */
export function classGrowth(snapshots: readonly ClassMembers[]): ClassGrowthTable {
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
  const intervals: ClassInterval[] = [];
  for (let i = 1; i < snapshots.length; i++) {
    const [earlier, later] = [snapshots[i - 1]!, snapshots[i]!];
    intervals.push(intervalBetween(earlier, rowsOf[i - 1]!, later, rowsOf[i]!, keys.length));
  }
  return { names, keys, intervals };
}

/** Walks both lists by ascending id. */
function intervalBetween(
  earlier: ClassMembers,
  rowsBefore: Uint32Array, // ClassIndex of `earlier` -> class row
  later: ClassMembers,
  rowsAfter: Uint32Array,
  rowCount: number,
): ClassInterval {
  const { id: idBefore, classOf: classBefore, size: sizeBefore } = earlier;
  const { id: idAfter, classOf: classAfter, size: sizeAfter } = later;
  const interval = emptyInterval(rowCount);
  const { bornCount, bornBytes, diedCount, diedBytes, survivedCount, survivedBytes, bytes } = interval;
  const [countBefore, countAfter] = [idBefore.length, idAfter.length];
  for (let i = 0, j = 0; i < countBefore || j < countAfter;) {
    const before = i < countBefore ? idBefore[i]! : Infinity;
    const after = j < countAfter ? idAfter[j]! : Infinity;
    const died = before <= after ? rowsBefore[classBefore[i]!]! : -1;
    const born = after <= before ? rowsAfter[classAfter[j]!]! : -1;
    if (died >= 0) bytes[died]! -= sizeBefore[i]!;
    if (born >= 0) bytes[born]! += sizeAfter[j]!;
    if (died === born) {
      survivedCount[born]!++;
      survivedBytes[born]! += sizeAfter[j]!;
    } else {
      if (died >= 0) {
        diedCount[died]!++;
        diedBytes[died]! += sizeBefore[i]!;
      }
      if (born >= 0) {
        bornCount[born]!++;
        bornBytes[born]! += sizeAfter[j]!;
      }
    }
    if (died >= 0) i++;
    if (born >= 0) j++;
  }
  return interval;
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
