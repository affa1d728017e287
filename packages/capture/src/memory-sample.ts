/** Memory of a process at one moment, in bytes. */
export interface MemorySample {
  /** Load cycles done since the process started, warm-up included. */
  readonly cycle: number;
  /** Requests (or whatever one unit of load is) done since the process started. */
  readonly requests: number;
  /** Seconds since the first sample. */
  readonly seconds: number;
  /** Bytes of V8's heap in use. */
  readonly heapUsed: number;
  /** Bytes outside of V8's heap that its objects own, ArrayBuffers included; undefined where nobody tells. */
  readonly external?: number;
  /** Resident set size; undefined where nobody tells. */
  readonly rss?: number;
  /** Bytes at which V8 gives up; undefined where nobody tells. */
  readonly heapLimit?: number;
  /** True if garbage was collected right before. */
  readonly collected: boolean;
}
