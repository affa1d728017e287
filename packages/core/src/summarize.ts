import type { RunOptions } from "./progress.js";
import type { SummaryReport } from "./report/summary-report.js";

/** Says what fills one heap, class by class. @throws SnapshotError */
export async function summarize(_file: string, _options: RunOptions = {}): Promise<SummaryReport> {
  throw new Error("not yet");
}
