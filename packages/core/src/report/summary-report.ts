import type { SourceLocation } from "./leak-report.js";

/** One snapshot: what fills the heap. Plain JSON. */
export interface SummaryReport {
  readonly version: 1;
  readonly file: string;
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly totalBytes: number;
  /** What keeps most of it alive, most bytes first: whatever keeps a hundredth of the heap, but 20 at most. */
  readonly holders: readonly HolderSummary[];
  /** Classes as DevTools groups them, largest retained size first. */
  readonly classes: readonly ClassSummary[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Something of the program's that keeps much alive. Nothing says that it grows. */
export interface HolderSummary {
  /** What it is, what the program calls it, and where that is. */
  readonly title: string;
  /** As of a suspect in a leak report. */
  readonly kind: string;
  readonly nodeId: number;
  /** It and what it holds, without what other holders in this list do. Of what several hold each keeps all. */
  readonly bytes: number;
  readonly location: SourceLocation | null;
  /** Null where they cannot be counted. */
  readonly entries: { readonly count: number; readonly word: string } | null;
  /** The class of most of what it holds, going by the newest; null if there is none. */
  readonly holds: string | null;
  /** Titles of others that hold the same things, of eight at most: cutting one of them frees nothing. */
  readonly alsoHeldBy: readonly string[];
}

export interface ClassSummary {
  readonly name: string;
  readonly count: number;
  readonly selfSize: number;
  readonly retainedSize: number;
  /** Least distance of any of its objects; 100,000,000 and more: only V8 refers to them, or nothing does. */
  readonly distance: number;
}
