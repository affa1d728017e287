// Entry of a worker thread that does a part of the work on one heap, in columns that both threads see.
import { parentPort } from "node:worker_threads";
import { type RowOrder, RowPieces, type RowsRead } from "./parse/row-pieces.js";

/** What a helper can be told to do. */
export type HelperOrder = { readonly kind: "rows"; readonly order: RowOrder };

/** What it says when that is done. */
export type HelperMessage =
  | { readonly kind: "done"; readonly result: RowsRead }
  | { readonly kind: "error"; readonly error: unknown };

function done({ order }: HelperOrder): HelperMessage {
  try {
    return { kind: "done", result: new RowPieces(order).run() };
  } catch (error) {
    return { kind: "error", error };
  }
}

parentPort!.on("message", (order: HelperOrder) => parentPort!.postMessage(done(order)));
