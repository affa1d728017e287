import type { HolderGrowth } from "../../diff/holder-growth.js";
import { leftInUnit, leftWith } from "../../diff/left-behind.js";
import type { Finding } from "./finding.js";
import { differences, sum } from "./growth-verdict.js";

/**
 * Bytes that a finding keeps of what an action made, after cleaning up; null unless the snapshots were taken so. Room
 * of a container that has no more entries than before is not kept: V8 gives it back when it sees fit.
 */
export function keptBytes(
  growth: HolderGrowth,
  { grown, folded, tops, entries }: Pick<Finding, "grown" | "folded" | "tops" | "entries">,
): number | null {
  const { left } = growth;
  if (left === null) return null;
  if (tops !== null) return leftInUnit(growth, left, tops);
  const hasMoreEntries = entries === null || sum(differences(entries.counts)) > 0;
  const own = leftWith(growth, left, grown, hasMoreEntries ? left.storage[grown] : 0);
  return own + sum(folded.map((survivor) => leftWith(growth, left, survivor)));
}

/** Entries that are kept of an action, of those gained before and while cleaning up: what came later it did not make. */
export function keptEntries(gained: readonly number[]): number {
  return Math.max(Math.min(gained[0]!, sum(gained)), 0);
}
