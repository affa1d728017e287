import type { Worker, WorkerOptions } from "node:worker_threads";
import { HelperThread } from "./helper-thread.js";
import { type HeapAnalysis, withRetainers } from "./analysis/heap-analysis.js";
import { retainersOrder, reversed } from "./graph/retainers-elsewhere.js";
import { type PortableHeap, loadHeap, loadPortableHeap, unpacked } from "./load-heap.js";
import { type PlanOptions, planFor, threadsBeside } from "./load-plan.js";
import { loadThreads, sizeOf } from "./load-threads.js";
import { claimed, type LoadOrder, type LoadQueue, newCounter } from "./load-queue.js";
import type { LoadMessage } from "./load-worker.js";
import type { LentMemory, Unused } from "./parse/column-memory.js";
import { fault } from "./parse/reading-place.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { Progress, RunOptions } from "./progress.js";

export interface LoadOptions extends RunOptions, PlanOptions {
  /** How the threads are started, to limit what they may use. */
  readonly worker?: WorkerOptions;
}

type Tell = (progress: Progress) => void;

/**
 * Reads and analyses snapshots: large files as many at a time as there are processors, one of them in this thread and the
 * others in threads of their own; small ones and standard input in this one. What another thread has made is handed over
 * without a copy. The memory that this thread loads in is that which heaps are compared in: it need not be asked for again.
 * @returns the heaps in the order of the files
 * @throws SnapshotError for a file that cannot be read as a snapshot; the signal's reason when it comes
 */
export async function loadHeaps(files: readonly string[], options: LoadOptions = {}): Promise<HeapAnalysis[]> {
  const { signal } = options;
  signal?.throwIfAborted();
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const sizes = files.map(sizeOf);
  const workers = loadThreads(threadsBeside(sizes, options), options.worker);
  const { orders, last, isTogether, small, memory, lent, room } = planFor(files, sizes, workers.length, options);
  const queue = { orders, next: newCounter(), room };
  const tellers = inTurns(files.length, options.onProgress);
  const heaps: HeapAnalysis[] = [];

  const load = async (order: LoadOrder, helpers: readonly HelperThread[] = []): Promise<void> => {
    const { index, file, asideIn, text } = order;
    const { tell, done } = tellers[index]!;
    // While a heap is analysed here nobody else gets a turn: whoever wants to know has to be told now.
    const onProgress: Tell = (progress) => (progress.stage === "read" ? tell : (options.onProgress ?? tell))(progress);
    const isLast = index === files.length - 1;
    const isShort = options.memory === "low";
    const kept = isLast || isShort ? (memory?.lasting ?? null) : null; // what stays would leave gaps between columns of others
    const keepsTargets = isLast && !isShort;
    const [helper] = helpers;
    const helped = { readers: helpers, ...(helper && { writer: helper, sorter: helper }) };
    const how = { signal: stop, onProgress, memory, kept, text, keepsTargets, ...helped };
    heaps[index] =
      asideIn === null
        ? await loadHeap(file, how)
        : unpacked(await loadPortableHeap(file, asideIn, how), memory ?? "own", isShort);
    done();
  };
  const here = async (): Promise<void> => {
    if (last !== undefined && !isTogether) await load(last);
    for (let order = claimed(queue); order !== undefined; order = claimed(queue)) await load(order);
    for (const order of small) await load(order);
    if (last !== undefined && isTogether) await load(last, helpers);
  };
  const elsewhere = async (worker: Worker, i: number): Promise<LentMemory | null> => {
    const onHeap = (index: number, heap: PortableHeap): void => {
      heaps[index] = unpacked(heap, memory ?? "own");
      tellers[index]!.done();
    };
    const part = lent[i] ?? null;
    const onProgress = (index: number, progress: Progress): void => tellers[index]!.tell(progress);
    const unused = await loadIn(worker, { ...queue, lent: part }, onProgress, onHeap, stop);
    return part && { ...part, ...unused! };
  };
  const loading = workers.map(elsewhere);
  const helpers = workers.map((worker, i) => new HelperThread(worker, loading[i]));
  const all = [...loading, here()];
  try {
    await Promise.all(all);
  } catch (error) {
    failed.abort(error);
    // Nobody may write into a file any more when its number is another's.
    await Promise.allSettled([...all, ...workers.map((worker) => worker.terminate())]);
    throw error;
  }
  for (const { lent: left } of helpers) if (left !== null) memory!.takeBack(left);
  const newest = heaps.pop()!;
  // The retainers of the heap whose suspects are told are looked for while it is compared with others.
  const order = helpers.length === 0 ? null : retainersOrder(newest.graph, newest.retaining);
  heaps.push(order === null ? newest : withRetainers(newest, () => reversed(order)));
  for (const [i, helper] of helpers.entries()) helper.leave(i === 0 ? order : null);
  return heaps;
}

/** Has a thread load files until there are none left. Then it says what of its memory it has not used. */
function loadIn(
  worker: Worker,
  queue: LoadQueue,
  onProgress: (index: number, progress: Progress) => void,
  onHeap: (index: number, heap: PortableHeap) => void,
  stop: AbortSignal,
): Promise<Unused | null> {
  let { file } = queue.orders[0]!;
  return new Promise((resolve, reject) => {
    const onMessage = (message: LoadMessage): void => {
      switch (message.kind) {
        case "begins":
          file = message.file;
          return;
        case "progress":
          return onProgress(message.index, message.progress);
        case "heap":
          return onHeap(message.index, message.heap);
        case "done":
          return settle(() => resolve(message.unused));
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
    else worker.postMessage(queue);
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
