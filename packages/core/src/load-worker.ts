// Entry of a worker thread: loads files that nobody else has claimed, one after the other, and hands each heap over. Then
// it helps with another.
import { parentPort } from "node:worker_threads";
import { belongings } from "./analysis/belongings.js";
import { type Found, type HelperOrder, lost, obey } from "./helper-orders.js";
import { type PortableHeap, buffersOf, loadPortableHeap } from "./load-heap.js";
import { claimed, type LoadOrder, type LoadQueue } from "./load-queue.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import { ColumnMemory, type Unused } from "./parse/column-memory.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { Progress } from "./progress.js";

/** What the worker says. The last one is that there is nothing left, or an error. */
export type LoadMessage =
  | { readonly kind: "begins"; readonly file: string }
  | { readonly kind: "progress"; readonly index: number; readonly progress: Progress }
  | { readonly kind: "heap"; readonly index: number; readonly heap: PortableHeap }
  | { readonly kind: "done"; readonly unused: Unused | null }
  | { readonly kind: "fault"; readonly code: string; readonly file: string; readonly message: string }
  | { readonly kind: "error"; readonly error: unknown };

/** Milliseconds between two reports of one stage. */
const PROGRESS_PAUSE = 50;

function say(message: LoadMessage, buffers: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, buffers);
}

/** @param memory of the file before, of which nothing is left in it */
async function load({ index, file, asideIn, text }: LoadOrder, memory: ColumnMemory | null): Promise<void> {
  say({ kind: "begins", file });
  let stage = "";
  let told = 0;
  const onProgress = (progress: Progress): void => {
    const now = performance.now();
    if (progress.stage === stage && now - told < PROGRESS_PAUSE && progress.done !== progress.total) return;
    stage = progress.stage;
    told = now;
    say({ kind: "progress", index, progress });
  };
  const heap = await loadPortableHeap(file, asideIn, { onProgress, memory, text });
  say({ kind: "heap", index, heap }, buffersOf(heap));
}

parentPort!.on("message", (message: LoadQueue | HelperOrder) =>
  "kind" in message ? obey(message, find) : loadAll(message),
);

parentPort!.on("messageerror", lost);

function find(graph: HeapGraph, memory: ColumnMemory | null): Found {
  return { ...belongings(graph), unused: memory!.unused };
}

async function loadAll(queue: LoadQueue): Promise<void> {
  try {
    const { lent, room } = queue;
    const memory = lent === null ? ColumnMemory.withRoomFor(room) : ColumnMemory.borrowed(lent);
    for (let order = claimed(queue); order !== undefined; order = claimed(queue)) await load(order, memory);
    say({ kind: "done", unused: memory?.unused ?? null });
  } catch (error) {
    // A clone keeps the class of the language's own errors only.
    if (!(error instanceof SnapshotError)) say({ kind: "error", error });
    else say({ kind: "fault", code: error.code, file: error.file, message: error.message });
  }
}
