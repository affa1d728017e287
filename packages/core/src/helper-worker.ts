// Entry of a worker thread that does a part of the work on one heap.
import { parentPort } from "node:worker_threads";
import { lost, obey } from "./helper-orders.js";

parentPort!.on("message", obey);
parentPort!.on("messageerror", lost);
