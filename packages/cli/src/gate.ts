import type { TrendVerdict } from "@leakdiff/capture";
import { countsAsLeak, type LeakReport } from "@leakdiff/core";

/** The exit codes, after diff(1); the last is what a shell reports for Ctrl-C. */
export const EXIT = { nothingGrew: 0, leak: 1, trouble: 2, interrupted: 130 } as const;

/** `exitZero` forgives leaks, and `known` those with these fingerprints, but not an answer that could not be given. */
export function exitCode(report: LeakReport, exitZero: boolean, known: readonly string[] = []): number {
  if (report.verdict === "cannot-tell") return EXIT.trouble;
  const counted = report.suspects.filter(countsAsLeak);
  const leaks = report.verdict === "leak" || (report.verdict === "grew" && counted.length > 0);
  const allKnown = counted.length > 0 && counted.every(({ fingerprint }) => known.includes(fingerprint));
  return leaks && !allKnown && !exitZero ? EXIT.leak : EXIT.nothingGrew;
}

/** Growth is a leak; what cannot be told yet is no all-clear. */
export function trendExitCode(verdict: TrendVerdict): number {
  if (verdict === "mountain") return EXIT.leak;
  return verdict === "plateau" || verdict === "sawtooth" ? EXIT.nothingGrew : EXIT.trouble;
}
