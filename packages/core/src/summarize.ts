import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { HelperThread } from "./helper-thread.js";
import { type ClassHistogram, classHistogram } from "./analysis/class-histogram.js";
import type { ClassTable } from "./analysis/classes.js";
import { retainedHeap } from "./analysis/heap-analysis.js";
import { storageOwners, summable } from "./analysis/storage-owners.js";
import { tally, tallyRoom } from "./analysis/tally.js";
import { buildGraph } from "./graph/build-graph.js";
import { totalSelfSize } from "./graph/heap-graph.js";
import { retainingEdges } from "./graph/retaining-edges.js";
import { checkMemory, type MemoryOptions } from "./memory-need.js";
import { discard } from "./parse/columns.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { begin, type RunOptions } from "./progress.js";
import { printableClass } from "./suspects/naming/property-names.js";
import type { ClassSummary, SummaryReport } from "./report/summary-report.js";

export interface SummarizeOptions extends RunOptions, Pick<MemoryOptions, "force"> {
  /** Files of this many bytes and more are worked on by two threads; 0: all, Infinity: none. */
  readonly helperFrom?: number;
}

/** Smaller files are read before a thread has started. */
const HELPER_FROM = 16 << 20;

/**
 * Says what fills one heap, class by class.
 * @throws SnapshotError for a file that cannot be read as a snapshot
 */
export async function summarize(file: string, options: SummarizeOptions = {}): Promise<SummaryReport> {
  checkMemory([file], options);
  const helper = await helperFor(file, options.helperFrom ?? HELPER_FROM);
  try {
    return await summary(file, options, helper);
  } finally {
    helper?.end();
  }
}

async function summary(file: string, options: RunOptions, helper: HelperThread | undefined): Promise<SummaryReport> {
  const raw = await readSnapshot(file, { ...options, ...(helper && { readers: [helper] }) });
  await begin("graph", file, options);
  const graph = buildGraph(raw);
  await begin("dominators", file, options);
  // What a thread that is lost was to find out is found out here.
  const elsewhere = helper?.tally(graph, tallyRoom(graph)).catch(() => undefined);
  const totalBytes = totalSelfSize(graph) + graph.extraNativeBytes;
  const retaining = retainingEdges(graph);
  const { owner, ownedSize } = storageOwners(graph, summable(graph, graph.selfSize));
  discard(owner);
  const heap = retainedHeap(graph, retaining, ownedSize);
  discard(retaining.bits);
  await begin("classes", file, options);
  const { table, distance } = (await elsewhere) ?? tally(graph);
  const { file: name, nodeCount, edgeCount } = graph;
  discard(graph.edgeName, graph.edgeType, graph.edgeTarget);
  const histogram = classHistogram(heap, table, distance);
  return {
    version: 1,
    file: name,
    nodeCount,
    edgeCount,
    totalBytes,
    classes: classRows(table, histogram),
    warnings: [],
  };
}

/** Another thread, where the file is worth it and the process may start one. */
async function helperFor(file: string, least: number): Promise<HelperThread | undefined> {
  if (file === "-" || availableParallelism() < 2) return undefined;
  const found = await stat(file).catch(() => undefined); // whoever reads the file says what is wrong with it
  if (found === undefined || !found.isFile() || found.size < least) return undefined;
  try {
    return new HelperThread();
  } catch {
    return undefined;
  }
}

/** Largest retained size first; classes whose bytes all belong to others are left out. */
function classRows({ names }: ClassTable, histogram: ClassHistogram): ClassSummary[] {
  const { count, selfSize, retainedSize, distance } = histogram;
  return names
    .map((name, index) => ({
      name: printableClass(name),
      count: count[index]!,
      selfSize: selfSize[index]!,
      retainedSize: retainedSize[index]!,
      distance: distance[index]!,
    }))
    .filter((row) => row.count > 0)
    .sort((a, b) => b.retainedSize - a.retainedSize || b.selfSize - a.selfSize || (a.name < b.name ? -1 : 1));
}
