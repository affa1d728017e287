import type { LentMemory } from "./parse/column-memory.js";

/** A file to be loaded. */
export interface LoadOrder {
  /** Its row among all files. */
  readonly index: number;
  readonly file: string;
  /** A file to put the heap's columns aside in; null: hand them over. */
  readonly asideIn: number | null;
  /** The file, open, for edges to be read again; null: keep them elsewhere. */
  readonly text: number | null;
}

/** Files that several threads load, each the next that nobody has claimed. Plain data, and a counter that all of them see. */
export interface LoadQueue {
  readonly orders: readonly LoadOrder[];
  readonly next: Int32Array;
  /** Bytes that the columns of any of them may take, and where a thread shall take them, if that is in another's memory. */
  readonly room: number;
  readonly lent: LentMemory | null;
}

export function newCounter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** The next file, for the caller to load; undefined if there is none left. */
export function claimed({ orders, next }: Pick<LoadQueue, "orders" | "next">): LoadOrder | undefined {
  return orders[Atomics.add(next, 0, 1)];
}
