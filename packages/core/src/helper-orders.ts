import { parentPort } from "node:worker_threads";
import type { Belongings } from "./analysis/belongings.js";
import type { Tally } from "./analysis/tally.js";
import { type WriteOrder, writeColumn } from "./graph/columns-aside.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import { type RetainersOrder, reverseAsTold } from "./graph/retainers-elsewhere.js";
import { ColumnMemory, type LentMemory, type Unused } from "./parse/column-memory.js";
import { type RowOrder, RowPieces, type RowsRead } from "./parse/row-pieces.js";
import { EncodedStrings, type StringTableData } from "./parse/string-table.js";

/** A graph as plain data; its columns are shared. */
export interface SharedGraph extends Omit<HeapGraph, "strings"> {
  readonly strings: StringTableData;
}

/** What a helper can be told to do. */
export type HelperOrder =
  | { readonly kind: "rows"; readonly order: RowOrder }
  | { readonly kind: "write"; readonly order: WriteOrder }
  | { readonly kind: "retainers"; readonly order: RetainersOrder }
  | { readonly kind: "find"; readonly graph: SharedGraph; readonly lent: LentMemory | null }
  | { readonly kind: "reply" } // when all before is done
  | { readonly kind: "end" }; // the same

/** What a thread finds out about a graph: a helper of `summary` a tally, one that has loaded heaps where nodes belong. */
export type Found = FoundTally | FoundBelongings;

export interface FoundTally extends Tally, Left {}
export interface FoundBelongings extends Belongings, Left {}

/** What a thread has left of the memory it was lent. What it has used is free, but for the columns that it found. */
interface Left {
  readonly unused: Unused | null; // null: it was lent none
}

/** What it says when that is done; of what is written or reversed, the order knows. */
export type HelperMessage =
  | { readonly kind: "answer"; readonly result: RowsRead | Found | null }
  | { readonly kind: "failure"; readonly error: unknown };

/**
 * In a worker thread: does what another thread tells this one to, in columns that both see.
 * @param find what can be found out here, beside `memory` if the thread may take some
 */
export function obey(order: HelperOrder, find: (graph: HeapGraph, memory: ColumnMemory | null) => Found): void {
  try {
    switch (order.kind) {
      case "rows": {
        const pieces = RowPieces.of(order.order);
        if (pieces === null) throw new Error("this thread cannot read rows");
        return say({ kind: "answer", result: pieces.run() });
      }
      case "write":
        return writeColumn(order.order);
      case "retainers":
        return reverseAsTold(order.order);
      case "find": {
        const { graph, lent } = order;
        const memory = lent === null ? null : ColumnMemory.borrowed(lent);
        const result = find({ ...graph, strings: new EncodedStrings(graph.strings) }, memory);
        return say({ kind: "answer", result });
      }
      case "reply":
        return say({ kind: "answer", result: null });
      case "end":
        return parentPort!.close();
    }
  } catch (error) {
    say({ kind: "failure", error });
  }
}

/** Ends the thread where it was told something that cannot be read: whoever waits for an answer is told. */
export function lost(error: unknown): never {
  throw error;
}

function say(message: HelperMessage): void {
  parentPort!.postMessage(message);
}
