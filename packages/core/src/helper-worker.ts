// Entry of the worker thread that helps `summary`.
import { parentPort } from "node:worker_threads";
import { tally } from "./analysis/tally.js";
import { type HelperOrder, type TallyOrder, lost, obey, say } from "./helper-orders.js";
import { ColumnMemory } from "./parse/column-memory.js";
import { EncodedStrings } from "./parse/string-table.js";

parentPort!.on("message", (order: HelperOrder | TallyOrder) => {
  if (order.kind !== "tally") return obey(order);
  try {
    sumUp(order);
  } catch (error) {
    say({ kind: "failure", error });
  }
});
parentPort!.on("messageerror", lost);

function sumUp({ graph, lent }: TallyOrder): void {
  if (lent !== null) ColumnMemory.borrowed(lent);
  const result = tally({ ...graph, strings: new EncodedStrings(graph.strings) });
  const buffers = [result.distance.buffer, result.table.groups.of.buffer];
  say(
    { kind: "answer", result },
    buffers.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}
