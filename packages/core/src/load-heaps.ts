import type { Worker, WorkerOptions } from "node:worker_threads";
import { HelperThread } from "./helper-thread.js";
import type { HeapAnalysis } from "./analysis/heap-analysis.js";
import { type PortableHeap, loadHeap, loadPortableHeap, unpacked } from "./load-heap.js";
import { WORKERS_FROM, loadThreads, sizeOf } from "./load-threads.js";
import { claimed, type LoadOrder, type LoadQueue, newCounter } from "./load-queue.js";
import type { LoadMessage } from "./load-worker.js";
import { ColumnMemory, type Gap, type LentMemory, MOST_ROOM } from "./parse/column-memory.js";
import { threadsFor } from "./threads-for.js";
import { fault } from "./parse/reading-place.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { Progress, RunOptions } from "./progress.js";

export interface LoadOptions extends RunOptions {
  /** Of files of this many bytes and more several are loaded at a time; 0: of all, Infinity: of none. */
  readonly workersFrom?: number;
  /** Gives a file for the columns of each such heap, which lie there until they are needed; null: there is no place. */
  readonly aside?: () => number | null;
  /** Opens a file, from which edges can be read again until all is compared; null: it cannot be. */
  readonly openText?: (file: string) => number | null;
  /** "low": one file after the other, for less memory. */
  readonly memory?: "low" | undefined;
  /** How the threads are started, to limit what they may use. */
  readonly worker?: WorkerOptions;
}

/** Bytes of memory for columns, for each byte of the files that are loaded or compared in it: what is not used is not there. */
const ROOM = 2;
/** The same, below which too much would have to lie elsewhere, and for each byte of room that a file by itself may need. */
const LEAST_ROOM = 0.5;
/** The same for one file by itself: of one that is nearly all rows more is in use at a time. */
const ROOM_ALONE = 3;

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
  const tellers = inTurns(files.length, options.onProgress);
  const sizes = files.map(sizeOf);
  const from = options.workersFrom ?? WORKERS_FROM;
  const large = [...sizes.keys()].filter((i) => sizes[i]! >= from);
  const heaps: HeapAnalysis[] = [];
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);

  const last = files.length - 1;
  const isLow = options.memory === "low";
  const orders = large.map((index) => ({
    index,
    file: files[index]!,
    asideIn: options.aside?.() ?? null,
    text: options.openText?.(files[index]!) ?? null,
  }));
  const workers = loadThreads(isLow ? 0 : Math.max(0, threadsFor(large.length) - 1), options.worker);
  // The last heap is the one whose edges are asked for most: it is loaded here, where their targets can stay.
  const lastHere = workers.length > 0 && orders.at(-1)?.index === last ? orders.pop() : undefined;
  // Where it would be the only one in the end, all threads do it together, in memory that all have loaded in before.
  const isLeft = lastHere !== undefined && orders.length % (workers.length + 1) === 0;
  const { memory, lent, room } = memoryFor(sizes, from, isLeft ? workers.length : 0);
  const isTogether = isLeft && lent.length === workers.length;
  const queue = { orders, next: newCounter(), room };
  const load = async (
    { index, asideIn, text }: Omit<LoadOrder, "file">,
    helpers: readonly HelperThread[] = [],
  ): Promise<void> => {
    const { tell, done } = tellers[index]!;
    // While a heap is analysed here nobody else gets a turn: whoever wants to know has to be told now.
    const onProgress: Tell = (progress) => (progress.stage === "read" ? tell : (options.onProgress ?? tell))(progress);
    const [writer] = helpers;
    const keepsTargets = index === last && !isLow;
    const kept = index === last ? (memory?.lasting ?? null) : null; // between columns of others it would leave gaps
    const how = {
      signal: stop,
      onProgress,
      memory,
      kept,
      text,
      keepsTargets,
      readers: helpers,
      ...(writer && { writer }),
    };
    heaps[index] =
      asideIn === null
        ? await loadHeap(files[index]!, how)
        : unpacked(await loadPortableHeap(files[index]!, asideIn, how), memory ?? "own");
    done();
  };
  const here = async (): Promise<void> => {
    if (lastHere !== undefined && !isTogether) await load(lastHere);
    for (let order = claimed(queue); order !== undefined; order = claimed(queue)) await load(order);
    for (const index of files.keys()) if (!large.includes(index)) await load({ index, asideIn: null, text: null });
    if (lastHere !== undefined && isTogether) await load(lastHere, helpers);
  };
  const elsewhere = async (worker: Worker, i: number): Promise<void> => {
    const onHeap = (index: number, heap: PortableHeap): void => {
      heaps[index] = unpacked(heap, memory ?? "own");
      tellers[index]!.done();
    };
    const part = lent[i] ?? null;
    const onProgress = (index: number, progress: Progress): void => tellers[index]!.tell(progress);
    const untouched = await loadIn(worker, { ...queue, lent: part }, onProgress, onHeap, stop);
    if (part !== null) memory!.takeBack(part, untouched!);
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
  for (const worker of workers) void worker.terminate();
  return heaps;
}

/**
 * Memory for the columns of all heaps, of which other threads get parts to load in, or none if there is no room for all.
 * @param sizes of files, of which those from `from` on are loaded by several threads
 */
function memoryFor(
  sizes: readonly number[],
  from: number,
  others: number,
): { memory: ColumnMemory | null; lent: readonly LentMemory[]; room: number } {
  const room = ROOM_ALONE * Math.max(0, ...sizes.filter((size) => size >= from));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const forOthers = room * others;
  const least = Math.max(room, LEAST_ROOM * room + LEAST_ROOM * bytes);
  const isLent = least + forOthers <= MOST_ROOM;
  const memory = ColumnMemory.withRoomFor(Math.min(MOST_ROOM, ROOM * bytes + (isLent ? forOthers : 0)));
  const parts = Array.from({ length: isLent ? others : 0 }, () => memory?.lend(room) ?? null);
  return { memory, lent: parts.filter((part) => part !== null), room };
}

/** Has a thread load files until there are none left. Then it says what of its memory was never used. */
function loadIn(
  worker: Worker,
  queue: LoadQueue,
  onProgress: (index: number, progress: Progress) => void,
  onHeap: (index: number, heap: PortableHeap) => void,
  stop: AbortSignal,
): Promise<Gap | null> {
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
          return settle(() => resolve(message.untouched));
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
