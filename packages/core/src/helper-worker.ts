// Entry of a worker thread that does a part of the work on one heap, in columns that both threads see.
import { parentPort } from "node:worker_threads";
import { tally, type Tally } from "./analysis/tally.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import { type RowOrder, RowPieces, type RowsRead } from "./parse/row-pieces.js";
import { EncodedStrings, type StringTableData } from "./parse/string-table.js";

/** A graph as plain data; its columns are shared. */
export interface SharedGraph extends Omit<HeapGraph, "strings"> {
  readonly strings: StringTableData;
}

/** What a helper can be told to do. */
export type HelperOrder =
  | { readonly kind: "rows"; readonly order: RowOrder }
  | { readonly kind: "tally"; readonly graph: SharedGraph };

/** What it says when that is done. */
export type HelperMessage =
  | { readonly kind: "done"; readonly result: RowsRead | Tally }
  | { readonly kind: "error"; readonly error: unknown };

parentPort!.on("message", (order: HelperOrder) => {
  try {
    if (order.kind === "rows") {
      const pieces = RowPieces.of(order.order);
      if (pieces === null) throw new Error("this thread cannot read rows");
      return say({ kind: "done", result: pieces.run() });
    }
    const result = tally({ ...order.graph, strings: new EncodedStrings(order.graph.strings) });
    say({ kind: "done", result }, [result.distance.buffer, result.table.groups.of.buffer] as ArrayBuffer[]);
  } catch (error) {
    say({ kind: "error", error });
  }
});

function say(message: HelperMessage, buffers: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, buffers);
}
