import { type HeapAnalysis, analyseHeap } from "./analysis/heap-analysis.js";
import { type CompareOptions, compareHeaps } from "./compare-heaps.js";
import { buildGraph } from "./graph/build-graph.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { LeakReport } from "./report/leak-report.js";

export type FindLeaksOptions = CompareOptions;

/**
 * Compares two or more snapshots of one process and names the holders that grow.
 * @throws SnapshotError for a file that cannot be read as a snapshot
 */
export async function findLeaks(files: readonly string[], options: FindLeaksOptions = {}): Promise<LeakReport> {
  if (files.length < 2)
    throw new SnapshotError(
      "too-few",
      files[0] ?? "",
      "two or more snapshots are needed to compare; take another one later",
    );
  const heaps: HeapAnalysis[] = [];
  for (const file of files) {
    const graph = buildGraph(await readSnapshot(file, options));
    options.signal?.throwIfAborted();
    options.onProgress?.({ file, stage: "dominators", done: 0, total: 0 });
    heaps.push(analyseHeap(graph));
  }
  return compareHeaps(heaps, options);
}
