import type { MemorySample } from "./memory-sample.js";

/** Snapshots of one process, and what its memory was meanwhile. */
export interface Capture {
  /** Complete snapshots of one process, oldest first. */
  readonly files: readonly string[];
  /**
   * What was done between each two files: requests, or runs of the load where it is not made of requests. Empty where
   * nobody counts.
   */
  readonly loads: readonly number[];
  /** What `loads` counts: requests, or cycles of another load, each of which is one run of it. */
  readonly unit: "request" | "run";
  /** In order of time; of the process that the files are of. */
  readonly samples: readonly MemorySample[];
  /** Position in `samples` of the last one before each file. */
  readonly marks: readonly number[];
  /** Why there are no more files than these. */
  readonly ended: "complete" | "interrupted" | "out-of-memory" | "exited";
  /** A sentence about it, unless it is complete. */
  readonly reason: string | undefined;
  /** What else is worth knowing, a sentence each. */
  readonly notes: readonly string[];
  /** The program's log: all it printed, standard output and standard error as they came. */
  readonly log: string | undefined;
}

/** What happens while snapshots are taken, as it happens. */
export type CaptureEvent =
  /** The program was started. */
  | { readonly kind: "started"; readonly pid: number; readonly command: readonly string[] }
  /** It can take load; `pid` and `runtime` (as "Node 22.11.0") are those of the process, unless it is a page. */
  | {
      readonly kind: "ready";
      readonly pid: number | undefined;
      readonly runtime: string | undefined;
      readonly url: string | undefined;
      /** Snapshots, and cycles of load, that will be; 0 where others put load on it. */
      readonly snapshots: number;
      readonly cycles: number;
    }
  /** The heap that was asked for is there, such as "worker thread 3 (render.js)". */
  | { readonly kind: "heap"; readonly name: string }
  /** A cycle of load begins; `cycle` counts from 1. */
  | { readonly kind: "cycle"; readonly cycle: number; readonly cycles: number; readonly warmup: boolean }
  /** Memory after a cycle, or before the first. */
  | { readonly kind: "sample"; readonly sample: MemorySample }
  /** A snapshot is being written: called for each chunk, and a last time with `complete`. */
  | {
      readonly kind: "snapshot";
      readonly file: string;
      /** Of the JSON text so far. */
      readonly bytes: number;
      readonly number: number;
      readonly snapshots: number;
      readonly complete: boolean;
    }
  /** It died of a full heap and is started again with less load, so that all snapshots lie before that point. */
  | { readonly kind: "restart"; readonly reason: string }
  | { readonly kind: "note"; readonly message: string };
