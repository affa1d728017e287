import type { Readable } from "node:stream";
import type { attach, captureSnapshots, trend } from "@leakdiff/capture";
import type { explainRetainers, findLeaks, Progress, summarize } from "@leakdiff/core";

/** Where text goes: a stream, or what a test puts in its place. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Where text comes from. */
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** The three functions of `@leakdiff/core` that the commands call. */
export interface Core {
  readonly findLeaks: typeof findLeaks;
  readonly summarize: typeof summarize;
  readonly explainRetainers: typeof explainRetainers;
}

/** The functions of `@leakdiff/capture` that the commands call. */
export interface Capturing {
  readonly attach: typeof attach;
  readonly captureSnapshots: typeof captureSnapshots;
  readonly trend: typeof trend;
}

/** Everything of the process that `main` sees. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where Enter is pressed and logs come from; opened only when it is read. The process's own, unless given. */
  readonly stdin?: () => Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the work: nothing is printed to `stdout` then, unless two snapshots have been taken. */
  readonly signal?: AbortSignal;
  /** Told what is being done. In every stage but `capture` and `read` nothing else runs, and `signal` is not heard. */
  readonly onProgress?: (progress: Progress | { readonly stage: "capture" }) => void;
  /** Replaces `@leakdiff/core`. */
  readonly core?: Core;
  /** Replaces `@leakdiff/capture`. */
  readonly capture?: Capturing;
  /** The time, unless it is now. */
  readonly now?: () => Date;
}

/** Where lines can be drawn over, as on all terminals but those that know no commands, such as an editor's shell. */
export function isScreen({ isTTY }: Output, env: Surroundings["env"]): boolean {
  return isTTY === true && env["TERM"] !== "dumb";
}

export function standardInput({ stdin }: Surroundings): Input {
  return stdin?.() ?? process.stdin;
}
