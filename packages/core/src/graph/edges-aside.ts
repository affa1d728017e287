import { type Where, discard, newBytes, uint32Column } from "../parse/columns.js";
import { ColumnAside, type ColumnPlace, type PutAside, read } from "./columns-aside.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";

/** Edges that are brought back at a time: two pages of memory in the columns of four bytes. */
const BLOCK = 1 << 11;
const EDGE_COLUMNS = ["edgeType", "edgeName", "edgeTarget"] as const;
type EdgeColumn = (typeof EDGE_COLUMNS)[number];
/** The columns of edges that can be put aside. */
export type EdgeColumns = Pick<HeapGraph, EdgeColumn>;
/** Targets that are looked at at a time where they are not brought back. */
const TARGETS = 1 << 16;

/** The targets of some edges in a row, from `start` on. */
export interface SomeTargets {
  readonly start: EdgeIndex;
  readonly targets: Uint32Array;
}

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
  readonly #block: number;
  readonly #brought: Uint8Array; // block -> 1 if it is in the columns
  #left: number;

  /**
   * @param where the edges lie when all of them have been brought
   * @param block how many are brought at a time
   */
  constructor(file: number, edgeCount: number, places: EdgePlaces, where: Where, block: number = BLOCK) {
    this.#columns = emptyColumns(edgeCount, "own");
    this.#where = where;
    this.#file = file;
    this.#places = places;
    this.#edgeCount = edgeCount;
    this.#block = block;
    this.#left = Math.ceil(edgeCount / block);
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
    const blocksEnd = Math.floor((end - 1) / this.#block) + 1;
    for (let block = Math.floor(start / this.#block); block < blocksEnd; block++) {
      const first = block;
      while (block < blocksEnd && this.#brought[block] === 0) this.#brought[block++] = 1;
      if (block > first) this.#bringBlocks(first, block);
    }
  }

  #bringBlocks(first: number, end: number): void {
    this.#left -= end - first;
    const [from, to] = [first * this.#block, Math.min(end * this.#block, this.#edgeCount)];
    for (const name of EDGE_COLUMNS) {
      const { position, rowBytes } = this.#places[name];
      read(this.#file, this[name].subarray(from, to), position + rowBytes * from);
    }
  }

  /** See `targetsOf`. */
  *targets(order: "up" | "down"): Generator<SomeTargets> {
    if (this.#left === 0) {
      yield { start: 0, targets: this.edgeTarget };
      return;
    }
    const targets = uint32Column(Math.min(this.#edgeCount, TARGETS), this.#where);
    const parts = Math.ceil(this.#edgeCount / TARGETS);
    for (let i = 0; i < parts; i++) {
      const start = TARGETS * (order === "up" ? i : parts - 1 - i);
      const part = targets.subarray(0, Math.min(TARGETS, this.#edgeCount - start));
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
 * @param block how many are brought at a time, if not the usual number
 */
export function edgesFrom(
  file: number | null,
  put: PutAside<EdgeColumn>,
  edgeCount: number,
  where: Where = "own",
  block?: number,
): EdgeColumns | EdgesAside {
  const isAside = EDGE_COLUMNS.every((name) => !ArrayBuffer.isView(put[name]));
  if (isAside) return new EdgesAside(file!, edgeCount, put as EdgePlaces, where, block);
  return {
    edgeType: new ColumnAside<Uint8Array>(file, put.edgeType).rows,
    edgeName: new ColumnAside<Uint32Array>(file, put.edgeName).rows,
    edgeTarget: new ColumnAside<Uint32Array>(file, put.edgeTarget).rows,
  };
}

/** Gives a graph its edges: those that were put aside are in other columns once all have been brought. */
export function withEdges<Base extends object>(
  graph: Base,
  edges: EdgeColumns | EdgesAside,
): Base & EdgeColumns & Pick<HeapGraph, "aside"> {
  const columns = {
    get edgeType() {
      return edges.edgeType;
    },
    get edgeName() {
      return edges.edgeName;
    },
    get edgeTarget() {
      return edges.edgeTarget;
    },
    aside: edges instanceof EdgesAside ? edges : null,
  };
  return Object.defineProperties(graph, Object.getOwnPropertyDescriptors(columns)) as Base & typeof columns;
}

/** Brings the edges of a node back, if they were put aside. To be called before any of them is looked at. */
export function bringEdges({ aside, firstEdge }: HeapGraph, node: NodeIndex): void {
  aside?.bring(firstEdge[node]!, firstEdge[node + 1]!);
}

/** The first edge of a node, whose edges are brought back if they were put aside. */
export function firstEdgeOf(graph: HeapGraph, node: NodeIndex): EdgeIndex {
  bringEdges(graph, node);
  return graph.firstEdge[node]!;
}

/**
 * The targets of all edges, some at a time, without bringing them back if they were put aside; the array may be overwritten
 * each time.
 */
export function targetsOf({ aside, edgeTarget }: HeapGraph, order: "up" | "down" = "up"): Iterable<SomeTargets> {
  return aside === null ? [{ start: 0, targets: edgeTarget }] : aside.targets(order);
}

/** Brings all edges of a graph back. */
export function bringAllEdges({ aside }: HeapGraph): void {
  aside?.bringAll();
}
