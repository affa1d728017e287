import { ones } from "./bits.js";
import {
  allocating,
  discard,
  int32Column,
  nextCapacity,
  resized,
  uint32Column,
  whereKept,
  whereWorkedOn,
} from "./columns.js";
import type { NumberSink } from "./number-array.js";
import type { Locations } from "./raw-snapshot.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { LocationFields } from "./snapshot-header.js";

const INT32_MAX = 0x7fff_ffff;
/** Numbers below zero stand in a file without their sign. */
const UINT32_MAX = 0xffff_ffff;
/** What V8 has for a place that it does not know, such as the only function of an empty ES module. */
const UNKNOWN = -1;
/** Rows that one call works on: an engine has a better version of a loop ready soon, but uses it for the next call only. */
const SLICE = 1 << 14;

function eachSlice(count: number, visit: (low: number, high: number) => void): void {
  for (let low = 0; low < count; low += SLICE) visit(low, Math.min(count, low + SLICE));
}

/** The `locations` section as columns, in the order of the file. */
export class LocationRows implements NumberSink {
  #count = 0;
  #node = new Uint32Array(0);
  #scriptId = new Int32Array(0);
  #line = new Int32Array(0);
  #column = new Int32Array(0);
  readonly #place: ReadingPlace;
  readonly #fields: LocationFields | null;
  readonly #nodeStride: number;

  /**
   * @param fields null where the writer's meta has no locations: then the section must be empty
   * @param nodeStride numbers of a node
   */
  constructor(fields: LocationFields | null, nodeStride: number, place: ReadingPlace) {
    this.#fields = fields;
    this.#nodeStride = nodeStride;
    this.#place = place;
  }

  /** The hot loop: rows of a block into the columns. */
  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    if (this.#fields === null) return this.#takeNothing(count);
    const { stride, objectIndex, scriptId, line, column } = this.#fields;
    const rows = Math.floor(count / stride);
    const start = this.#count;
    this.#reserve(start + rows);
    if (!plain) this.#checkNumbers(block, rows);
    const nodeStride = this.#nodeStride;
    const nodes = this.#node.subarray(start);
    const scriptIds = this.#scriptId.subarray(start);
    const lines = this.#line.subarray(start);
    const columns = this.#column.subarray(start);
    let most = 0;
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const script = block[at + scriptId]!;
      const lineNumber = block[at + line]!;
      const columnNumber = block[at + column]!;
      if (script > most) most = script;
      if (lineNumber > most) most = lineNumber;
      if (columnNumber > most) most = columnNumber;
      const node = block[at + objectIndex]! / nodeStride;
      if (node >>> 0 !== node) throw this.#badIndex(start + row, block[at + objectIndex]!);
      nodes[row] = node;
      scriptIds[row] = script;
      lines[row] = lineNumber;
      columns[row] = columnNumber;
    }
    if (most > INT32_MAX) this.#checkNumbers(block, rows);
    this.#count = start + rows;
    return rows * stride;
  }

  end(left: number): void {
    if (left === 0) return;
    const what = `is damaged in its section "locations": row ${this.#count} has ${left} of ${this.#fields?.stride} numbers`;
    throw fault("counts", this.#place.file, what);
  }

  reached(): string {
    return `after ${this.#count} rows`;
  }

  /**
   * The rows in the order of their nodes, which V8 does not keep; of several rows for one node the first, and none that
   * V8 knows no place for.
   * @throws SnapshotError where a row has no node
   */
  sorted(nodeCount: number): Locations {
    const hasRow = new Uint32Array(Math.ceil(nodeCount / 32)); // one bit a node
    eachSlice(this.#count, (low, high) => this.#leaveFirst(low, high, nodeCount, hasRow));
    const rowsBefore = new Uint32Array(hasRow.length); // 32 nodes -> rows of the nodes before them
    let kept = 0;
    for (let word = 0; word < hasRow.length; word++) {
      rowsBefore[word] = kept;
      kept += ones(hasRow[word]!);
    }
    const where = whereKept(this.#place);
    const sorted = {
      node: uint32Column(kept, where),
      scriptId: int32Column(kept, where),
      line: int32Column(kept, where),
      column: int32Column(kept, where),
    };
    eachSlice(this.#count, (low, high) => this.#putInOrder(low, high, hasRow, rowsBefore, sorted));
    discard(this.#node, this.#scriptId, this.#line, this.#column);
    return sorted;
  }

  /** Leaves of several rows for one node the first. @param hasRow has a bit set for each node that had one before */
  #leaveFirst(low: number, high: number, nodeCount: number, hasRow: Uint32Array): void {
    const nodes = this.#node;
    const lines = this.#line;
    for (let row = low; row < high; row++) {
      const node = nodes[row]!;
      if (node >= nodeCount) throw this.#badIndex(row, node * this.#nodeStride);
      if (lines[row] === UNKNOWN) continue;
      const bit = 1 << (node & 31);
      if ((hasRow[node >>> 5]! & bit) === 0) hasRow[node >>> 5]! |= bit;
      else lines[row] = UNKNOWN;
    }
  }

  #putInOrder(low: number, high: number, hasRow: Uint32Array, rowsBefore: Uint32Array, sorted: Locations): void {
    const nodes = this.#node;
    const scriptIds = this.#scriptId;
    const lines = this.#line;
    const columns = this.#column;
    for (let row = low; row < high; row++) {
      const line = lines[row]!;
      if (line === UNKNOWN) continue;
      const node = nodes[row]!;
      const word = node >>> 5;
      const to = rowsBefore[word]! + ones(hasRow[word]! & ((1 << (node & 31)) - 1));
      sorted.node[to] = node;
      sorted.scriptId[to] = scriptIds[row]!;
      // Whoever puts a function around a file may have the file begin at 0, and so the function before that.
      sorted.line[to] = Math.max(0, line);
      sorted.column[to] = Math.max(0, columns[row]!);
    }
  }

  #takeNothing(count: number): number {
    if (count === 0) return 0;
    throw fault("bad-meta", this.#place.file, `has locations but no location_fields in its header`);
  }

  #reserve(needed: number): void {
    const capacity = this.#node.length;
    if (needed <= capacity) return;
    const next = nextCapacity(capacity, needed, null);
    allocating(this.#place, next, "locations", () => {
      const where = whereWorkedOn(this.#place);
      this.#node = resized(this.#node, next, where);
      this.#scriptId = resized(this.#scriptId, next, where);
      this.#line = resized(this.#line, next, where);
      this.#column = resized(this.#column, next, where);
    });
  }

  /** Some number of the block is negative, broken or past 31 bits: wrong, unless it is a place before the file, or unknown. */
  #checkNumbers(block: Float64Array, rows: number): void {
    const { stride, objectIndex, scriptId, line, column } = this.#fields!;
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const object = block[at + objectIndex]!;
      if (!Number.isSafeInteger(object) || object < 0) throw this.#badNumber("object_index", row, object);
      for (const [name, field] of [
        ["script_id", scriptId],
        ["line", line],
        ["column", column],
      ] as const) {
        const value = block[at + field]!;
        const most = name === "script_id" ? INT32_MAX : UINT32_MAX;
        if (!Number.isInteger(value) || value < ~INT32_MAX || value > most)
          throw this.#badNumber(name, row, value, most);
      }
    }
  }

  #badNumber(field: string, row: number, value: number, most: number = Number.MAX_SAFE_INTEGER): Error {
    const what = `is damaged in its section "locations": ${field} of row ${this.#count + row} is ${value}, not an integer up to ${most}`;
    return fault("bad-number", this.#place.file, what);
  }

  #badIndex(row: number, index: number): Error {
    const what = `is damaged in its section "locations": object_index of row ${row} is ${index}, where no node begins`;
    return fault("bad-index", this.#place.file, what);
  }
}
