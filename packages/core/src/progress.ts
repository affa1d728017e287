/** What is being done; told while it is done, so that a user sees that it goes on. */
export interface Progress {
  readonly file: string;
  readonly stage: "read" | "graph" | "dominators" | "compare" | "suspects";
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
