import {
  type ByteColumn,
  ClaimedRows,
  allocating,
  resized,
  whereKept,
  whereWorkedOn,
  whereWorkedOnToTheLast,
} from "./columns.js";
import { type Largest, type NodeRowShape, type NodeRows, putNodeRows } from "./node-rows.js";
import type { NumberSink } from "./number-array.js";
import type { RowSection } from "./row-kernel.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { NodeFields, SnapshotHeader } from "./snapshot-header.js";

const UINT32_MAX = 0xffff_ffff;

/** The `nodes` section as columns. */
export class NodeColumns implements NumberSink, NodeRows {
  count = 0;
  nodeType: Uint8Array;
  nodeName: Uint32Array;
  nodeId: Uint32Array;
  selfSize: ByteColumn;
  /** `count + 1` entries. */
  firstEdge: Uint32Array;
  detachedness: Uint8Array | null;
  /** Sum of `edge_count`. */
  edgeSum = 0;
  readonly largest: Largest = { name: 0, target: 0 };
  readonly shape: NodeRowShape;
  readonly #place: ReadingPlace;
  readonly #rows: ClaimedRows;
  #capacity = 0;

  constructor(header: SnapshotHeader, place: ReadingPlace) {
    this.#place = place;
    this.shape = { fields: header.node, typeCount: header.nodeTypeNames.length };
    this.#rows = new ClaimedRows(place, "nodes", header.node.stride, header.nodeCount);
    this.nodeType = new Uint8Array(0);
    this.nodeName = new Uint32Array(0);
    this.nodeId = new Uint32Array(0);
    this.selfSize = new Uint32Array(0);
    this.firstEdge = new Uint32Array(0);
    this.detachedness = header.node.detachedness < 0 ? null : new Uint8Array(0);
    this.#resize(this.#rows.firstCapacity());
  }

  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    const { stride } = this.shape.fields;
    const rows = Math.floor(count / stride);
    const start = this.count;
    this.#reserve(start + rows);
    if (!plain) this.#checkNumbers(block, rows);
    const bad = putNodeRows(block, 0, rows, this, start, this.shape, this.largest);
    if (bad >= 0) throw this.#badType(bad, block[(bad - start) * stride + this.shape.fields.type]!);
    this.#countEdges(start + rows);
    if (this.edgeSum > UINT32_MAX) throw this.#tooManyEdges();
    return rows * stride;
  }

  /** The first `count` rows are in the columns already. False if they cannot be right, and have to be read again. */
  placed(count: number): boolean {
    this.#countEdges(count);
    if (this.edgeSum <= UINT32_MAX) return true;
    this.count = 0;
    this.edgeSum = 0;
    return false;
  }

  /** For other threads: the columns, and what to put into them. */
  section(): RowSection {
    const { shape, nodeType, nodeName, nodeId, selfSize, firstEdge, detachedness } = this;
    return { kind: "nodes", shape, columns: { nodeType, nodeName, nodeId, selfSize, firstEdge, detachedness } };
  }

  /** Rows there is room for. */
  get capacity(): number {
    return this.#capacity;
  }

  end(left: number): void {
    this.#rows.checkEnd(this.count, left);
    this.#resize(this.count);
    this.firstEdge[this.count] = this.edgeSum;
  }

  reached(): string {
    return this.#rows.reached(this.count);
  }

  /** Turns the counts of edges of all rows up to `count` into the first edge of each. */
  #countEdges(count: number): void {
    const { firstEdge } = this;
    let sum = this.edgeSum;
    for (let row = this.count; row < count; row++) {
      const edges = firstEdge[row]!;
      firstEdge[row] = sum;
      sum += edges;
    }
    this.edgeSum = sum;
    this.count = count;
  }

  #reserve(needed: number): void {
    if (needed > this.#capacity) this.#resize(this.#rows.nextCapacity(this.#capacity, needed));
  }

  #resize(capacity: number): void {
    const where = whereWorkedOn(this.#place);
    allocating(this.#place, capacity, "nodes", () => {
      this.nodeType = resized(this.nodeType, capacity, where);
      this.nodeName = resized(this.nodeName, capacity, where);
      this.nodeId = resized(this.nodeId, capacity, where);
      this.selfSize = resized(this.selfSize, capacity, where);
      this.firstEdge = resized(this.firstEdge, capacity + 1, whereWorkedOnToTheLast(this.#place));
      if (this.detachedness !== null) this.detachedness = resized(this.detachedness, capacity, whereKept(this.#place));
    });
    this.#capacity = capacity;
  }

  /**
   * Some number of the block is negative, broken or past 32 bits: fine in fields that nobody knows, and as a size, for
   * which the column is then made wider.
   */
  #checkNumbers(block: Float64Array, rows: number): void {
    const { stride, type, name, id, selfSize, edgeCount, detachedness } = this.shape.fields;
    const limits = new Float64Array(stride).fill(Infinity);
    for (const field of [type, name, id, edgeCount]) limits[field] = UINT32_MAX;
    if (detachedness >= 0) limits[detachedness] = UINT32_MAX;
    limits[selfSize] = Number.MAX_SAFE_INTEGER;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let field = 0; field < stride; field++, at++) {
        const value = block[at]!;
        const limit = limits[field]!;
        if (field === selfSize && value > UINT32_MAX && !(this.selfSize instanceof Float64Array))
          this.selfSize = Float64Array.from(this.selfSize);
        if (limit === Infinity || (value >= 0 && value <= limit && Number.isInteger(value))) continue;
        throw this.#badNumber(this.count + row, fieldName(this.shape.fields, field), value, limit);
      }
    }
  }

  #badNumber(row: number, field: string, value: number, limit: number): Error {
    return this.#rows.damaged("bad-number", `${field} of row ${row} is ${value}, not an integer from 0 to ${limit}`);
  }

  #badType(row: number, type: number): Error {
    return this.#rows.damaged(
      "bad-index",
      `the type of row ${row} is ${type}, the header has ${this.shape.typeCount} types`,
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
