import type { EdgeRowShape, EdgeRows } from "./edge-rows.js";
import type { Largest, NodeRowShape, NodeRows } from "./node-rows.js";
import type { Scan } from "./plain-numbers.js";
import { instantiated, wasmModule } from "./wasm-module.js";

/** Which rows to read, and where to put them. */
export type RowSection =
  | { readonly kind: "nodes"; readonly columns: NodeRows; readonly shape: NodeRowShape }
  | { readonly kind: "edges"; readonly columns: EdgeRows; readonly shape: EdgeRowShape };

/** What `wasm/rows.ts` exports. Places are bytes of its memory. */
interface Exports {
  readonly stoppedAt: WebAssembly.Global;
  readonly largestName: WebAssembly.Global;
  readonly largestTarget: WebAssembly.Global;
  scan(at: number, end: number, block: number, most: number): number;
  putNodes(
    ...order: [
      block: number,
      rows: number,
      stride: number,
      type: number,
      name: number,
      id: number,
      selfSize: number,
      edgeCount: number,
      detachedness: number,
      typeCount: number,
      out: number,
    ]
  ): number;
  putEdges(
    ...order: [
      block: number,
      rows: number,
      stride: number,
      type: number,
      nameOrIndex: number,
      toNode: number,
      nodeStride: number,
      typeCount: number,
      named: number,
      out: number,
    ]
  ): number;
}

/** Bytes before the first that are read with it. */
const BYTES_AT = 16;
/** Numbers that the scan wants room for, or it stops. */
const SLACK = 32;
const MOST_TYPES = 256;
/** Bytes of a row in columns. */
const NODE_BYTES = 4 + 4 + 4 + 4 + 1 + 1;
const EDGE_BYTES = 4 + 4 + 1;
const PAGE = 1 << 16;

function module(): WebAssembly.Module | null {
  return wasmModule(new URL("./rows.wasm", import.meta.url));
}

/**
 * The loops for one section; null where they cannot be run: see `wasmModule`, and where a process may have but little of its
 * address space, of which an engine sets much aside for each memory. Then all is read without them.
 */
export function rowKernel(section: RowSection, byteCount: number, numberCount: number): RowKernel | null {
  if (module() === null) return null;
  try {
    return new RowKernel(section, byteCount, numberCount);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * The loops that most of the time of reading goes into, in WebAssembly: they find numbers in 64 bytes at once by vector
 * instructions, which JavaScript does not have; bench/RESULTS.md has both. One piece of a file, its numbers, and the rows
 * made of them lie in one memory.
 */
export class RowKernel {
  /** Of a file, to be scanned. */
  readonly bytes: Uint8Array;
  /** The numbers found. */
  readonly block: Uint32Array;
  readonly #section: RowSection;
  readonly #exports: Exports;
  readonly #memory: ArrayBuffer;
  readonly #blockAt: number;
  readonly #namedAt: number;
  readonly #outAt: number;

  constructor(section: RowSection, byteCount: number, numberCount: number) {
    this.#section = section;
    const { stride } = section.shape.fields;
    const numbers = numberCount + SLACK;
    this.#blockAt = aligned(BYTES_AT + byteCount);
    this.#namedAt = this.#blockAt + 4 * numbers;
    this.#outAt = aligned(this.#namedAt + MOST_TYPES);
    const rows = Math.ceil(numbers / stride);
    const size = this.#outAt + rows * (section.kind === "nodes" ? NODE_BYTES : EDGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
    this.#memory = memory.buffer as ArrayBuffer;
    this.#exports = instantiated<Exports>(module()!, memory);
    this.bytes = new Uint8Array(this.#memory, BYTES_AT, byteCount);
    this.block = new Uint32Array(this.#memory, this.#blockAt, numbers);
    if (section.kind === "edges") new Uint8Array(this.#memory, this.#namedAt, MOST_TYPES).set(section.shape.named);
  }

  /** Scans from `scan.at` as far as it comes before `end`, from the first number of the block on. */
  scan(scan: Scan, end: number): void {
    const { scan: find, stoppedAt } = this.#exports;
    scan.count = find(BYTES_AT + scan.at, BYTES_AT + end, this.#blockAt, this.block.length);
    scan.at = (stoppedAt.value as number) - BYTES_AT;
  }

  /**
   * Puts the rows that begin at `block[from]` into the columns, from row `start` on.
   * @returns false if one of them cannot be right
   */
  put(from: number, rows: number, start: number, largest: Largest): boolean {
    const { largestName, largestTarget } = this.#exports;
    largestName.value = largest.name;
    largestTarget.value = largest.target;
    const isRight =
      this.#section.kind === "nodes"
        ? this.#putNodes(this.#section, from, rows, start)
        : this.#putEdges(this.#section, from, rows, start);
    largest.name = (largestName.value as number) >>> 0;
    largest.target = (largestTarget.value as number) >>> 0;
    return isRight;
  }

  #putNodes({ columns, shape }: RowSection & { kind: "nodes" }, from: number, rows: number, start: number): boolean {
    const { stride, type, name, id, selfSize, edgeCount, detachedness } = shape.fields;
    const block = this.#blockAt + 4 * from;
    const out = this.#outAt;
    const fields = [type, name, id, selfSize, edgeCount, detachedness] as const;
    if (this.#exports.putNodes(block, rows, stride, ...fields, shape.typeCount, out) >= 0) return false;
    const memory = this.#memory;
    columns.selfSize.set(new Uint32Array(memory, out, rows), start);
    columns.nodeName.set(new Uint32Array(memory, out + 4 * rows, rows), start);
    columns.nodeId.set(new Uint32Array(memory, out + 8 * rows, rows), start);
    columns.firstEdge.set(new Uint32Array(memory, out + 12 * rows, rows), start);
    columns.nodeType.set(new Uint8Array(memory, out + 16 * rows, rows), start);
    columns.detachedness?.set(new Uint8Array(memory, out + 17 * rows, rows), start);
    return true;
  }

  #putEdges({ columns, shape }: RowSection & { kind: "edges" }, from: number, rows: number, start: number): boolean {
    const { stride, type, nameOrIndex, toNode } = shape.fields;
    const block = this.#blockAt + 4 * from;
    const out = this.#outAt;
    const fields = [type, nameOrIndex, toNode] as const;
    const { nodeStride, named } = shape;
    if (this.#exports.putEdges(block, rows, stride, ...fields, nodeStride, named.length, this.#namedAt, out) >= 0)
      return false;
    const memory = this.#memory;
    columns.edgeName.set(new Uint32Array(memory, out, rows), start);
    columns.edgeTarget.set(new Uint32Array(memory, out + 4 * rows, rows), start);
    columns.edgeType.set(new Uint8Array(memory, out + 8 * rows, rows), start);
    return true;
  }
}

function aligned(place: number): number {
  return Math.ceil(place / 8) * 8;
}
