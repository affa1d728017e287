import { ClaimedRows, allocating, resized } from "./columns.js";
import type { NumberSink } from "./number-array.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { NodeFields, SnapshotHeader } from "./snapshot-header.js";

const UINT32_MAX = 0xffff_ffff;

/** The `nodes` section as columns. */
export class NodeColumns implements NumberSink {
  count = 0;
  nodeType: Uint8Array;
  nodeName: Uint32Array;
  nodeId: Uint32Array;
  selfSize: Float64Array;
  /** `count + 1` entries. */
  firstEdge: Uint32Array;
  detachedness: Uint8Array | null;
  /** Sum of `edge_count`. */
  edgeSum = 0;
  /** Largest index of a string. */
  maxName = 0;
  readonly #place: ReadingPlace;
  readonly #fields: NodeFields;
  readonly #typeCount: number;
  readonly #rows: ClaimedRows;
  #capacity = 0;

  constructor(header: SnapshotHeader, place: ReadingPlace) {
    this.#place = place;
    this.#fields = header.node;
    this.#typeCount = header.nodeTypeNames.length;
    this.#rows = new ClaimedRows(place, "nodes", header.node.stride, header.nodeCount);
    this.nodeType = new Uint8Array(0);
    this.nodeName = new Uint32Array(0);
    this.nodeId = new Uint32Array(0);
    this.selfSize = new Float64Array(0);
    this.firstEdge = new Uint32Array(0);
    this.detachedness = header.node.detachedness < 0 ? null : new Uint8Array(0);
    this.#resize(this.#rows.firstCapacity());
  }

  /** The hot loop: rows of a block into the columns. */
  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    const { stride, type, name, id, selfSize, edgeCount } = this.#fields;
    const rows = Math.floor(count / stride);
    const start = this.count;
    this.#reserve(start + rows);
    if (!plain) this.#checkNumbers(block, rows);
    // Rows of this block only, so that the loop counts in small integers however long the columns are.
    const nodeType = this.nodeType.subarray(start);
    const nodeName = this.nodeName.subarray(start);
    const nodeId = this.nodeId.subarray(start);
    const size = this.selfSize.subarray(start);
    const firstEdge = this.firstEdge.subarray(start);
    const typeCount = this.#typeCount;
    let maxName = this.maxName;
    let edgeSum = this.edgeSum;
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const typeNumber = block[at + type]!;
      const nameIndex = block[at + name]!;
      if (typeNumber >= typeCount) throw this.#badType(start + row, typeNumber);
      if (nameIndex > maxName) maxName = nameIndex;
      nodeType[row] = typeNumber;
      nodeName[row] = nameIndex;
      nodeId[row] = block[at + id]!;
      size[row] = block[at + selfSize]!;
      firstEdge[row] = edgeSum;
      edgeSum += block[at + edgeCount]!;
    }
    if (this.detachedness !== null) this.#takeDetachedness(block, rows, this.detachedness.subarray(start));
    this.maxName = maxName;
    this.edgeSum = edgeSum;
    this.count = start + rows;
    if (edgeSum > UINT32_MAX) throw this.#tooManyEdges();
    return rows * stride;
  }

  end(left: number): void {
    this.#rows.checkEnd(this.count, left);
    this.#resize(this.count);
    this.firstEdge[this.count] = this.edgeSum;
  }

  reached(): string {
    return this.#rows.reached(this.count);
  }

  #takeDetachedness(block: Float64Array, rows: number, detachedness: Uint8Array): void {
    const { stride, detachedness: field } = this.#fields;
    for (let row = 0, at = field; row < rows; row++, at += stride) {
      const value = block[at]!;
      // A state that V8 does not know yet is as good as none.
      detachedness[row] = value <= 2 ? value : 0;
    }
  }

  #reserve(needed: number): void {
    if (needed > this.#capacity) this.#resize(this.#rows.nextCapacity(this.#capacity, needed));
  }

  #resize(capacity: number): void {
    allocating(this.#place, capacity, "nodes", () => {
      this.nodeType = resized(this.nodeType, capacity);
      this.nodeName = resized(this.nodeName, capacity);
      this.nodeId = resized(this.nodeId, capacity);
      this.selfSize = resized(this.selfSize, capacity);
      this.firstEdge = resized(this.firstEdge, capacity + 1);
      if (this.detachedness !== null) this.detachedness = resized(this.detachedness, capacity);
    });
    this.#capacity = capacity;
  }

  /** Some number of the block is negative, broken or past 32 bits: fine in fields that nobody knows, and as a size. */
  #checkNumbers(block: Float64Array, rows: number): void {
    const { stride, type, name, id, selfSize, edgeCount, detachedness } = this.#fields;
    const limits = new Float64Array(stride).fill(Infinity);
    for (const field of [type, name, id, edgeCount]) limits[field] = UINT32_MAX;
    if (detachedness >= 0) limits[detachedness] = UINT32_MAX;
    limits[selfSize] = Number.MAX_SAFE_INTEGER;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let field = 0; field < stride; field++, at++) {
        const value = block[at]!;
        const limit = limits[field]!;
        if (limit === Infinity || (value >= 0 && value <= limit && Number.isInteger(value))) continue;
        throw this.#badNumber(this.count + row, fieldName(this.#fields, field), value, limit);
      }
    }
  }

  #badNumber(row: number, field: string, value: number, limit: number): Error {
    return this.#rows.damaged("bad-number", `${field} of row ${row} is ${value}, not an integer from 0 to ${limit}`);
  }

  #badType(row: number, type: number): Error {
    return this.#rows.damaged(
      "bad-index",
      `the type of row ${row} is ${type}, the header has ${this.#typeCount} types`,
    );
  }

  #tooManyEdges(): Error {
    const what = `has more edges than a column can number (${this.edgeSum} by node ${this.count})`;
    return fault("too-large", this.#place.file, what, "take a snapshot of a smaller heap");
  }
}

function fieldName(fields: NodeFields, at: number): string {
  const names: Record<number, string> = {
    [fields.type]: "type",
    [fields.name]: "name",
    [fields.id]: "id",
    [fields.selfSize]: "self_size",
    [fields.edgeCount]: "edge_count",
    [fields.detachedness]: "detachedness",
  };
  return names[at] ?? "a field";
}
