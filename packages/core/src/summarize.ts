import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { HelperThread } from "./helper-thread.js";
import { type ClassHistogram, classHistogram } from "./analysis/class-histogram.js";
import { type ClassTable, classes } from "./analysis/classes.js";
import { distances } from "./analysis/distances.js";
import { analyseHeap } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import { totalSelfSize } from "./graph/heap-graph.js";
import { checkMemory, type MemoryOptions } from "./memory-need.js";
import { discard } from "./parse/columns.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { begin, type RunOptions } from "./progress.js";
import { printableClass } from "./suspects/property-names.js";
import type { ClassSummary, SummaryReport } from "./report/summary-report.js";

/**
 * Says what fills one heap, class by class.
 * @throws SnapshotError for a file that cannot be read as a snapshot
 */
export async function summarize(
  file: string,
  options: RunOptions & Pick<MemoryOptions, "force"> = {},
): Promise<SummaryReport> {
  checkMemory([file], options);
  const helper = await helperFor(file);
  const raw = await readSnapshot(file, { ...options, ...(helper && { readers: [helper] }) }).finally(() =>
    helper?.end(),
  );
  await begin("graph", file, options);
  const graph = buildGraph(raw);
  await begin("dominators", file, options);
  const analysis = analyseHeap(graph);
  await begin("classes", file, options);
  discard(analysis.owner, analysis.retaining.bits);
  const table = classes(graph);
  const distance = distances(graph);
  const { file: name, nodeCount, edgeCount, edgeTarget } = graph;
  const totalBytes = totalSelfSize(graph) + graph.extraNativeBytes;
  // Nobody asks for the edges any more: what is made of them now can lie where they were.
  discard(graph.edgeName, graph.edgeType);
  const memory = edgeTarget.length >= 3 * nodeCount ? edgeTarget : undefined;
  const histogram = classHistogram(analysis, table, distance, memory);
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

/** Smaller files are read before a thread has started. */
const HELPER_FROM = 16 << 20;

async function helperFor(file: string): Promise<HelperThread | undefined> {
  const size =
    file === "-"
      ? 0
      : await stat(file).then(
          (found) => (found.isFile() ? found.size : 0),
          () => 0,
        );
  if (size < HELPER_FROM || availableParallelism() < 2) return undefined;
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
