import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { HelperThread } from "./helper-thread.js";
import { type ClassHistogram, classHistogram } from "./analysis/class-histogram.js";
import { type ClassTable, classOf } from "./analysis/classes.js";
import { inMemory, retainedHeap, withOriginals } from "./analysis/heap-analysis.js";
import { storageOwners } from "./analysis/storage-owners.js";
import { tally, tallyRoom } from "./analysis/tally.js";
import type { CompareOptions } from "./compare-options.js";
import { buildGraph } from "./graph/build-graph.js";
import { type HeapGraph, type NodeIndex, totalSelfSize } from "./graph/heap-graph.js";
import { retainingEdges } from "./graph/retaining-edges.js";
import { checkMemory, type MemoryOptions } from "./memory-need.js";
import { openSourcesOf } from "./open-sources.js";
import { discard } from "./parse/columns.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { begin, type RunOptions } from "./progress.js";
import { sourceLocation } from "./report/source-location.js";
import type { ClassSummary, HolderSummary, SummaryReport } from "./report/summary-report.js";
import type { SourceFiles } from "./sources/source-files.js";
import { largestHolders, type NamedHolder } from "./suspects/largest-holders.js";
import { printableClass } from "./suspects/naming/property-names.js";

export interface SummarizeOptions extends RunOptions, Pick<MemoryOptions, "force">, Pick<CompareOptions, "sourceRoot"> {
  /** Files of this many bytes and more are worked on by two threads; 0: all, Infinity: none. */
  readonly helperFrom?: number;
}

/** Smaller files are read before a thread has started. */
const HELPER_FROM = 16 << 20;

/**
 * Says what fills one heap: which holders keep most of it alive, and what there is, class by class.
 * @throws SnapshotError for a file that cannot be read as a snapshot
 */
export async function summarize(file: string, options: SummarizeOptions = {}): Promise<SummaryReport> {
  const sources = await openSourcesOf(options);
  checkMemory([file], options);
  const helper = await helperFor(file, options.helperFrom ?? HELPER_FROM);
  try {
    return await summary(file, options, sources, helper);
  } finally {
    helper?.end();
  }
}

async function summary(
  file: string,
  options: RunOptions,
  sources: SourceFiles | null,
  helper: HelperThread | undefined,
): Promise<SummaryReport> {
  const raw = await readSnapshot(file, { ...options, ...(helper && { readers: [helper] }) });
  await begin("graph", file, options);
  const graph = buildGraph(raw);
  await begin("dominators", file, options);
  // What a thread that is lost was to find out is found out here.
  const elsewhere = helper?.tally(graph, tallyRoom(graph)).catch(() => undefined);
  const totalBytes = totalSelfSize(graph) + graph.extraNativeBytes;
  const retaining = retainingEdges(graph);
  let owner: Uint32Array = new Uint32Array(0);
  const heap = retainedHeap(graph, retaining, () => {
    const owned = storageOwners(graph);
    owner = owned.owner;
    return owned.ownedSize;
  });
  await begin("classes", file, options);
  const { table, distance } = (await elsewhere) ?? tally(graph);
  helper?.end(); // its memory is for what follows
  const histogram = classHistogram(heap, table, distance);
  discard(distance);
  await begin("suspects", file, options);
  const inside = inMemory({ graph, retaining, owner, ...heap });
  const held = largestHolders(sources === null ? inside : withOriginals(inside, sources));
  const holders = held.map((each) => holderRow(graph, table, each));
  const { file: name, nodeCount, edgeCount } = graph;
  return {
    version: 1,
    file: name,
    nodeCount,
    edgeCount,
    totalBytes,
    holders,
    classes: classRows(table, histogram),
    warnings: (sources?.faults ?? [])
      .filter(({ script }) => holders.some(({ location }) => location?.file === script))
      .map(({ code, message }) => ({ code, message })),
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

function holderRow(graph: HeapGraph, table: ClassTable, holder: NamedHolder): HolderSummary {
  const { title, kind, bytes, position, entries, samples, others } = holder;
  return {
    title,
    kind,
    nodeId: graph.nodeId[holder.container]!,
    bytes,
    location: sourceLocation(position),
    entries,
    holds: mostOf(samples.map((node) => className(table, node))),
    alsoHeldBy: others,
  };
}

function className(table: ClassTable, node: NodeIndex): string {
  return printableClass(table.names[classOf(table, node)]!);
}

/** What more than half of some names are; null if none is. */
function mostOf(names: readonly string[]): string | null {
  return names.find((name) => names.filter((other) => other === name).length > names.length / 2) ?? null;
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
