import type { PathStep, SourceLocation } from "./leak-report.js";

/** Why one object is alive. Plain JSON. */
export interface RetainersReport {
  readonly version: 1;
  readonly file: string;
  readonly node: {
    readonly id: number;
    readonly type: string;
    readonly name: string;
    readonly class: string;
    readonly selfSize: number;
    readonly retainedSize: number;
    /** References from a root, as DevTools counts them; -1 if only V8 itself leads to it, or nothing does. */
    readonly distance: number;
    readonly location: SourceLocation | null;
  };
  /** From a root to the object. Empty if no strong path leads to it. */
  readonly path: readonly PathStep[];
  /** Who refers to it directly, best first; `omitted` says how many more there are. */
  readonly retainers: readonly DirectRetainer[];
  readonly omitted: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export interface DirectRetainer {
  /** How it refers to the object, as in "property `rows` of Table". */
  readonly words: string;
  readonly edge: { readonly type: string; readonly name: string };
  readonly node: { readonly id: number; readonly type: string; readonly name: string };
  /** As of the object itself. */
  readonly distance: number;
}
