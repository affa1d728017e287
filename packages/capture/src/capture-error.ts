import type { Capture } from "./capture.js";

/** What went wrong, as a stable word. */
export type CaptureErrorCode =
  | "bad-option"
  | "cannot-start"
  | "exited"
  | "out-of-memory"
  | "not-ready"
  | "port-in-use"
  | "no-inspector"
  | "load-failed"
  | "not-enough-memory"
  | "cannot-write"
  | "not-found";

/** Something the user can see and mend. `message` is one sentence, or a few lines. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
  readonly code: CaptureErrorCode;
  /** The last lines of what was printed, as it was: escape them before they go to a terminal. */
  readonly output: readonly string[];
  /** Who printed that: the program, or the command that put load on it. */
  readonly printedBy: "program" | "load";
  /** What there is all the same: samples of its memory, and less than two snapshots. */
  readonly capture: Capture | undefined;

  constructor(
    code: CaptureErrorCode,
    message: string,
    more: {
      readonly output?: readonly string[];
      readonly printedBy?: "program" | "load";
      readonly capture?: Capture;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.output = more.output ?? [];
    this.printedBy = more.printedBy ?? "program";
    this.capture = more.capture;
  }
}
