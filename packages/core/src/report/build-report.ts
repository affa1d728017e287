import type { ClassGrowthTable } from "../diff/class-growth.js";
import type { Comparison } from "../diff/comparability.js";
import type { HolderGrowth } from "../diff/holder-growth.js";
import type { SurvivorIndex } from "../diff/survivors.js";
import { type ByteColumn, NO_NODE } from "../graph/heap-graph.js";
import type { Description } from "../suspects/telling/describe.js";
import { countedWhole, type Finding } from "../suspects/growth/finding.js";
import { differences, isLeak, isWhole, rates, sum } from "../suspects/growth/growth-verdict.js";
import { keptBytes, keptEntries } from "../suspects/growth/kept.js";
import type { GainedClass } from "../suspects/telling/leaked-unit.js";
import { label } from "../suspects/naming/original-words.js";
import { printableClass } from "../suspects/naming/property-names.js";
import { bytesInWords } from "../suspects/naming/quantities.js";
import { countsAsLeak } from "./counts-as-leak.js";
import { bytesWithoutHolder } from "./no-holder.js";
import { sourceLocation } from "./source-location.js";
import type { HeapText } from "../suspects/telling/texts.js";
import { VERSION } from "./version.js";
import type {
  ClassGrowth,
  GrowthVerdict,
  LeakReport,
  PerCycle,
  SnapshotSummary,
  Suspect,
  Tally,
  Totals,
  Verdict,
  Warning,
} from "./leak-report.js";
import { isRoom } from "../suspects/growth/container-entries.js";

/** One finding with all that is said of it. */
export interface Described {
  readonly finding: Finding;
  readonly description: Description;
  readonly fingerprint: string;
  readonly classes: readonly GainedClass[];
  /** Texts of the heap, if they were asked for. */
  readonly texts: readonly HeapText[] | null;
}

/** What the pipeline found, before it is plain data. */
export interface Results {
  readonly snapshots: readonly SnapshotSummary[];
  readonly comparisons: readonly Comparison[];
  /** True if objects of different processes were paired by name. */
  readonly byName: boolean;
  /** True if objects have another number in every snapshot, even in those of one process. */
  readonly isNumberedAfresh: boolean;
  readonly growth: HolderGrowth | null;
  readonly classes: ClassGrowthTable | null;
  readonly described: readonly Described[];
  readonly cleanup: boolean;
  /** Per interval, or of the action before a clean-up; null if nobody said. */
  readonly cycles: readonly number[] | null;
  readonly smallestLeak: number;
  /** All that would be told if no more growth had been asked for than usual; null if none was. */
  readonly heldAtAll: readonly Finding[] | null;
  /** What grew in the last interval only, which is no suspect. */
  readonly bursts: readonly Finding[];
  readonly warnings: readonly Warning[];
}

/** Makes the report: the last step that sees the heaps. */
export function buildReport(results: Results): LeakReport {
  const suspects =
    results.growth === null ? [] : results.described.map((each) => suspectOf(results, results.growth!, each));
  const totals = totalsOf(results);
  const [verdict, sentence] = verdictOf(results, suspects, totals);
  return {
    version: VERSION,
    verdict,
    sentence,
    comparison: results.byName ? "by-name" : "by-id",
    snapshots: results.snapshots,
    cleanup: results.cleanup,
    cycles: results.cycles,
    totals,
    smallestLeak: results.smallestLeak,
    classes: results.classes === null ? [] : classesOf(results.classes),
    suspects,
    warnings: results.warnings,
  };
}

function verdictOf(
  { comparisons, snapshots, isNumberedAfresh, cleanup, cycles, smallestLeak, heldAtAll, bursts }: Results,
  suspects: readonly Suspect[],
  totals: Totals,
): [Verdict, string] {
  // Of what was left out nothing is to be denied.
  const least = heldAtAll === null ? "" : `${bytesInWords(smallestLeak)} or more`;
  const byLeast = least && ` by ${least}`;
  const same = comparisons.findIndex(({ relation }) => relation === "same-file");
  const other = comparisons.findIndex(({ relation }) => relation === "other-process");
  if (same >= 0) {
    const [a, b] = [snapshots[same]!.file, snapshots[same + 1]!.file];
    return ["cannot-tell", `cannot tell: ${a} and ${b} are the same snapshot; take the second one later`];
  }
  if (other >= 0) {
    const [a, b] = [snapshots[other]!.file, snapshots[other + 1]!.file];
    const found =
      suspects.length === 0 ? `compared by name, nothing is larger${byLeast}` : "what follows compares them by name";
    if (isNumberedAfresh)
      return [
        "cannot-tell",
        `cannot tell: Bun numbers all objects afresh in each snapshot, so that those of ${a} and ${b} cannot be matched; ${found}`,
      ];
    return [
      "cannot-tell",
      `cannot tell: ${a} and ${b} are of two processes, or an inspector was closed between them, so their objects cannot be matched; ${found}`,
    ];
  }
  const leaks = suspects.filter(countsAsLeak);
  const holders = leaks.length === 1 ? "1 holder" : `${leaks.length} holders`;
  if (cleanup && leaks.length === 0)
    return [
      "no-leak",
      least === "" ? "nothing of what the action made is left" : `nothing keeps ${least} of what the action made`,
    ];
  if (cleanup)
    return [
      "leak",
      `leak: ${holders} ${leaks.length === 1 ? "keeps" : "keep"} what the action made, after the clean-up`,
    ];
  const inBursts = totals.growth.map((_, i) => sum(bursts.map(({ bytes }) => bytes[i]!)));
  const unheld = bytesWithoutHolder(totals, inBursts, { floor: smallestLeak, cycles });
  if (leaks.length === 0 && unheld > 0)
    return [
      "cannot-tell",
      `cannot tell: the heap grows steadily, and ${bytesInWords(unheld)} of ${bytesInWords(sum(totals.growth))} have no holder that could be named`,
    ];
  if (leaks.length === 0 && snapshots.length === 2)
    return ["no-leak", `nothing grew${byLeast}${suspects.length === 0 ? "" : " that would not come to an end"}`];
  if (leaks.length === 0) return ["no-leak", `nothing grows steadily${byLeast}`];
  if (snapshots.length === 2)
    return ["grew", `${holders} grew; two snapshots cannot tell a leak from a cache that fills: take a third`];
  return ["leak", `leak: ${holders} ${leaks.length === 1 ? "grows" : "grow"} steadily`];
}

function suspectOf(
  { cycles }: Results,
  growth: HolderGrowth,
  { finding, description, fingerprint, classes, texts }: Described,
): Suspect {
  const heap = growth.heaps.at(-1)!;
  const { path } = finding;
  const kept = keptBytes(growth, finding);
  const counts = finding.entries?.counts ?? null;
  const entries = counts === null ? null : differences(counts);
  return {
    title: description.title,
    kind: description.kind,
    verdict: finding.judgement as GrowthVerdict,
    advice: description.advice,
    holder: {
      name: path.expression,
      class: label(heap.graph, finding.container),
      nodeId: heap.graph.nodeId[finding.container]!,
      location: sourceLocation(description.position),
      module: (description.position?.generated ?? description.position)?.file ?? (path.file === "" ? null : path.file),
    },
    growth: {
      bytes: finding.bytes,
      entries,
      entryCounts: counts,
      entryWord: description.entryWord,
      kept,
      perCycle: cycles === null ? null : perCycle(finding, entries, cycles, kept),
      retained: finding.containers.map((node, i) => (node === NO_NODE ? 0 : growth.heaps[i]!.retainedSize[node]!)),
    },
    leaked: { words: description.leaked, classes },
    texts,
    alsoHeldBy: description.alsoHeldBy,
    growAlong: description.growAlong,
    path: description.path.map((step, i) => ({
      ...step,
      location: sourceLocation(step.location),
      holder: i === description.holderStep,
    })),
    fingerprint,
  };
}

function perCycle(
  finding: Finding,
  gained: readonly number[] | null,
  cycles: readonly number[],
  kept: number | null,
): PerCycle {
  const entries = kept === null || gained === null ? gained : [keptEntries(gained)];
  // Room that V8 added is no entry of the program's.
  const isCounted = entries !== null && finding.entries !== null && !isRoom(finding.entries);
  return {
    bytes: rates(kept === null ? finding.bytes : [kept], cycles),
    entries: entries === null ? null : rates(entries, cycles),
    whole: isCounted && isWhole(entries, cycles),
  };
}

function totalsOf({ snapshots, growth, described, heldAtAll }: Results): Totals {
  const total = differences(snapshots.map(({ totalBytes }) => totalBytes));
  const none = total.map(() => 0);
  if (growth === null)
    return { growth: total, suspects: none, settled: none, leftOut: none, engine: none, unexplained: total };
  const told = described.map(({ finding }) => finding);
  const bytesOf = (findings: readonly Finding[]): number[] =>
    total.map((_, i) => sum(findings.map(({ bytes }) => bytes[i]!)));
  const suspects = bytesOf(told.filter(isLeak));
  const settled = bytesOf(told.filter((finding) => !isLeak(finding)));
  const held = heldAtAll ?? told;
  const heldBytes = bytesOf(held);
  // What is told may be drawn together from more than is held by one holder.
  const leftOut = heldBytes.map((bytes, i) => (held === told ? 0 : Math.max(0, bytes - suspects[i]! - settled[i]!)));
  const inFindings = heldBytes.map((bytes, i) => bytes - programBytes(growth, held, i));
  const engine = differences(growth.bytes.engine.map(sumOf)).map((bytes, i) => bytes - inFindings[i]!);
  return {
    growth: total,
    suspects,
    settled,
    leftOut,
    engine,
    unexplained: total.map((bytes, i) => bytes - suspects[i]! - settled[i]! - leftOut[i]! - engine[i]!),
  };
}

function sumOf(column: ByteColumn): number {
  let sum = 0;
  for (let row = 0; row < column.length; row++) sum += column[row]!;
  return sum;
}

/** What the findings' bytes are without V8's bookkeeping that was counted with them. */
function programBytes(growth: HolderGrowth, findings: readonly Finding[], interval: number): number {
  const grown = (survivor: SurvivorIndex): number => differences(growth.bytes.programOf(survivor))[interval]!;
  const inSlots = sum(
    findings
      .filter(({ tops }) => tops !== null)
      .map((finding) => finding.bytes[interval]! - sum(countedWhole(finding).map(grown))),
  );
  // Two findings may share one list.
  const survivors = new Set(findings.flatMap(countedWhole));
  return [...survivors].reduce((bytes, survivor) => bytes + grown(survivor), inSlots);
}

function classesOf(table: ClassGrowthTable): ClassGrowth[] {
  const rows = table.names.map((name, row): ClassGrowth => {
    const intervals = table.intervals.map((interval) => ({
      born: tally(interval.bornCount[row]!, interval.bornBytes[row]!),
      died: tally(interval.diedCount[row]!, interval.diedBytes[row]!),
      survived: tally(interval.survivedCount[row]!, interval.survivedBytes[row]!),
      bytes: interval.bytes[row]!,
    }));
    return { name: printableClass(name), bytes: sum(intervals.map(({ bytes }) => bytes)), intervals };
  });
  return rows
    .filter(({ intervals }) =>
      intervals.some(({ born, died, bytes }) => born.count > 0 || died.count > 0 || bytes !== 0),
    )
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function tally(count: number, bytes: number): Tally {
  return { count, bytes };
}
