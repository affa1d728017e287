import type { Worker, WorkerOptions } from "node:worker_threads";
import type { HeapAnalysis } from "./analysis/heap-analysis.js";
import { type PortableHeap, loadHeap, unpacked } from "./load-heap.js";
import { WORKERS_FROM, loadThreads, sizeOf } from "./load-threads.js";
import type { LoadMessage, LoadOrder } from "./load-worker.js";
import { ColumnMemory } from "./parse/column-memory.js";
import { threadsFor } from "./threads-for.js";
import { fault } from "./parse/reading-place.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { Progress, RunOptions } from "./progress.js";

export interface LoadOptions extends RunOptions {
  /** Files of this many bytes and more are loaded in threads of their own; 0: all, Infinity: none. */
  readonly workersFrom?: number;
  /** Gives a file for the columns of each heap, which lie there until they are needed; null: there is no place. */
  readonly aside?: () => number | null;
  /** "low": one file after the other, for less memory. */
  readonly memory?: "low" | undefined;
  /** How the threads are started, to limit what they may use. */
  readonly worker?: WorkerOptions;
}

/** Bytes of the memory that heaps are compared in, for each of their files: what is not used is not there. */
const ROOM = 2;

type Tell = (progress: Progress) => void;

/**
 * Reads and analyses snapshots: large files in worker threads, as many at a time as there are processors, small ones
 * and standard input in this one. What a worker has made is handed over without a copy.
 * @returns the heaps in the order of the files
 * @throws SnapshotError for a file that cannot be read as a snapshot; the signal's reason when it comes
 */
export async function loadHeaps(files: readonly string[], options: LoadOptions = {}): Promise<HeapAnalysis[]> {
  const { signal } = options;
  signal?.throwIfAborted();
  const tellers = inTurns(files.length, options.onProgress);
  const sizes = files.map(sizeOf);
  const from = options.workersFrom ?? WORKERS_FROM;
  const large = [...sizes.keys()].filter((i) => sizes[i]! >= from);
  const memory = ColumnMemory.withRoomFor(ROOM * sizes.reduce((sum, size) => sum + size, 0));
  const heaps: HeapAnalysis[] = [];
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);

  const load = async (i: number): Promise<void> => {
    heaps[i] = await loadHeap(files[i]!, { signal: stop, onProgress: tellers[i]!.tell, memory });
    tellers[i]!.done();
  };
  const isLow = options.memory === "low";
  const workers = loadThreads(isLow ? Math.min(1, large.length) : threadsFor(large.length), options.worker);
  const queue = [...large];
  const here = async (): Promise<void> => {
    for (const i of files.keys()) if (workers.length === 0 || !large.includes(i)) await load(i);
  };
  const elsewhere = async (worker: Worker, at: number): Promise<void> => {
    for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
      const order = { file: files[i]!, asideIn: options.aside?.() ?? null };
      heaps[i] = unpacked(await loadIn(worker, order, tellers[i]!.tell, stop), memory ?? "own");
      tellers[i]!.done();
      if (!isLow || queue.length === 0) continue;
      // A thread may keep the memory of one file while it reads the next.
      const [fresh] = loadThreads(1, options.worker);
      if (fresh === undefined) continue;
      await worker.terminate();
      workers[at] = worker = fresh;
    }
    void worker.terminate();
  };
  try {
    await Promise.all([here(), ...workers.map(elsewhere)]);
  } catch (error) {
    failed.abort(error);
    for (const worker of workers) void worker.terminate();
    throw error;
  }
  return heaps;
}

function loadIn(worker: Worker, order: LoadOrder, tell: Tell, stop: AbortSignal): Promise<PortableHeap> {
  const { file } = order;
  return new Promise<PortableHeap>((resolve, reject) => {
    const onMessage = (message: LoadMessage): void => {
      switch (message.kind) {
        case "progress":
          return tell(message.progress);
        case "heap":
          return settle(() => resolve(message.heap));
        case "fault":
          return settle(() => reject(new SnapshotError(message.code, message.file, message.message)));
        case "error":
          return settle(() => reject(message.error));
      }
    };
    const onError = (error: unknown): void => settle(() => reject(isOutOfMemory(error) ? tooLarge(file) : error));
    const onExit = (): void => settle(() => reject(tooLarge(file)));
    const onAbort = (): void => settle(() => reject(stop.reason));
    const settle = (how: () => void): void => {
      worker.off("message", onMessage).off("error", onError).off("messageerror", onError).off("exit", onExit);
      stop.removeEventListener("abort", onAbort);
      how();
    };
    worker.on("message", onMessage).on("error", onError).on("messageerror", onError).on("exit", onExit);
    stop.addEventListener("abort", onAbort);
    if (stop.aborted) onAbort();
    else if (worker.threadId < 0) onExit();
    else worker.postMessage(order);
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooLarge(file: string): SnapshotError {
  return fault(
    "too-large",
    file,
    "needs more memory than there is to be read",
    "run leakdiff where more is free, or take a snapshot of a smaller heap",
  );
}

/**
 * Reports of files that are loaded at the same time, told so that a person can follow: those of the first file that is
 * not done yet, then those of the next.
 */
function inTurns(count: number, onProgress: Tell | undefined): { tell: Tell; done: () => void }[] {
  const last = new Map<number, Progress>();
  const finished = new Set<number>();
  let turn = 0;
  return Array.from({ length: count }, (_, i) => ({
    tell(progress) {
      if (i === turn) onProgress?.(progress);
      else last.set(i, progress);
    },
    done() {
      finished.add(i);
      while (finished.has(turn)) {
        turn++;
        const waiting = last.get(turn);
        if (waiting !== undefined) onProgress?.(waiting);
      }
    },
  }));
}
