import type { Comparison } from "./diff/comparability.js";
import type { HolderGrowth } from "./diff/holder-growth.js";
import type { LeakReport, SnapshotSummary, Warning } from "./report/leak-report.js";
import type { SourceFiles } from "./sources/source-files.js";
import type { Finding } from "./suspects/growth/finding.js";
import { differences, sum } from "./suspects/growth/growth-verdict.js";
import { bytesInWords } from "./suspects/naming/quantities.js";
import { titleOf } from "./suspects/telling/describe.js";

const MAX_SOURCE_WARNINGS = 5;

export const BY_NAME: Warning = {
  code: "other-process",
  message:
    "objects of different processes are compared by what the program calls them: what is larger now need not be a leak, and what has no name is not told; take all snapshots of one process to be sure",
};
export const AFRESH: Warning = {
  code: "other-process",
  message:
    "of Bun's snapshots only classes can be compared, and what the program calls its objects as far as they say it: which class there is more of each time is in the table below",
};

/** Bytes from which growth in the last interval alone is worth a warning. */
export const WORTH_A_WARNING = 100_000;

/** Says of which neighbouring snapshots too many ids disagree for them to be surely of one process. */
export function warnUnclear(
  comparisons: readonly Comparison[],
  snapshots: readonly SnapshotSummary[],
  warnings: Warning[],
): void {
  comparisons.forEach(({ relation, agreement }, i) => {
    if (relation !== "unclear") return;
    const share = (agreement * 100).toFixed(1);
    const [a, b] = [snapshots[i]!.file, snapshots[i + 1]!.file];
    warnings.push({
      code: "unclear",
      message: `only ${share} % of the objects with the same id look alike in ${a} and ${b}; they may not be of one process`,
    });
  });
}

/** Says so where the last snapshot looks as if it was taken after cleaning up, and nobody said that it was. */
export function warnOfCleanup(snapshots: readonly SnapshotSummary[], warnings: Warning[]): void {
  if (snapshots.length !== 3) return;
  const [grown, fallen] = differences(snapshots.map(({ totalBytes }) => totalBytes)) as [number, number];
  if (grown < WORTH_A_WARNING || -fallen <= grown / 2) return;
  const message = `the heap grew by ${bytesInWords(grown)} and then shrank by ${bytesInWords(-fallen)}; if the last snapshot was taken after cleaning up, say so with --cleanup`;
  warnings.push({ code: "looks-like-cleanup", message });
}

/** What grew only at the last is no suspect, but nobody should have to find out by himself that it was there. */
export function warnBursts(growth: HolderGrowth, bursts: readonly Finding[], warnings: Warning[]): void {
  for (const burst of bursts) {
    const bytes = sum(burst.bytes);
    if (bytes < WORTH_A_WARNING) continue;
    const message = `${titleOf(growth, burst)} grew by ${bytesInWords(bytes)} in the last interval only; another snapshot would tell whether it goes on`;
    warnings.push({ code: "burst", message });
  }
}

/** Of all files that were looked for, only those of suspects are worth a word. */
export function sourceWarnings(sources: SourceFiles, { suspects }: LeakReport): Warning[] {
  const scripts = new Set(suspects.flatMap(({ holder }) => [holder.module, holder.location?.file]));
  return sources.faults
    .filter(({ script }) => scripts.has(script))
    .slice(0, MAX_SOURCE_WARNINGS)
    .map(({ code, message }) => ({ code, message }));
}
