/**
 * What leakdiff says of two or more snapshots: plain JSON, the one result of the library. Renderers and gates see
 * nothing else. All sizes are bytes; all lines and columns are 1-based; arrays named "per interval" have one entry
 * for each pair of neighbouring snapshots, in order.
 *
 * `version` rises when a field changes its meaning or goes away; new fields do not raise it.
 */
export interface LeakReport {
  readonly version: 1;
  /**
   * `leak`: something grew in every interval, or something is left after cleaning up. `no-leak`: nothing did. `grew`:
   * something grew, and two snapshots cannot say more. `cannot-tell`: the snapshots do not allow an answer, or much of
   * steady growth has no holder; `sentence` says which.
   */
  readonly verdict: Verdict;
  /** The verdict as one sentence for people. */
  readonly sentence: string;
  /**
   * `by-id`: objects are told apart by V8's ids. `by-name`: snapshots of different processes were given, so objects are
   * paired by what the program calls them, which is weaker: `suspects` are what is larger, and `grew` is all that is
   * said of them.
   */
  readonly comparison: "by-id" | "by-name";
  readonly snapshots: readonly SnapshotSummary[];
  /**
   * True if the snapshots were taken before an action, after it and after cleaning up, as the caller said; false where
   * they are of several processes.
   */
  readonly cleanup: boolean;
  /**
   * How often the process did its work, per interval, as the caller said; null if nobody did, or where the snapshots
   * are of several processes. With `cleanup` there is one number, how often the action was done.
   */
  readonly cycles: readonly number[] | null;
  readonly totals: Totals;
  /** Growth over all intervals, in bytes, below which a holder was not reported. */
  readonly smallestLeak: number;
  /** Classes whose count or bytes changed, most growth first. */
  readonly classes: readonly ClassGrowth[];
  /** What holds the growth, best suspect first. Those that settled or decay come last. */
  readonly suspects: readonly Suspect[];
  readonly warnings: readonly Warning[];
}

export type Verdict = "leak" | "no-leak" | "grew" | "cannot-tell";

export interface SnapshotSummary {
  /** The file as it was given, or `standard input`. */
  readonly file: string;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Sum of the self sizes of all nodes, and of native bytes that belong to none. */
  readonly totalBytes: number;
  /** How this snapshot compares with the one before it. */
  readonly comparability: Comparability;
}

/**
 * `first`: there is none before. `same-process`: objects can be told apart by id. `same-file`: it is the same snapshot
 * twice. `other-process`: ids mean other objects. `unclear`: too many ids disagree to be sure.
 */
export type Comparability = "first" | "same-process" | "same-file" | "other-process" | "unclear";

/** Heap growth per interval and what explains it: `growth = suspects + settled + leftOut + engine + unexplained`. */
export interface Totals {
  readonly growth: readonly number[];
  /** Held by suspects that count as a leak. */
  readonly suspects: readonly number[];
  /** Held by holders that stopped growing. */
  readonly settled: readonly number[];
  /** Held by holders that grew by less than `minGrowth` asked for; 0 where nothing was asked. */
  readonly leftOut: readonly number[];
  /** Compiled code, hidden classes, feedback: what V8 keeps for itself. */
  readonly engine: readonly number[];
  readonly unexplained: readonly number[];
}

/** One class in every interval. Classes are grouped as DevTools groups them. */
export interface ClassGrowth {
  readonly name: string;
  /** Sum of `bytes` of all intervals; what the list is sorted by. */
  readonly bytes: number;
  readonly intervals: readonly ClassInterval[];
}

export interface ClassInterval {
  /** Objects in the later snapshot only; compared by name the net gain of the class, or 0. */
  readonly born: Tally;
  /** Objects in the earlier snapshot only; compared by name the net loss of the class, or 0. */
  readonly died: Tally;
  /**
   * Objects in both snapshots; `bytes` is what they weigh in the later one. Compared by name the lesser of both
   * snapshots' totals.
   */
  readonly survived: Tally;
  /** Growth of the class: born minus died, plus what survivors gained. */
  readonly bytes: number;
}

export interface Tally {
  readonly count: number;
  readonly bytes: number;
}

export interface Suspect {
  /** The line a person reads first: what it is, what it is called, where it is. */
  readonly title: string;
  /** Id of the holder kind, as in the documentation: `module-array`, `map-cache` ... */
  readonly kind: string;
  readonly verdict: GrowthVerdict;
  /** One sentence a developer can act on. */
  readonly advice: string;
  readonly holder: Holder;
  readonly growth: Growth;
  readonly leaked: LeakedUnit;
  /** With `showStrings`, texts of the heap by which a person may recognise what leaks; null otherwise. */
  readonly texts: readonly HeapText[] | null;
  /** Titles of other holders of the same objects: cutting the path of one of them frees nothing. */
  readonly alsoHeldBy: readonly string[];
  /** Titles of what grows at the same pace as a consequence, such as other tables of the same library or the elements that show it; their growth is counted here. */
  readonly growAlong: readonly string[];
  /** From a root to the holder, then to a sample of what is leaked (steps after `holder: true`). */
  readonly path: readonly PathStep[];
  /** The same in another run, after a rebuild and in another Node version. */
  readonly fingerprint: string;
}

/** `grew` is all that two snapshots can say, and three of which the last was taken after cleaning up. */
export type GrowthVerdict = "growing" | "settled" | "stepped" | "decaying" | "turnover" | "filling" | "grew";

export interface Holder {
  /** Variable, property or class name, as the source has it where `sourceRoot` told; empty where it has none. */
  readonly name: string;
  readonly class: string;
  /** V8's `@id`, in the last snapshot. */
  readonly nodeId: number;
  readonly location: SourceLocation | null;
  /** The module whose scope it belongs to, as a path or URL from the snapshot. */
  readonly module: string | null;
}

/** A place in the file that ran. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The same place in the source; null if no `sourceRoot` was given, or the source is not there. */
  readonly original: OriginalLocation | null;
}

/** A place in a source file as its author wrote it. */
export interface OriginalLocation {
  /** Path from where `sourceRoot` was given; of a source that is not on disk, as its map calls it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What the source calls what stands there; null where that is not known. */
  readonly name: string | null;
  /** The line of source, or of a long one the part around the place, behind `…`; null if no file has it. */
  readonly text: string | null;
}

export interface Growth {
  /** Own growth per interval. */
  readonly bytes: readonly number[];
  /** Growth of the number of entries per interval; null where entries cannot be counted. */
  readonly entries: readonly number[] | null;
  /** Entries in each snapshot (one more than intervals); null where they cannot be counted. */
  readonly entryCounts: readonly number[] | null;
  /** What `entryCounts` counts: "elements", "entries", "listeners" ... */
  readonly entryWord: string | null;
  /** With `cleanup`, bytes of what the action made that the holder keeps; null otherwise. */
  readonly kept: number | null;
  /** What one cycle adds; null where nobody said how many there were. */
  readonly perCycle: PerCycle | null;
  /** Retained size in each snapshot. */
  readonly retained: readonly number[];
}

/** Growth divided by the cycles of the interval. With `cleanup` there is one figure: what is left of each action. */
export interface PerCycle {
  /** Per interval. */
  readonly bytes: readonly number[];
  /** Per interval; null where entries cannot be counted. */
  readonly entries: readonly number[] | null;
  /** True if `entries` come out even in every interval: each cycle seems to add so many. */
  readonly whole: boolean;
}

/** What one bug keeps alive, as classes that grow together. */
export interface LeakedUnit {
  /** In words, for people. */
  readonly words: string;
  readonly classes: readonly LeakedClass[];
}

export interface LeakedClass {
  readonly name: string;
  /** Born less died, over all intervals. */
  readonly count: number;
  readonly bytes: number;
}

export interface HeapText {
  /** Where it stood: `key`, `value`, `.url` or `[0].name` of a leaked object, `[…]` of the holder's own name. */
  readonly of: string;
  readonly text: string;
}

export interface PathStep {
  /** The step in words: "variable `cache`", "entry of Map", "listener of \"connect\"". */
  readonly words: string;
  /** The edge that leads to `node`; null for the first step. */
  readonly edge: { readonly type: string; readonly name: string } | null;
  readonly node: { readonly id: number; readonly type: string; readonly name: string };
  readonly location: SourceLocation | null;
  /** True for V8's own steps, which print leaves out. */
  readonly internal: boolean;
  /** True for the one step that is the holder. */
  readonly holder: boolean;
}

export interface Warning {
  /** Stable name of the warning, for machines. */
  readonly code: string;
  readonly message: string;
}
