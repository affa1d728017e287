import { checkOptions, type CompareOptions, compareHeaps, openSourcesOf } from "./compare-heaps.js";
import { loadHeaps } from "./load-heaps.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { LeakReport } from "./report/leak-report.js";

export type FindLeaksOptions = CompareOptions;

/**
 * Compares two or more snapshots of one process and names the holders that grow.
 * @throws SnapshotError for a file that cannot be read as a snapshot, RangeError for options that make no sense
 */
export async function findLeaks(files: readonly string[], options: FindLeaksOptions = {}): Promise<LeakReport> {
  if (files.length < 2)
    throw new SnapshotError(
      "too-few",
      files[0] ?? "",
      "two or more snapshots are needed to compare; take another one later",
    );
  checkOptions(options, files.length);
  await openSourcesOf(options); // what is wrong with the folder is said before minutes of work
  return compareHeaps(await loadHeaps(files, options), options);
}
