import { ones } from "./bits.js";
import {
  allocating,
  discard,
  int32Column,
  nextCapacity,
  resized,
  shortened,
  uint32Column,
  whereKept,
  whereWorkedOn,
} from "./columns.js";
import type { NumberSink } from "./number-array.js";
import type { Locations } from "./raw-snapshot.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import { eachSlice } from "./slices.js";
import type { LocationFields } from "./snapshot-header.js";

const INT32_MAX = 0x7fff_ffff;
/** Numbers below zero stand in a file without their sign. */
const UINT32_MAX = 0xffff_ffff;
/** What V8 has for a place that it does not know, such as the only function of an empty ES module. */
const UNKNOWN = -1;
/** Numbers that are kept of a row. */
const WIDTH = 4;

/** The rows of the `locations` section, in the order of the file. */
export class LocationRows implements NumberSink {
  #count = 0;
  /** Side by side, as whoever puts rows in order looks at all of one: node, script, line, column. */
  #numbers = new Int32Array(0);
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

  /** The hot loop: rows of a block. */
  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    if (this.#fields === null) return this.#takeNothing(count);
    const { stride, objectIndex, scriptId, line, column } = this.#fields;
    const rows = Math.floor(count / stride);
    const start = this.#count;
    this.#reserve(start + rows);
    if (!plain) this.#checkNumbers(block, rows);
    const nodeStride = this.#nodeStride;
    const numbers = this.#numbers.subarray(WIDTH * start);
    let most = 0;
    for (let row = 0, at = 0, to = 0; row < rows; row++, at += stride, to += WIDTH) {
      const script = block[at + scriptId]!;
      const lineNumber = block[at + line]!;
      const columnNumber = block[at + column]!;
      if (script > most) most = script;
      if (lineNumber > most) most = lineNumber;
      if (columnNumber > most) most = columnNumber;
      const node = block[at + objectIndex]! / nodeStride;
      if (node >>> 0 !== node) throw this.#badIndex(start + row, block[at + objectIndex]!);
      numbers[to] = node;
      numbers[to + 1] = script;
      numbers[to + 2] = lineNumber;
      numbers[to + 3] = columnNumber;
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
    discard(shortened(this.#numbers, WIDTH * this.#count));
    return sorted;
  }

  /** Leaves of several rows for one node the first. @param hasRow has a bit set for each node that had one before */
  #leaveFirst(low: number, high: number, nodeCount: number, hasRow: Uint32Array): void {
    const numbers = this.#numbers;
    for (let row = low, at = WIDTH * low; row < high; row++, at += WIDTH) {
      const node = numbers[at]! >>> 0;
      if (node >= nodeCount) throw this.#badIndex(row, node * this.#nodeStride);
      if (numbers[at + 2] === UNKNOWN) continue;
      const bit = 1 << (node & 31);
      if ((hasRow[node >>> 5]! & bit) === 0) hasRow[node >>> 5]! |= bit;
      else numbers[at + 2] = UNKNOWN;
    }
  }

  #putInOrder(low: number, high: number, hasRow: Uint32Array, rowsBefore: Uint32Array, sorted: Locations): void {
    const numbers = this.#numbers;
    for (let at = WIDTH * low; at < WIDTH * high; at += WIDTH) {
      const line = numbers[at + 2]!;
      if (line === UNKNOWN) continue;
      const node = numbers[at]!;
      const word = node >>> 5;
      const to = rowsBefore[word]! + ones(hasRow[word]! & ((1 << (node & 31)) - 1));
      sorted.node[to] = node;
      sorted.scriptId[to] = numbers[at + 1]!;
      // Whoever puts a function around a file may have the file begin at 0, and so the function before that.
      sorted.line[to] = Math.max(0, line);
      sorted.column[to] = Math.max(0, numbers[at + 3]!);
    }
  }

  #takeNothing(count: number): number {
    if (count === 0) return 0;
    throw fault("bad-meta", this.#place.file, `has locations but no location_fields in its header`);
  }

  #reserve(needed: number): void {
    const capacity = this.#numbers.length / WIDTH;
    if (needed <= capacity) return;
    const next = nextCapacity(capacity, needed, null);
    allocating(this.#place, next, "locations", () => {
      this.#numbers = resized(this.#numbers, WIDTH * next, whereWorkedOn(this.#place));
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
