// Entry of a worker thread: loads the files it is told, one after the other, and hands each heap over.
import { parentPort } from "node:worker_threads";
import { type PortableHeap, buffersOf, loadPortableHeap } from "./load-heap.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { Progress } from "./progress.js";

/** What the worker is told. */
export interface LoadOrder {
  readonly file: string;
  /** A file to put the heap's columns aside in; null: hand them over. */
  readonly asideIn: number | null;
}

/** What the worker says of the file it was told. The last one is a heap or an error. */
export type LoadMessage =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "heap"; readonly heap: PortableHeap }
  | { readonly kind: "fault"; readonly code: string; readonly file: string; readonly message: string }
  | { readonly kind: "error"; readonly error: unknown };

/** Milliseconds between two reports of one stage. */
const PROGRESS_PAUSE = 50;

function say(message: LoadMessage, buffers: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, buffers);
}

async function load({ file, asideIn }: LoadOrder): Promise<void> {
  let stage = "";
  let told = 0;
  const onProgress = (progress: Progress): void => {
    const now = performance.now();
    if (progress.stage === stage && now - told < PROGRESS_PAUSE && progress.done !== progress.total) return;
    stage = progress.stage;
    told = now;
    say({ kind: "progress", progress });
  };
  try {
    const heap = await loadPortableHeap(file, asideIn, { onProgress });
    say({ kind: "heap", heap }, buffersOf(heap));
  } catch (error) {
    // A clone keeps the class of the language's own errors only.
    if (!(error instanceof SnapshotError)) say({ kind: "error", error });
    else say({ kind: "fault", code: error.code, file: error.file, message: error.message });
  }
}

parentPort!.on("message", (order: LoadOrder) => void load(order));
