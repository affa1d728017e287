import { type HeapAnalysis, withOriginals } from "./analysis/heap-analysis.js";
import { classes, type ClassTable } from "./analysis/classes.js";
import { inferShapes } from "./analysis/plain-object-shapes.js";
import {
  AFRESH,
  BY_NAME,
  sourceWarnings,
  warnBursts,
  warnOfCleanup,
  warnUnclear,
  WORTH_A_WARNING,
} from "./compare-warnings.js";
import { checkOptions, type CompareOptions, cyclesPerInterval } from "./compare-options.js";
import { type ClassGrowthTable, classGrowth } from "./diff/class-growth.js";
import { classGrowthByName, classTotals } from "./diff/class-totals.js";
import { type Comparison, compare } from "./diff/comparability.js";
import { type HolderGrowth, holderGrowth, putAllBack } from "./diff/holder-growth.js";
import { withLeftBehind } from "./diff/left-behind.js";
import { matchByName } from "./diff/match-by-name.js";
import { matchNodes } from "./diff/match-nodes.js";
import { sameIds } from "./diff/same-ids.js";
import { survivors } from "./diff/survivors.js";
import { bringAllEdges } from "./graph/edges-aside.js";
import { totalSelfSize } from "./graph/heap-graph.js";
import { idCensus } from "./graph/id-census.js";
import { isOfJavaScriptCore } from "./graph/jsc-names.js";
import { discard } from "./parse/columns.js";
import { begin } from "./progress.js";
import { buildReport, type Described } from "./report/build-report.js";
import { openSourcesOf } from "./open-sources.js";
import type { LeakReport, SnapshotSummary, Warning } from "./report/leak-report.js";
import type { SourceFiles } from "./sources/source-files.js";
import { fingerprints } from "./suspects/telling/fingerprint.js";
import { describe } from "./suspects/telling/describe.js";
import type { Finding } from "./suspects/growth/finding.js";
import { findByName } from "./suspects/find-by-name.js";
import { findHolders } from "./suspects/find-suspects.js";
import { sum, type Terms } from "./suspects/growth/growth-verdict.js";
import { keptBytes } from "./suspects/growth/kept.js";
import { gainedClasses } from "./suspects/telling/leaked-unit.js";
import { inWords, newModules } from "./suspects/telling/new-modules.js";
import { PathTree } from "./suspects/naming/path-tree.js";
import { textsOf } from "./suspects/telling/texts.js";

/** Bytes of growth, over all intervals, that count unless somebody says how many. */
const MIN_GROWTH = 4096;
/** Suspects in a report: more are consequences of the first ones. */
const MAX_SUSPECTS = 50;

/** What a report says of the same file twice. */
const NOTHING_FOUND = {
  byName: false,
  isNumberedAfresh: false,
  growth: null,
  classes: null,
  described: [],
  heldAtAll: null,
  bursts: [],
};

/**
 * Compares two or more analysed heaps, wherever they came from, and reports the holders that grow.
 * @throws the reason of `options.signal` when it stops the work
 */
export async function compareHeaps(
  analysed: readonly HeapAnalysis[],
  options: CompareOptions = {},
): Promise<LeakReport> {
  checkOptions(options, analysed.length);
  const { file } = analysed.at(-1)!.graph;
  const warnings: Warning[] = [];
  const heaps = inOrder(analysed, options, warnings);
  await begin("compare", file, options);
  const intervals = intervalsOf(heaps, options);
  const { comparisons } = intervals;
  const snapshots = heaps.map((heap, i) => summaryOf(heap, comparisons[i - 1]));
  const byName = comparisons.some(({ relation }) => relation === "other-process");
  const smallestLeak = options.minGrowth ?? MIN_GROWTH;
  // Between two processes there are neither cycles nor an action.
  const cleanup = options.cleanup === true && !byName;
  const cycles = byName ? null : cyclesPerInterval(options, heaps.length - 1);
  warnUnclear(comparisons, snapshots, warnings);
  const compared = { snapshots, comparisons, cleanup, cycles, smallestLeak, warnings };
  if (comparisons.some(({ relation }) => relation === "same-file"))
    return buildReport({ ...compared, ...NOTHING_FOUND });
  const isNumberedAfresh = byName && heaps.every(({ graph }) => isOfJavaScriptCore(graph));
  if (byName) warnings.push(isNumberedAfresh ? AFRESH : BY_NAME);
  const { tables, classes, ...grown } = grownIn(heaps, intervals, byName, cleanup);
  if (!cleanup && !byName) warnOfCleanup(snapshots, warnings);
  const sources = await openSourcesOf(options);
  const growth = toldBySources(grown.growth, sources);
  await begin("suspects", file, options);
  const told = toldOf(growth, tables, { floor: smallestLeak, cycles }, byName, options);
  if (byName) warnings.push(...newModules(growth, WORTH_A_WARNING).map(inWords));
  warnBursts(growth, told.bursts, warnings);
  putAllBack(growth);
  const report = buildReport({ ...compared, byName, isNumberedAfresh, growth, classes, ...told });
  return sources === null ? report : { ...report, warnings: [...warnings, ...sourceWarnings(sources, report)] };
}

/** What is known of each interval by ids alone. */
interface Intervals {
  readonly same: readonly Uint32Array[]; // the nodes with the same id, as from `sameIds`
  readonly comparisons: readonly Comparison[];
}

function intervalsOf(heaps: readonly HeapAnalysis[], options: CompareOptions): Intervals {
  const same: Uint32Array[] = [];
  const comparisons = oneByOne(heaps, (a, b, i) => {
    same[i] = sameIds(a.graph.nodeId, b.graph.nodeId);
    return comparisonOf(a, b, same[i], options);
  });
  return { same, comparisons };
}

/** What grew, by class and by holder. @param byName whether ids mean nothing */
function grownIn(heaps: readonly HeapAnalysis[], intervals: Intervals, byName: boolean, cleanup: boolean) {
  if (byName)
    for (const heap of heaps) {
      bringAllEdges(heap.graph);
      heap.bringTexts();
    }
  const tables = classTables(heaps);
  const classes = classGrowthOf(heaps, tables, byName ? null : intervals.same);
  const matches = matchesOf(heaps, intervals);
  const lived = survivors(heaps, matches);
  if (!cleanup) discard(...matches);
  const growth = holderGrowth(heaps, lived);
  const left = cleanup ? withLeftBehind(growth, matches) : growth;
  if (cleanup) discard(...matches);
  putAllBack(growth);
  return { tables, classes, growth: left };
}

/** The findings to tell, and those that only a warning is about. */
function toldOf(
  growth: HolderGrowth,
  tables: readonly ClassTable[],
  terms: Terms,
  byName: boolean,
  options: CompareOptions,
) {
  growth.heaps.at(-1)!.bringTexts();
  const find = byName ? findByName : findHolders;
  const all = find(growth, terms);
  // What gains entries may weigh less than the floor, unless somebody asked for just that.
  const least = options.minGrowth ?? 0;
  const told = all.filter((finding) => (keptBytes(growth, finding) ?? sum(finding.bytes)) >= least);
  putAllBack(growth);
  // What was left out has a holder: it is not to be called unexplained.
  const heldAtAll = least > MIN_GROWTH ? find(growth, { ...terms, floor: MIN_GROWTH }).filter(isToTell) : null;
  putAllBack(growth);
  const described = describeAll(growth, tables, told.filter(isToTell), options);
  return { described, heldAtAll, bursts: told.filter(({ judgement }) => judgement === "burst") };
}

function comparisonOf(a: HeapAnalysis, b: HeapAnalysis, same: Uint32Array, { distinct }: CompareOptions): Comparison {
  const comparison = compare(a.graph, b.graph, same);
  return distinct && comparison.relation === "same-file" ? { ...comparison, relation: "same-process" } : comparison;
}

/** What grew at the last only has a warning of its own. */
function isToTell({ judgement }: Finding): boolean {
  return judgement !== "burst";
}

/** Suspects are told by the last snapshot. */
function toldBySources(growth: HolderGrowth, sources: SourceFiles | null): HolderGrowth {
  if (sources === null) return growth;
  const last = growth.heaps.length - 1;
  return { ...growth, heaps: growth.heaps.with(last, withOriginals(growth.heaps[last]!, sources)) };
}

/** Per interval, who is who: by id within a process, else by name. */
function matchesOf(heaps: readonly HeapAnalysis[], { same, comparisons }: Intervals): Uint32Array[] {
  return oneByOne(heaps, (a, b, i) =>
    comparisons[i]!.relation === "other-process" ? matchByName(a, b) : matchNodes(a.graph, b.graph, same[i]),
  );
}

/** @param same the nodes with the same id, per interval; null if ids mean nothing */
function classGrowthOf(
  heaps: readonly HeapAnalysis[],
  tables: readonly ClassTable[],
  same: readonly Uint32Array[] | null,
): ClassGrowthTable {
  if (same === null) return classGrowthByName(heaps.map((heap, i) => classTotals(heap, tables[i]!)));
  return classGrowth(heaps, tables, same);
}

/** Looks at neighbouring heaps, the earliest first. Of a heap that comes no more the columns are put back. */
function oneByOne<T>(
  heaps: readonly HeapAnalysis[],
  look: (earlier: HeapAnalysis, later: HeapAnalysis, interval: number) => T,
): T[] {
  const results: T[] = [];
  for (const [i, [earlier, later]] of pairs(heaps).entries()) {
    results.push(look(earlier, later, i));
    earlier.putBack();
  }
  heaps.at(-1)!.putBack();
  return results;
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return list.slice(1).map((item, i) => [list[i]!, item]);
}

/** Puts snapshots into the order they were taken in, and says so if that is not how they were given. */
function inOrder(heaps: readonly HeapAnalysis[], { cycles = [] }: CompareOptions, warnings: Warning[]): HeapAnalysis[] {
  const newest = new Map(heaps.map((heap) => [heap, idCensus(heap.graph).newestId]));
  const sorted = [...heaps].sort((a, b) => newest.get(a)! - newest.get(b)!);
  if (sorted.every((heap, i) => newest.get(heap) === newest.get(heaps[i]!))) return [...heaps];
  // Ids of two processes say nothing about time.
  if (pairs(sorted).some(([a, b]) => compare(a.graph, b.graph).relation === "other-process")) return [...heaps];
  const order = sorted.map(({ graph }) => graph.file).join(", ");
  warnings.push({
    code: "reordered",
    message: `the files were not in the order they were taken in; they are compared as ${order}${cycles.length > 1 ? ", and the cycles are taken in this order too" : ""}`,
  });
  return sorted;
}

function summaryOf({ graph }: HeapAnalysis, before: Comparison | undefined): SnapshotSummary {
  return {
    file: graph.file,
    nodeCount: graph.nodeCount,
    edgeCount: graph.edgeCount,
    totalBytes: totalSelfSize(graph) + graph.extraNativeBytes,
    comparability: before?.relation ?? "first",
  };
}

/** The shapes of plain objects are those of the last snapshot in all, as in DevTools' comparison. */
function classTables(heaps: readonly HeapAnalysis[]): ClassTable[] {
  const last = heaps.at(-1)!;
  const shapes = inferShapes(last.graph, last.layouts);
  return heaps.map((heap) => classes(heap.graph, heap.layouts, shapes, heap.groups));
}

function describeAll(
  growth: HolderGrowth,
  tables: readonly ClassTable[],
  all: readonly Finding[],
  { showStrings }: CompareOptions,
): Described[] {
  const findings = all.slice(0, MAX_SUSPECTS);
  if (findings.length === 0) return [];
  const gained = gainedClasses(growth, findings, tables);
  const tree = new PathTree(growth.heaps.at(-1)!);
  const descriptions = findings.map((finding, i) => describe(growth, tree, finding, gained[i]!));
  const prints = fingerprints(descriptions.map(({ identity }) => identity));
  return findings.map((finding, i) => ({
    finding,
    classes: gained[i]!,
    description: descriptions[i]!,
    fingerprint: prints[i]!,
    texts: showStrings ? textsOf(growth, finding) : null,
  }));
}
