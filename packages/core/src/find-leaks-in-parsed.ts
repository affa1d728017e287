import { analyseHeap } from "./analysis/heap-analysis.js";
import { compareHeaps } from "./compare-heaps.js";
import { checkOptions, type CompareOptions } from "./compare-options.js";
import { buildGraph } from "./graph/build-graph.js";
import {
  type FromParserOptions,
  fromHeapSnapshotParser,
  type ParsedSnapshot,
} from "./parse/from-heapsnapshot-parser.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import type { LeakReport } from "./report/leak-report.js";

/** A snapshot that the npm package `heapsnapshot-parser` has read. */
export interface ParsedFile extends FromParserOptions {
  /** What its `parse` returned. */
  readonly parsed: ParsedSnapshot;
}

/**
 * `findLeaks` for whoever has parsed the snapshots with `heapsnapshot-parser` already; the report is the same where the
 * JSON is given as well. That package takes a file as one string, so that none is larger than 512 MB, and makes an object
 * of each node: `findLeaks` needs a tenth of the memory.
 * @throws SnapshotError if there are fewer than two, or one contradicts itself; RangeError for options that make no sense
 */
export async function findLeaksInParsed(
  snapshots: readonly ParsedFile[],
  options: CompareOptions = {},
): Promise<LeakReport> {
  if (snapshots.length < 2)
    throw new SnapshotError("too-few", snapshots[0]?.file ?? "", "two or more snapshots are needed to compare");
  checkOptions(options, snapshots.length);
  const heaps = snapshots.map(({ parsed, ...more }, i) => {
    const file = more.file ?? `snapshot ${i + 1}`;
    return analyseHeap(buildGraph(fromHeapSnapshotParser(parsed, { ...more, file })));
  });
  return compareHeaps(heaps, options);
}
