/**
 * Memory of a process at one moment, in bytes. What is not known is left out; lists of samples are in the order in which
 * they were taken.
 */
export interface MemorySample {
  /** Bytes of V8's heap in use. */
  readonly heapUsed: number;
  /** Bytes outside of V8's heap that its objects own, ArrayBuffers included. */
  readonly external?: number;
  /** Resident set size. */
  readonly rss?: number;
  /** Bytes at which V8 gives up. */
  readonly heapLimit?: number;
  /** Milliseconds, since 1970 or since any moment that is the same for all samples. */
  readonly at?: number;
  /** Load cycles done since the process started, warm-up included. */
  readonly cycle?: number;
  /** Requests done since the process started. */
  readonly requests?: number;
  /** True if garbage was collected right before: `heapUsed` is then what the program holds on to, and no more. */
  readonly collected?: boolean;
  /** Tells one process from another, such as a pid: where it changes, the program was restarted. */
  readonly process?: number;
}
