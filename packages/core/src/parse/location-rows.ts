import { allocating, nextCapacity, resized } from "./columns.js";
import type { NumberSink } from "./number-array.js";
import type { Locations } from "./raw-snapshot.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { LocationFields } from "./snapshot-header.js";

const INT32_MAX = 0x7fff_ffff;

/** The `locations` section as columns, in the order of the file. */
export class LocationRows implements NumberSink {
  #count = 0;
  #objectIndex = new Float64Array(0);
  #scriptId = new Int32Array(0);
  #line = new Int32Array(0);
  #column = new Int32Array(0);
  readonly #place: ReadingPlace;
  readonly #fields: LocationFields | null;

  /** `fields` is null where the writer's meta has no locations: then the section must be empty. */
  constructor(fields: LocationFields | null, place: ReadingPlace) {
    this.#fields = fields;
    this.#place = place;
  }

  takeBlock(block: Float64Array, count: number): number {
    if (this.#fields === null) return this.#takeNothing(count);
    const { stride, objectIndex, scriptId, line, column } = this.#fields;
    const rows = Math.floor(count / stride);
    this.#reserve(this.#count + rows);
    for (let row = 0, at = 0; row < rows; row++, at += stride) {
      const to = this.#count;
      const object = block[at + objectIndex]!;
      if (!Number.isSafeInteger(object) || object < 0) throw this.#badNumber("object_index", object);
      this.#objectIndex[to] = object;
      this.#scriptId[to] = this.#int32("script_id", block[at + scriptId]!);
      this.#line[to] = this.#int32("line", block[at + line]!);
      this.#column[to] = this.#int32("column", block[at + column]!);
      this.#count++;
    }
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
   * The rows in the order of their nodes, which V8 does not keep; of several rows for one node the first.
   * @throws SnapshotError where a row has no node
   */
  sorted(nodeStride: number, nodeCount: number): Locations {
    const rowOf = new Uint32Array(nodeCount); // node -> its row + 1
    let kept = 0;
    for (let row = 0; row < this.#count; row++) {
      const node = this.#objectIndex[row]! / nodeStride;
      if (!Number.isInteger(node) || node >= nodeCount) throw this.#badIndex(row, nodeStride, nodeCount);
      if (rowOf[node] !== 0) continue;
      rowOf[node] = row + 1;
      kept++;
    }
    const nodes = new Uint32Array(kept);
    const scriptId = new Int32Array(kept);
    const line = new Int32Array(kept);
    const column = new Int32Array(kept);
    for (let node = 0, to = 0; to < kept; node++) {
      const row = rowOf[node]! - 1;
      if (row < 0) continue;
      nodes[to] = node;
      scriptId[to] = this.#scriptId[row]!;
      line[to] = this.#line[row]!;
      column[to] = this.#column[row]!;
      to++;
    }
    return { node: nodes, scriptId, line, column };
  }

  #takeNothing(count: number): number {
    if (count === 0) return 0;
    throw fault("bad-meta", this.#place.file, `has locations but no location_fields in its header`);
  }

  #reserve(needed: number): void {
    const capacity = this.#objectIndex.length;
    if (needed <= capacity) return;
    const next = nextCapacity(capacity, needed, null);
    allocating(this.#place, next, "locations", () => {
      this.#objectIndex = resized(this.#objectIndex, next);
      this.#scriptId = resized(this.#scriptId, next);
      this.#line = resized(this.#line, next);
      this.#column = resized(this.#column, next);
    });
  }

  #int32(field: string, value: number): number {
    if ((value | 0) !== value) throw this.#badNumber(field, value);
    return value;
  }

  #badNumber(field: string, value: number): Error {
    const what = `is damaged in its section "locations": ${field} of row ${this.#count} is ${value}, not an integer up to ${INT32_MAX}`;
    return fault("bad-number", this.#place.file, what);
  }

  #badIndex(row: number, nodeStride: number, nodeCount: number): Error {
    const index = this.#objectIndex[row];
    const what = `is damaged in its section "locations": object_index of row ${row} is ${index}, not a multiple of ${nodeStride} below ${nodeStride * nodeCount}`;
    return fault("bad-index", this.#place.file, what);
  }
}
