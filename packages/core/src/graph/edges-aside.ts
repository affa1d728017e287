import { type Where, discard, newBytes, uint32Column } from "../parse/columns.js";
import { ColumnAside, type ColumnPlace, type PutAside, read } from "./columns-aside.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";

/** Edges that are brought back at a time: two pages of memory in the columns of four bytes. */
const BLOCK = 1 << 11;
type EdgeColumn = "edgeType" | "edgeName" | "edgeTarget";
/** The columns of edges that can be put aside. */
export type EdgeColumns = Pick<HeapGraph, EdgeColumn>;
/** Targets that are looked at at a time where they are not brought back. */
const TARGETS = 1 << 16;

/** The targets of some edges in a row, from `start` on. */
export interface SomeTargets {
  readonly start: EdgeIndex;
  readonly targets: Uint32Array;
}

/** Where names and types of edges are when they are not in memory. */
export interface EdgeNames {
  /** Fills in those of the edges from one to, not including, another; more, if that is easier. */
  bring(columns: EdgeColumns, from: EdgeIndex, to: EdgeIndex): void;
}

/** Where targets of edges are: in memory, or in the file of the heap's columns. */
type EdgeTargets = Uint32Array | ColumnPlace;

/**
 * The edges of a heap that lie in a file, where they take no memory. Of the earlier heaps those of a few nodes are all
 * that is ever asked for. The columns are there, in full length, but hold nothing until it is brought back; a system
 * gives memory to what has been written to only. They are others when all edges have been brought.
 */
export class EdgesAside implements EdgeColumns {
  #columns: EdgeColumns;
  readonly #names: EdgeNames;
  readonly #targets: EdgeTargets;
  readonly #file: number | null;
  readonly #where: Where;
  readonly #edgeCount: number;
  readonly #block: number;
  readonly #brought: Uint8Array; // block -> 1 if it is in the columns
  #left: number;

  /**
   * @param file that targets are in, if they are in one
   * @param where the edges lie when all of them have been brought
   * @param block how many are brought at a time
   */
  constructor(
    names: EdgeNames,
    targets: EdgeTargets,
    file: number | null,
    edgeCount: number,
    where: Where,
    block: number = BLOCK,
  ) {
    this.#names = names;
    this.#targets = targets;
    this.#file = file;
    this.#where = where;
    this.#edgeCount = edgeCount;
    this.#columns = this.#emptyColumns("own");
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
    discard(this.edgeType, this.edgeName);
    if (this.edgeTarget !== this.#targets) discard(this.edgeTarget);
    this.#columns = this.#emptyColumns(this.#where);
    this.#fill(0, this.#edgeCount);
    this.#left = 0;
  }

  /** Brings back the edges from one to, not including, another. */
  bring(start: EdgeIndex, end: EdgeIndex): void {
    if (this.#left === 0 || start >= end) return;
    const blocksEnd = Math.floor((end - 1) / this.#block) + 1;
    for (let block = Math.floor(start / this.#block); block < blocksEnd; block++) {
      const first = block;
      while (block < blocksEnd && this.#brought[block] === 0) this.#brought[block++] = 1;
      if (block === first) continue;
      this.#left -= block - first;
      this.#fill(first * this.#block, Math.min(block * this.#block, this.#edgeCount));
    }
  }

  #fill(from: EdgeIndex, to: EdgeIndex): void {
    this.#names.bring(this.#columns, from, to);
    if (!ArrayBuffer.isView(this.#targets)) this.#readTargets(this.edgeTarget.subarray(from, to), from);
  }

  #readTargets(targets: Uint32Array, from: EdgeIndex): void {
    const { position, rowBytes } = this.#targets as ColumnPlace;
    read(this.#file!, targets, position + rowBytes * from);
  }

  #emptyColumns(where: Where): EdgeColumns {
    const count = this.#edgeCount;
    return {
      edgeType: newBytes(count, where),
      edgeName: uint32Column(count, where),
      edgeTarget: ArrayBuffer.isView(this.#targets) ? this.#targets : uint32Column(count, where),
    };
  }

  /** The targets of all edges; null if they lie in the file. */
  get allTargets(): Uint32Array | null {
    return ArrayBuffer.isView(this.#targets) ? this.#targets : null;
  }

  /** See `targetsOf`. */
  *targets(order: "up" | "down"): Generator<SomeTargets> {
    if (this.#left === 0 || ArrayBuffer.isView(this.#targets)) {
      yield { start: 0, targets: this.edgeTarget };
      return;
    }
    const targets = uint32Column(Math.min(this.#edgeCount, TARGETS), this.#where);
    const parts = Math.ceil(this.#edgeCount / TARGETS);
    for (let i = 0; i < parts; i++) {
      const start = TARGETS * (order === "up" ? i : parts - 1 - i);
      const part = targets.subarray(0, Math.min(TARGETS, this.#edgeCount - start));
      this.#readTargets(part, start);
      yield { start, targets: part };
    }
    discard(targets);
  }
}

/** What a thread has put aside of edges; names and types not, if they can be had from somewhere else. */
export type PutEdges = PutAside<"edgeTarget"> & Partial<PutAside<"edgeType" | "edgeName">>;

/** Names and types that a thread has put aside; null if some are in memory. */
function namesIn(file: number | null, { edgeType, edgeName }: PutAside<EdgeColumn>): EdgeNames | null {
  if (ArrayBuffer.isView(edgeType) || ArrayBuffer.isView(edgeName)) return null;
  return {
    bring(columns, from, to) {
      read(file!, columns.edgeType.subarray(from, to), edgeType.position + from);
      read(file!, columns.edgeName.subarray(from, to), edgeName.position + 4 * from);
    },
  };
}

/**
 * The edges of which a thread has put some aside; in memory if the file had no room for all of them.
 * @param where they lie when all of them have been brought back
 * @param names and types, if they are somewhere else
 * @param block how many are brought at a time, if not the usual number
 */
export function edgesFrom(
  file: number | null,
  put: PutEdges,
  edgeCount: number,
  where: Where = "own",
  names: EdgeNames | null = null,
  block?: number,
): EdgeColumns | EdgesAside {
  const all = put as PutAside<EdgeColumn>;
  const from = names ?? namesIn(file, all);
  if (from !== null) return new EdgesAside(from, all.edgeTarget as EdgeTargets, file, edgeCount, where, block);
  return {
    edgeType: new ColumnAside<Uint8Array>(file, all.edgeType).rows,
    edgeName: new ColumnAside<Uint32Array>(file, all.edgeName).rows,
    edgeTarget: new ColumnAside<Uint32Array>(file, all.edgeTarget).rows,
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
 * The end of the first edges of a node, which are brought back if they were put aside: so many at most, since nobody has
 * use for a million of which a few are looked at.
 */
export function endOfEdges({ aside, firstEdge }: HeapGraph, node: NodeIndex, most: number): EdgeIndex {
  const end = Math.min(firstEdge[node + 1]!, firstEdge[node]! + most);
  aside?.bring(firstEdge[node]!, end);
  return end;
}

/**
 * The targets of all edges, some at a time, without bringing them back if they were put aside; the array may be overwritten
 * each time.
 */
export function targetsOf({ aside, edgeTarget }: HeapGraph, order: "up" | "down" = "up"): Iterable<SomeTargets> {
  return aside === null ? [{ start: 0, targets: edgeTarget }] : aside.targets(order);
}

/** The targets of all edges; null if they are not in memory. */
export function allTargets({ aside, edgeTarget }: HeapGraph): Uint32Array | null {
  return aside === null ? edgeTarget : aside.allTargets;
}

/** Brings all edges of a graph back. */
export function bringAllEdges({ aside }: HeapGraph): void {
  aside?.bringAll();
}
