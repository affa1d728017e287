// Entry of the worker thread that helps `summary`.
import { parentPort } from "node:worker_threads";
import { tally } from "./analysis/tally.js";
import { type HelperOrder, lost, obey } from "./helper-orders.js";

parentPort!.on("message", (order: HelperOrder) =>
  obey(order, (graph, memory) => ({ ...tally(graph), unused: memory?.unused ?? null })),
);
parentPort!.on("messageerror", lost);
