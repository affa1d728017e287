import type { HolderGrowth } from "../../diff/holder-growth.js";
import { leftInUnits, leftWith } from "../../diff/left-behind.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { countedWhole, type Finding } from "./finding.js";
import { differences, sum } from "./growth-verdict.js";

/**
 * Bytes that a finding keeps of what an action made, after cleaning up; null unless the snapshots were taken so. Room
 * of a container that has no more entries than before is not kept: V8 gives it back when it sees fit.
 */
export function keptBytes(
  growth: HolderGrowth,
  finding: Pick<Finding, "survivor" | "grown" | "folded" | "tops" | "entries">,
): number | null {
  const { left } = growth;
  if (left === null) return null;
  const { grown, tops, entries } = finding;
  const hasMoreEntries = entries === null || sum(differences(entries.counts)) > 0;
  const roomOf = (survivor: SurvivorIndex): number =>
    survivor === grown && !hasMoreEntries ? 0 : left.storage[survivor]!;
  const inUnits = tops === null ? 0 : leftInUnits(growth, left, tops);
  return inUnits + sum(countedWhole(finding).map((each) => leftWith(growth, left, each, roomOf(each))));
}

/** Entries that are kept of an action, of those gained before and while cleaning up: what came later it did not make. */
export function keptEntries(gained: readonly number[]): number {
  return Math.max(Math.min(gained[0]!, sum(gained)), 0);
}
