/** One snapshot: what fills the heap. Plain JSON. */
export interface SummaryReport {
  readonly version: 1;
  readonly file: string;
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly totalBytes: number;
  /** Classes as DevTools groups them, largest retained size first. */
  readonly classes: readonly ClassSummary[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export interface ClassSummary {
  readonly name: string;
  readonly count: number;
  readonly selfSize: number;
  readonly retainedSize: number;
  /** Least distance of any of its objects; 100,000,000 and more: only V8 refers to them, or nothing does. */
  readonly distance: number;
}
