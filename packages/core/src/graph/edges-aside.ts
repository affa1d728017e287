import { readSync, writeSync } from "node:fs";
import { discard, newBytes, uint32Column } from "../parse/columns.js";
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

  /** @param file a file descriptor with what `EdgesGoingAside` has written */
  constructor(file: number, edgeCount: number) {
    this.edgeType = newBytes(edgeCount);
    this.edgeName = uint32Column(edgeCount);
    this.edgeTarget = uint32Column(edgeCount);
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

/**
 * Puts the edges of a graph aside as soon as they are hardly needed any more, and gives their memory back. Where the file
 * has no room for them, they stay.
 */
export class EdgesGoingAside {
  readonly #graph: EdgeColumns;
  readonly #file: number | null;
  #isFull = false;

  /** @param file null: all edges stay */
  constructor(graph: EdgeColumns, file: number | null) {
    this.#graph = graph;
    this.#file = file;
  }

  /** To be called when only the targets of the edges are needed any more. */
  putNames(): void {
    const { edgeName, edgeType, edgeTarget } = this.#graph;
    const count = edgeTarget.length;
    this.#put([edgeName, 4 * count], [edgeType, 8 * count]);
  }

  /** To be called when no edges are needed any more. @returns the edges, if they are not in the file */
  putRest(): EdgeColumns | null {
    const { edgeTarget, edgeName } = this.#graph;
    const count = edgeTarget.length;
    if (this.#put([edgeTarget, 0])) return null;
    if (edgeName.length === count) return this.#graph;
    // There was room for the names, and none for the targets.
    const edges = { edgeTarget, edgeName: uint32Column(count), edgeType: newBytes(count) };
    read(this.#file!, edges.edgeName, 4 * count);
    read(this.#file!, edges.edgeType, 8 * count);
    return edges;
  }

  #put(...columns: [column: EdgeColumns["edgeType"] | EdgeColumns["edgeName"], position: number][]): boolean {
    if (this.#file === null || this.#isFull) return false;
    try {
      for (const [column, position] of columns) write(this.#file, column, position);
    } catch {
      this.#isFull = true;
      return false;
    }
    discard(...columns.map(([column]) => column));
    return true;
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
