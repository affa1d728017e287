import { ClaimedRows, allocating, resized, whereWorkedOn, whereWorkedOnToTheLast } from "./columns.js";
import { type EdgeRowShape, type EdgeRows, putEdgeRows } from "./edge-rows.js";
import type { Largest } from "./node-rows.js";
import type { NumberSink } from "./number-array.js";
import type { RowsInText } from "./row-pieces.js";
import type { RowSection } from "./row-kernel.js";
import type { ReadingPlace } from "./reading-place.js";
import type { SnapshotHeader } from "./snapshot-header.js";

const INT32_MIN = -0x8000_0000;
const UINT32_MAX = 0xffff_ffff;

/** Edge types whose `name_or_index` is a number; of all others, known or not, it is a string's index. */
const NUMBERED_TYPES = ["element", "hidden"];

/** Type number -> 1 if edges of that type are named by a string. */
export function namedByString(edgeTypeNames: readonly string[]): Uint8Array {
  return Uint8Array.from(edgeTypeNames, (name) => (NUMBERED_TYPES.includes(name) ? 0 : 1));
}

/** The `edges` section as columns. */
export class EdgeColumns implements NumberSink, EdgeRows {
  count = 0;
  /** Where the rows are in the file, if all of them were read by pieces. */
  inText: RowsInText | null = null;
  edgeType: Uint8Array = new Uint8Array(0);
  edgeName: Uint32Array = new Uint32Array(0);
  edgeTarget: Uint32Array = new Uint32Array(0);
  readonly largest: Largest = { name: 0, target: 0 };
  readonly shape: EdgeRowShape;
  readonly #place: ReadingPlace;
  readonly #rows: ClaimedRows;
  #capacity = 0;

  constructor(header: SnapshotHeader, place: ReadingPlace) {
    this.#place = place;
    const named = namedByString(header.edgeTypeNames);
    this.shape = { fields: header.edge, nodeStride: header.node.stride, named };
    this.#rows = new ClaimedRows(place, "edges", header.edge.stride, header.edgeCount);
    this.#resize(this.#rows.firstCapacity());
  }

  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    const { stride } = this.shape.fields;
    const rows = Math.floor(count / stride);
    const start = this.count;
    this.#reserve(start + rows);
    if (!plain) this.#mendNumbers(block, rows);
    const bad = putEdgeRows(block, 0, rows, this, start, this.shape, this.largest);
    if (bad >= 0) throw this.#badRow(bad, block, (bad - start) * stride);
    this.count = start + rows;
    return rows * stride;
  }

  /** The first `count` rows are in the columns already. */
  placed(count: number): boolean {
    this.count = count;
    return true;
  }

  /** For other threads: the columns, and what to put into them. */
  section(): RowSection {
    const { shape, edgeType, edgeName, edgeTarget } = this;
    return { kind: "edges", shape, columns: { edgeType, edgeName, edgeTarget } };
  }

  /** Rows there is room for. */
  get capacity(): number {
    return this.#capacity;
  }

  end(left: number): void {
    this.#rows.checkEnd(this.count, left);
    this.#resize(this.count);
  }

  reached(): string {
    return this.#rows.reached(this.count);
  }

  #reserve(needed: number): void {
    if (needed > this.#capacity) this.#resize(this.#rows.nextCapacity(this.#capacity, needed));
  }

  #resize(capacity: number): void {
    const where = whereWorkedOn(this.#place);
    allocating(this.#place, capacity, "edges", () => {
      this.edgeType = resized(this.edgeType, capacity, where);
      this.edgeName = resized(this.edgeName, capacity, where);
      this.edgeTarget = resized(this.edgeTarget, capacity, whereWorkedOnToTheLast(this.#place));
    });
    this.#capacity = capacity;
  }

  /**
   * Some number of the block is negative, broken or past 32 bits. V8 from 13.6 on writes element indexes of 2^31 and
   * more as negative numbers: those are put right. to_node may pass 32 bits; the loop checks it.
   */
  #mendNumbers(block: Float64Array, rows: number): void {
    const { stride, type, nameOrIndex, toNode } = this.shape.fields;
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const typeNumber = block[at + type]!;
      if (typeNumber >>> 0 !== typeNumber) throw this.#badNumber(this.count + row, "type", typeNumber);
      const target = block[at + toNode]!;
      if (!Number.isSafeInteger(target) || target < 0) throw this.#badNumber(this.count + row, "to_node", target);
      const name = block[at + nameOrIndex]!;
      const low = this.shape.named[typeNumber] === 0 ? INT32_MIN : 0;
      if (!Number.isInteger(name) || name < low || name > UINT32_MAX) {
        throw this.#badNumber(this.count + row, "name_or_index", name);
      }
      block[at + nameOrIndex] = name >>> 0;
    }
  }

  #badNumber(row: number, field: string, value: number): Error {
    return this.#rows.damaged("bad-number", `${field} of row ${row} is ${value}, which no writer means`);
  }

  #badRow(row: number, block: Float64Array, at: number): Error {
    const { type, toNode } = this.shape.fields;
    const typeNumber = block[at + type]!;
    if (typeNumber >= this.shape.named.length) return this.#badType(row, typeNumber);
    return this.#badTarget(row, block[at + toNode]!);
  }

  #badType(row: number, type: number): Error {
    return this.#rows.damaged(
      "bad-index",
      `the type of row ${row} is ${type}, the header has ${this.shape.named.length} types`,
    );
  }

  #badTarget(row: number, toNode: number): Error {
    return this.#rows.damaged(
      "bad-index",
      `to_node of row ${row} is ${toNode}, no multiple of ${this.shape.nodeStride}`,
    );
  }
}
