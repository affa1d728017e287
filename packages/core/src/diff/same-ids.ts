import { beside, besideSparsely, blankColumn, discard, uint32Column } from "../parse/columns.js";
import { NO_NODE } from "../graph/heap-graph.js";
import { type HeapKernel, kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { nodesById } from "./nodes-by-id.js";

/** Entries that the table of ids may have, per node of the earlier snapshot: no more room than sorting would take. */
const ROOM = 4;

/**
 * Finds the nodes of two snapshots that have the same id, whatever they are. V8 counts its objects up in odd numbers,
 * with few gaps, so those are looked up in a table (2 x 10^6 nodes: 25 ms against 290 ms for sorting both); native
 * nodes, which are numbered by addresses, and ids far above all counting are sorted.
 * @param before node of the earlier snapshot -> NodeId
 * @param after node of the later snapshot -> NodeId
 * @returns node of the later snapshot -> node of the earlier one, or NO_NODE; no node is given twice
 */
export function sameIds(before: Uint32Array, after: Uint32Array): Uint32Array {
  const where = beside(after);
  const same = blankColumn(after.length, where).fill(NO_NODE);
  const limit = ROOM * before.length;
  const others = blankColumn(Math.max(before.length, after.length), besideSparsely(after)); // mostly few
  const matching = { before, after, limit, same, others };
  const kernel = kernelFor(before, after, same, others);
  const { othersBefore, othersAfter } = kernel === null ? matchCounted(matching) : matchCountedBy(kernel, matching);
  discard(others);
  matchOthers(before, othersBefore, after, othersAfter, same);
  return same;
}

interface Matching {
  readonly before: Uint32Array;
  readonly after: Uint32Array;
  readonly limit: number; // halves of ids that are counted are below it
  readonly same: Uint32Array; // the result
  readonly others: Uint32Array; // room for the nodes of either whose ids are not counted
}

/** The nodes whose ids are not counted. */
interface Others {
  readonly othersBefore: Uint32Array;
  readonly othersAfter: Uint32Array;
}

function matchCounted({ before, after, limit, same, others }: Matching): Others {
  let highest = 0;
  let count = 0;
  for (let node = 0; node < before.length; node++) {
    const id = before[node]!;
    if (!isCounted(id, limit)) others[count++] = node;
    else if (id > highest) highest = id;
  }
  const othersBefore = others.slice(0, count);
  const table = idTable(highest, same);
  for (let node = 0; node < before.length; node++) {
    const id = before[node]!;
    if (isCounted(id, limit) && table[id >>> 1] === 0) table[id >>> 1] = node + 1;
  }
  count = 0;
  for (let node = 0; node < after.length; node++) {
    const id = after[node]!;
    if (!isCounted(id, limit)) others[count++] = node;
    else if (id <= highest) {
      const found = table[id >>> 1]!;
      if (found === 0) continue;
      same[node] = found - 1;
      table[id >>> 1] = 0;
    }
  }
  discard(table);
  return { othersBefore, othersAfter: others.slice(0, count) };
}

function matchCountedBy(kernel: HeapKernel, matching: Matching): Others {
  const { before, after, limit, same, others } = matching;
  kernel.startIds(limit, placeOf(others));
  eachSlice(before.length, (low, high) => kernel.noteIds(low, high, placeOf(before)));
  const highest = kernel.highestId() >>> 0;
  const othersBefore = others.slice(0, kernel.otherIds() >>> 0);
  const table = idTable(highest, same);
  if (kernelFor(same, table) === null) {
    discard(table);
    return matchCounted(matching);
  }
  eachSlice(before.length, (low, high) => kernel.enterIds(low, high, placeOf(before), placeOf(table)));
  kernel.startIds(limit, placeOf(others));
  const places = placesOf([table, same]);
  eachSlice(after.length, (low, high) => kernel.findIds(low, high, placeOf(after), highest, ...places));
  discard(table);
  return { othersBefore, othersAfter: others.slice(0, kernel.otherIds() >>> 0) };
}

/** Half of an odd id -> node + 1, or 0. */
function idTable(highest: number, same: Uint32Array): Uint32Array {
  return uint32Column((highest >>> 1) + 1, beside(same));
}

function isCounted(id: number, limit: number): boolean {
  return (id & 1) === 1 && id >>> 1 < limit;
}

function matchOthers(
  before: Uint32Array,
  rowsBefore: Uint32Array,
  after: Uint32Array,
  rowsAfter: Uint32Array,
  same: Uint32Array,
): void {
  const older = sortedById(before, rowsBefore);
  const newer = sortedById(after, rowsAfter);
  for (let i = 0, j = 0; i < older.length && j < newer.length;) {
    const difference = before[older[i]!]! - after[newer[j]!]!;
    if (difference === 0) same[newer[j]!] = older[i]!;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
}

function sortedById(ids: Uint32Array, rows: Uint32Array): Uint32Array {
  const nodeId = Uint32Array.from(rows, (row) => ids[row]!);
  return nodesById({ nodeCount: rows.length, nodeId }).map((i) => rows[i]!);
}
