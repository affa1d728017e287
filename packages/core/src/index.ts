import type * as explaining from "./explain-retainers.js";
import type * as finding from "./find-leaks.js";
import type * as findingInParsed from "./find-leaks-in-parsed.js";
import type * as summing from "./summarize.js";

export type { CompareOptions } from "./compare-options.js";
export type { FindLeaksOptions } from "./find-leaks.js";
export type { ParsedFile } from "./find-leaks-in-parsed.js";
export { SnapshotError } from "./parse/snapshot-error.js";
export { countsAsLeak } from "./report/counts-as-leak.js";
export type { Progress, RunOptions } from "./progress.js";
export type * from "./report/leak-report.js";
export type * from "./report/retainers-report.js";
export type * from "./report/summary-report.js";

// Each loads its own modules when it is called: with all of them the process starts a small snapshot's time later.

/** {@inheritDoc finding.findLeaks} */
export const findLeaks: typeof finding.findLeaks = async (...args) =>
  (await import("./find-leaks.js")).findLeaks(...args);

/** {@inheritDoc findingInParsed.findLeaksInParsed} */
export const findLeaksInParsed: typeof findingInParsed.findLeaksInParsed = async (...args) =>
  (await import("./find-leaks-in-parsed.js")).findLeaksInParsed(...args);

/**
 * Starts the threads that `findLeaks` is going to read these files with, so that they are ready when it is called. Until
 * then they do not keep the process alive. Of few or small files there is nothing to do, nor of what is no file.
 */
export const prepare = async (files: readonly string[]): Promise<void> =>
  (await import("./load-threads.js")).startAhead(files);

/** {@inheritDoc summing.summarize} */
export const summarize: typeof summing.summarize = async (...args) =>
  (await import("./summarize.js")).summarize(...args);

/** {@inheritDoc explaining.explainRetainers} */
export const explainRetainers: typeof explaining.explainRetainers = async (...args) =>
  (await import("./explain-retainers.js")).explainRetainers(...args);
