import { setImmediate as otherWork } from "node:timers/promises";

/** What is being done; told while it is done, so that a user sees that it goes on. */
export interface Progress {
  readonly file: string;
  readonly stage: "read" | "graph" | "dominators" | "classes" | "compare" | "suspects";
  /** Bytes done and to do while reading (0 to do: unknown, as for a pipe); otherwise 0 and 0. */
  readonly done: number;
  readonly total: number;
}

export interface RunOptions {
  /** Called often and cheaply; must not throw. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the work; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Begins a stage: tells it, and gives others a turn first. Stages do not pause, so this is where whoever aborts the
 * signal gets to do it: two turns, as what came meanwhile, such as Ctrl-C, is not seen before the second.
 */
export async function begin(stage: Progress["stage"], file: string, options: RunOptions): Promise<void> {
  await otherWork();
  await otherWork();
  options.signal?.throwIfAborted();
  options.onProgress?.({ file, stage, done: 0, total: 0 });
}
