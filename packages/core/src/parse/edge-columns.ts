import { ClaimedRows, allocating, resized } from "./columns.js";
import type { NumberSink } from "./number-array.js";
import type { ReadingPlace } from "./reading-place.js";
import type { EdgeFields, SnapshotHeader } from "./snapshot-header.js";

const INT32_MIN = -0x8000_0000;
const UINT32_MAX = 0xffff_ffff;

/** Edge types whose `name_or_index` is a number; of all others, known or not, it is a string's index. */
const NUMBERED_TYPES = ["element", "hidden"];

/** Type number -> 1 if edges of that type are named by a string. */
export function namedByString(edgeTypeNames: readonly string[]): Uint8Array {
  return Uint8Array.from(edgeTypeNames, (name) => (NUMBERED_TYPES.includes(name) ? 0 : 1));
}

/** The `edges` section as columns. */
export class EdgeColumns implements NumberSink {
  count = 0;
  edgeType: Uint8Array = new Uint8Array(0);
  edgeName: Uint32Array = new Uint32Array(0);
  edgeTarget: Uint32Array = new Uint32Array(0);
  /** Largest index of a string, and largest node. */
  maxName = 0;
  maxTarget = 0;
  readonly #place: ReadingPlace;
  readonly #fields: EdgeFields;
  readonly #nodeStride: number;
  readonly #named: Uint8Array;
  readonly #rows: ClaimedRows;
  #capacity = 0;

  constructor(header: SnapshotHeader, place: ReadingPlace) {
    this.#place = place;
    this.#fields = header.edge;
    this.#nodeStride = header.node.stride;
    this.#named = namedByString(header.edgeTypeNames);
    this.#rows = new ClaimedRows(place, "edges", header.edge.stride, header.edgeCount);
    this.#resize(this.#rows.firstCapacity());
  }

  /** The hot loop: rows of a block into the columns. */
  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    const { stride, type, nameOrIndex, toNode } = this.#fields;
    const rows = Math.floor(count / stride);
    const start = this.count;
    this.#reserve(start + rows);
    if (!plain) this.#mendNumbers(block, rows);
    // Rows of this block only, so that the loop counts in small integers however long the columns are.
    const edgeType = this.edgeType.subarray(start);
    const edgeName = this.edgeName.subarray(start);
    const edgeTarget = this.edgeTarget.subarray(start);
    const nodeStride = this.#nodeStride;
    const named = this.#named;
    const typeCount = named.length;
    let maxName = this.maxName;
    let maxTarget = this.maxTarget;
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const typeNumber = block[at + type]!;
      const name = block[at + nameOrIndex]!;
      if (typeNumber >= typeCount) throw this.#badType(start + row, typeNumber);
      if (name > maxName && named[typeNumber] === 1) maxName = name;
      // to_node counts numbers, not rows: a division that leaves a rest points into the middle of a row.
      const quotient = block[at + toNode]! / nodeStride;
      const target = quotient >>> 0;
      if (target !== quotient) throw this.#badTarget(start + row, block[at + toNode]!);
      if (target > maxTarget) maxTarget = target;
      edgeType[row] = typeNumber;
      edgeName[row] = name;
      edgeTarget[row] = target;
    }
    this.maxName = maxName;
    this.maxTarget = maxTarget;
    this.count = start + rows;
    return rows * stride;
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
    allocating(this.#place, capacity, "edges", () => {
      this.edgeType = resized(this.edgeType, capacity);
      this.edgeName = resized(this.edgeName, capacity);
      this.edgeTarget = resized(this.edgeTarget, capacity);
    });
    this.#capacity = capacity;
  }

  /**
   * Some number of the block is negative, broken or past 32 bits. V8 from 13.6 on writes element indexes of 2^31 and
   * more as negative numbers: those are put right. to_node may pass 32 bits; the loop checks it.
   */
  #mendNumbers(block: Float64Array, rows: number): void {
    const { stride, type, nameOrIndex, toNode } = this.#fields;
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const typeNumber = block[at + type]!;
      if (typeNumber >>> 0 !== typeNumber) throw this.#badNumber(this.count + row, "type", typeNumber);
      const target = block[at + toNode]!;
      if (!Number.isSafeInteger(target) || target < 0) throw this.#badNumber(this.count + row, "to_node", target);
      const name = block[at + nameOrIndex]!;
      const low = this.#named[typeNumber] === 0 ? INT32_MIN : 0;
      if (!Number.isInteger(name) || name < low || name > UINT32_MAX) {
        throw this.#badNumber(this.count + row, "name_or_index", name);
      }
      block[at + nameOrIndex] = name >>> 0;
    }
  }

  #badNumber(row: number, field: string, value: number): Error {
    return this.#rows.damaged("bad-number", `${field} of row ${row} is ${value}, which no writer means`);
  }

  #badType(row: number, type: number): Error {
    return this.#rows.damaged(
      "bad-index",
      `the type of row ${row} is ${type}, the header has ${this.#named.length} types`,
    );
  }

  #badTarget(row: number, toNode: number): Error {
    return this.#rows.damaged("bad-index", `to_node of row ${row} is ${toNode}, no multiple of ${this.#nodeStride}`);
  }
}
