import type { HolderGrowth } from "../../diff/holder-growth.js";
import { exchangedEntries } from "./exchanged-entries.js";
import type { UnnamedFinding } from "./finding.js";
import { differences, isLeak, isWhole, type Terms } from "./growth-verdict.js";
import { heavierEntries } from "./heavier-entries.js";
import { lettingGoOfTheOldest } from "./oldest-first.js";
import { turningOver } from "./turnover.js";
import { writtenAnew } from "./written-anew.js";

/**
 * Judges findings by what stays of that which they held, where how much they gained does not tell. Between two processes
 * nothing stays, and nothing is known of that.
 */
export function judgedByWhatStays(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  terms: Terms,
): readonly UnnamedFinding[] {
  if (terms.isByName) return findings;
  return withoutTurnover(growth, withHeavierEntries(growth, findings, terms), terms);
}

/** Where entries say that growth is over, and what is in them goes on, their number says nothing. */
function withHeavierEntries(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  terms: Terms,
): readonly UnnamedFinding[] {
  const heavier = heavierEntries(growth, findings, terms);
  return findings.map((each) => (heavier.has(each) ? { ...each, entries: null, judgement: "growing" } : each));
}

/** What grows and yet lets go of all it had is told, and no suspect. */
function withoutTurnover(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  { cycles }: Terms,
): readonly UnnamedFinding[] {
  const uneven = findings.filter((finding) => isLeak(finding) && !isEven(finding, cycles));
  const turning = new Set([...turningOver(growth, uneven), ...lettingGoOfTheOldest(growth, uneven)]);
  for (const [finding, isExchanged] of exchangedEntries(growth, uneven))
    if (isExchanged) turning.add(finding);
    else turning.delete(finding);
  for (const finding of writtenAnew(growth, [...turning])) turning.delete(finding);
  return findings.map((finding) => (turning.has(finding) ? { ...finding, judgement: "turnover" } : finding));
}

/** True for what gains so many entries for each cycle: that is no accident, whatever happens to them. */
export function isEven({ entries }: UnnamedFinding, cycles: Terms["cycles"]): boolean {
  return entries !== null && isWhole(differences(entries.counts), cycles);
}
