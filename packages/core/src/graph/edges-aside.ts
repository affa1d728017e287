import { type Where, discard, newBytes, uint32Column } from "../parse/columns.js";
import { ColumnAside, type ColumnPlace, type PutAside, read } from "./columns-aside.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";

/** Edges that are brought back at a time: two pages of memory in the columns of four bytes. */
const BLOCK = 1 << 11;
const EDGE_COLUMNS = ["edgeType", "edgeName", "edgeTarget"] as const;
type EdgeColumn = (typeof EDGE_COLUMNS)[number];
/** The columns of edges that can be put aside. */
export type EdgeColumns = Pick<HeapGraph, EdgeColumn>;
type EdgePlaces = Readonly<Record<EdgeColumn, ColumnPlace>>;

/**
 * The edges of a heap that lie in a file, where they take no memory. Of the earlier heaps those of a few nodes are all
 * that is ever asked for. The columns are there, in full length, but hold nothing until it is brought back; a system
 * gives memory to what has been written to only. They are others when all edges have been brought.
 */
export class EdgesAside implements EdgeColumns {
  #columns: EdgeColumns;
  readonly #where: Where;
  readonly #file: number;
  readonly #places: EdgePlaces;
  readonly #edgeCount: number;
  readonly #brought: Uint8Array; // block -> 1 if it is in the columns
  #left: number;

  /** @param where the edges lie when all of them have been brought */
  constructor(file: number, edgeCount: number, places: EdgePlaces, where: Where) {
    this.#columns = emptyColumns(edgeCount, "own");
    this.#where = where;
    this.#file = file;
    this.#places = places;
    this.#edgeCount = edgeCount;
    this.#left = Math.ceil(edgeCount / BLOCK);
    this.#brought = new Uint8Array(this.#left);
  }

  get edgeType(): Uint8Array {
    return this.#columns.edgeType;
  }

  get edgeName(): Uint32Array {
    return this.#columns.edgeName;
  }

  get edgeTarget(): Uint32Array {
    return this.#columns.edgeTarget;
  }

  /** Brings back all edges. Whoever holds a column had better ask for it again. */
  bringAll(): void {
    if (this.#left === 0) return;
    discard(this.edgeType, this.edgeName, this.edgeTarget);
    this.#columns = emptyColumns(this.#edgeCount, this.#where);
    for (const name of EDGE_COLUMNS) read(this.#file, this[name], this.#places[name].position);
    this.#left = 0;
  }

  /** Brings back the edges from one to, not including, another. */
  bring(start: EdgeIndex, end: EdgeIndex): void {
    if (this.#left === 0 || start >= end) return;
    const blocksEnd = Math.floor((end - 1) / BLOCK) + 1;
    for (let block = Math.floor(start / BLOCK); block < blocksEnd; block++) {
      const first = block;
      while (block < blocksEnd && this.#brought[block] === 0) this.#brought[block++] = 1;
      if (block > first) this.#bringBlocks(first, block);
    }
  }

  #bringBlocks(first: number, end: number): void {
    this.#left -= end - first;
    const [from, to] = [first * BLOCK, Math.min(end * BLOCK, this.#edgeCount)];
    for (const name of EDGE_COLUMNS) {
      const { position, rowBytes } = this.#places[name];
      read(this.#file, this[name].subarray(from, to), position + rowBytes * from);
    }
  }

  /** The targets of all edges, some at a time, without bringing them back. The array may be overwritten each time. */
  *targets(): Generator<{ readonly start: EdgeIndex; readonly targets: Uint32Array }> {
    if (this.#left === 0) {
      yield { start: 0, targets: this.edgeTarget };
      return;
    }
    const targets = uint32Column(Math.min(this.#edgeCount, 1 << 16), this.#where);
    for (let start = 0; start < this.#edgeCount; start += targets.length) {
      const part = targets.subarray(0, Math.min(targets.length, this.#edgeCount - start));
      read(this.#file, part, this.#places.edgeTarget.position + 4 * start);
      yield { start, targets: part };
    }
    discard(targets);
  }
}

function emptyColumns(count: number, where: Where): EdgeColumns {
  return {
    edgeType: newBytes(count, where),
    edgeName: uint32Column(count, where),
    edgeTarget: uint32Column(count, where),
  };
}

/**
 * The edges that a thread has put aside; in memory if the file had no room for all of them.
 * @param where they lie when all of them have been brought back
 */
export function edgesFrom(
  file: number | null,
  put: PutAside<EdgeColumn>,
  edgeCount: number,
  where: Where = "own",
): EdgeColumns | EdgesAside {
  const isAside = EDGE_COLUMNS.every((name) => !ArrayBuffer.isView(put[name]));
  if (isAside) return new EdgesAside(file!, edgeCount, put as EdgePlaces, where);
  return {
    edgeType: new ColumnAside<Uint8Array>(file, put.edgeType).rows,
    edgeName: new ColumnAside<Uint32Array>(file, put.edgeName).rows,
    edgeTarget: new ColumnAside<Uint32Array>(file, put.edgeTarget).rows,
  };
}

/**
 * Brings the edges of a node back, if they were put aside. To be called before looking at the edges of a heap that may
 * not be the last.
 */
export function bringEdges({ aside, firstEdge }: HeapGraph, node: NodeIndex): void {
  aside?.bring(firstEdge[node]!, firstEdge[node + 1]!);
}

/** Brings all edges of a graph back. */
export function bringAllEdges({ aside }: HeapGraph): void {
  aside?.bringAll();
}
