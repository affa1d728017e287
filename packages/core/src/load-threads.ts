import { closeSync, openSync, readSync, statSync } from "node:fs";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { threadsFor } from "./threads-for.js";

/** Smaller files are loaded before threads have started and compiled their code (pair of 13 MB: 1.2 times as long). */
export const WORKERS_FROM: number = 16 << 20;

/** Threads that were started ahead. */
let waiting: Worker[] = [];

/** See `prepare`. */
export function startAhead(files: readonly string[]): void {
  const large = files.filter((file) => sizeOf(file) >= WORKERS_FROM);
  if (large.length < 2 || waiting.length > 0) return;
  waiting = started(threadsFor(large.length) - 1, {}); // one is loaded without
  for (const worker of waiting) worker.unref();
}

/**
 * So many threads that load files; none where this process may not start any. To be ended by the caller.
 * @param options how they are started, if in a way of their own
 */
export function loadThreads(count: number, options?: WorkerOptions): Worker[] {
  const ahead = waiting;
  waiting = [];
  const taken = options === undefined ? ahead.slice(0, count) : [];
  for (const worker of ahead) if (!taken.includes(worker)) void worker.terminate();
  for (const worker of taken) worker.ref();
  return [...taken, ...started(count - taken.length, options ?? {})];
}

function started(count: number, options: WorkerOptions): Worker[] {
  try {
    return Array.from({ length: count }, () => {
      const resourceLimits = { maxYoungGenerationSizeMb: 6 }; // what it works on lies in columns
      const worker = new Worker(new URL("./load-worker.js", import.meta.url), {
        execArgv: [],
        resourceLimits,
        ...options,
      });
      return worker.on("error", () => undefined); // whoever waits for a heap is told
    });
  } catch {
    return [];
  }
}

const GZIP = 0x8b1f;

/**
 * Bytes of a file's text, as far as it tells; 0 of one that cannot be looked at, or has no size, which is left to whoever
 * reads it, and its message.
 */
export function sizeOf(file: string): number {
  if (file === "-") return 0;
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat === undefined || !stat.isFile() ? 0 : Math.max(stat.size, unpackedSize(file, stat.size));
  } catch {
    return 0;
  }
}

/** What the end of a gzipped file says that it becomes, less multiples of 4 GB; 0 of others. */
function unpackedSize(file: string, size: number): number {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(4);
    if (size < 4 || readSync(descriptor, bytes, 0, 2, 0) < 2 || bytes.readUInt16LE() !== GZIP) return 0;
    return readSync(descriptor, bytes, 0, 4, size - 4) < 4 ? 0 : bytes.readUInt32LE();
  } finally {
    closeSync(descriptor);
  }
}
