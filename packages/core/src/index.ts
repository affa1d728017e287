export { explainRetainers } from "./explain-retainers.js";
export { findLeaks, type FindLeaksOptions } from "./find-leaks.js";
export { SnapshotError } from "./parse/snapshot-error.js";
export type { Progress, RunOptions } from "./progress.js";
export type * from "./report/leak-report.js";
export type * from "./report/retainers-report.js";
export type * from "./report/summary-report.js";
export { summarize } from "./summarize.js";
