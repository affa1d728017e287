import { readSync, writeSync } from "node:fs";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";

/** Edges that are brought back at a time: two pages of memory in the columns of four bytes. */
const BLOCK = 1 << 11;
/** Bytes that are written or read by one call. */
const MOST_BYTES = 1 << 26;

type EdgeColumns = Pick<HeapGraph, "edgeType" | "edgeName" | "edgeTarget">;

/**
 * The edges of a heap that lie in a file, where they take no memory. Of the earlier heaps those of a few nodes are all
 * that is ever asked for. The columns are there, in full length, but hold nothing until it is brought back; a system
 * gives memory to what has been written to only.
 */
export class EdgesAside implements EdgeColumns {
  readonly edgeType: Uint8Array;
  readonly edgeName: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly #file: number;
  readonly #edgeCount: number;
  readonly #brought: Uint8Array; // block -> 1 if it is in the columns
  #left: number;

  /** @param file a file descriptor with what `putAside` has written */
  constructor(file: number, edgeCount: number) {
    this.edgeType = new Uint8Array(edgeCount);
    this.edgeName = new Uint32Array(edgeCount);
    this.edgeTarget = new Uint32Array(edgeCount);
    this.#file = file;
    this.#edgeCount = edgeCount;
    this.#left = Math.ceil(edgeCount / BLOCK);
    this.#brought = new Uint8Array(this.#left);
  }

  /** Brings back the edges from one to, not including, another. */
  bring(start: EdgeIndex, end: EdgeIndex): void {
    if (this.#left === 0 || start >= end) return;
    const lastBlock = Math.floor((end - 1) / BLOCK);
    for (let block = Math.floor(start / BLOCK); block <= lastBlock; block++) {
      if (this.#brought[block] === 1) continue;
      this.#brought[block] = 1;
      this.#left--;
      const [from, to] = [block * BLOCK, Math.min((block + 1) * BLOCK, this.#edgeCount)];
      read(this.#file, this.edgeTarget.subarray(from, to), 4 * from);
      read(this.#file, this.edgeName.subarray(from, to), 4 * (this.#edgeCount + from));
      read(this.#file, this.edgeType.subarray(from, to), 8 * this.#edgeCount + from);
    }
  }

  /** The targets of all edges, some at a time, without bringing them back. The array is overwritten each time. */
  *targets(): Generator<{ readonly start: EdgeIndex; readonly targets: Uint32Array }> {
    const targets = new Uint32Array(Math.min(this.#edgeCount, 1 << 16));
    for (let start = 0; start < this.#edgeCount; start += targets.length) {
      const part = targets.subarray(0, Math.min(targets.length, this.#edgeCount - start));
      read(this.#file, part, 4 * start);
      yield { start, targets: part };
    }
  }
}

/** Writes the edges of a graph to a file. @throws the system's error where there is no room for them */
export function putAside(file: number, { edgeTarget, edgeName, edgeType }: EdgeColumns): void {
  let position = 0;
  for (const column of [edgeTarget, edgeName, edgeType]) {
    write(file, column, position);
    position += column.byteLength;
  }
}

/**
 * Brings the edges of a node back, if they were put aside. To be called before looking at the edges of a heap that may
 * not be the last.
 */
export function bringEdges({ aside, firstEdge }: HeapGraph, node: NodeIndex): void {
  aside?.bring(firstEdge[node]!, firstEdge[node + 1]!);
}

/** Brings all edges of a graph back. */
export function bringAllEdges({ aside, edgeCount }: HeapGraph): void {
  aside?.bring(0, edgeCount);
}

function bytesOf(column: Uint8Array | Uint32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function write(file: number, column: Uint8Array | Uint32Array, position: number): void {
  const bytes = bytesOf(column);
  for (let at = 0; at < bytes.length;)
    at += writeSync(file, bytes, at, Math.min(bytes.length - at, MOST_BYTES), position + at);
}

function read(file: number, column: Uint8Array | Uint32Array, position: number): void {
  const bytes = bytesOf(column);
  for (let at = 0; at < bytes.length;) {
    const length = readSync(file, bytes, at, Math.min(bytes.length - at, MOST_BYTES), position + at);
    if (length === 0) throw new Error("a temporary file of leakdiff's has become shorter");
    at += length;
  }
}
