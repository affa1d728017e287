import type { EdgeRowShape, EdgeRows } from "./edge-rows.js";
import type { Largest, NodeRowShape, NodeRows } from "./node-rows.js";
import { NumberKernel, SLACK, type ScanExports, kernelOrNull } from "./number-kernel.js";

/** Which rows to read, and where to put them. */
export type RowSection =
  | { readonly kind: "nodes"; readonly columns: NodeRows; readonly shape: NodeRowShape }
  | { readonly kind: "edges"; readonly columns: EdgeRows; readonly shape: EdgeRowShape };

/** What `wasm/rows.ts` exports for rows. Places are bytes of its memory. */
interface Exports extends ScanExports {
  readonly largestName: WebAssembly.Global;
  readonly largestTarget: WebAssembly.Global;
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

const MOST_TYPES = 256;
/** Bytes of a row in columns. */
const NODE_BYTES = 4 + 4 + 4 + 4 + 1 + 1;
const EDGE_BYTES = 4 + 4 + 1;

/** The loops for one section; null where they cannot be run. */
export function rowKernel(section: RowSection, byteCount: number, numberCount: number): RowKernel | null {
  return kernelOrNull((module) => new RowKernel(module, section, byteCount, numberCount));
}

/**
 * The loops that most of the time of reading goes into, in WebAssembly; bench/RESULTS.md has both. One piece of a file,
 * its numbers, and the rows made of them lie in one memory.
 */
export class RowKernel extends NumberKernel<Exports> {
  readonly #section: RowSection;

  constructor(module: WebAssembly.Module, section: RowSection, byteCount: number, numberCount: number) {
    const rows = Math.ceil((numberCount + SLACK) / section.shape.fields.stride);
    super(module, byteCount, numberCount, MOST_TYPES + rows * (section.kind === "nodes" ? NODE_BYTES : EDGE_BYTES));
    this.#section = section;
    if (section.kind === "edges") new Uint8Array(this.block.buffer, this.moreAt, MOST_TYPES).set(section.shape.named);
  }

  /**
   * Puts the rows that begin at `block[from]` into the columns, from row `start` on.
   * @returns false if one of them cannot be right
   */
  put(from: number, rows: number, start: number, largest: Largest): boolean {
    const { largestName, largestTarget } = this.exports;
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
    const block = this.block.byteOffset + 4 * from;
    const out = this.moreAt + MOST_TYPES;
    const fields = [type, name, id, selfSize, edgeCount, detachedness] as const;
    if (this.exports.putNodes(block, rows, stride, ...fields, shape.typeCount, out) >= 0) return false;
    const memory = this.block.buffer;
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
    const block = this.block.byteOffset + 4 * from;
    const named = this.moreAt;
    const out = named + MOST_TYPES;
    const fields = [type, nameOrIndex, toNode] as const;
    const typeCount = shape.named.length;
    if (this.exports.putEdges(block, rows, stride, ...fields, shape.nodeStride, typeCount, named, out) >= 0)
      return false;
    const memory = this.block.buffer;
    columns.edgeName.set(new Uint32Array(memory, out, rows), start);
    columns.edgeTarget.set(new Uint32Array(memory, out + 4 * rows, rows), start);
    columns.edgeType.set(new Uint8Array(memory, out + 8 * rows, rows), start);
    return true;
  }
}
