import type { RunOptions } from "./progress.js";
import type { LeakReport } from "./report/leak-report.js";

export interface FindLeaksOptions extends RunOptions {
  /** Holders that grew by less than this many bytes in all are no suspects. */
  readonly minGrowth?: number;
}

/**
 * Compares two or more snapshots of one process and names the holders that grow.
 * @throws SnapshotError for a file that cannot be read as a snapshot
 */
export async function findLeaks(_files: readonly string[], _options: FindLeaksOptions = {}): Promise<LeakReport> {
  throw new Error("not yet");
}
