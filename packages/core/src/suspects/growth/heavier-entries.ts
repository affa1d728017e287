import type { HolderGrowth } from "../../diff/holder-growth.js";
import { isRoom } from "./container-entries.js";
import type { UnnamedFinding } from "./finding.js";
import { isSteady, sum, type Terms } from "./growth-verdict.js";
import { objectsThatStay } from "./turnover.js";

/** Share of the objects that came in the last interval by which there must be more: what replaces others adds next to none. */
const ADDED = 0.5;

/**
 * Finds containers whose entries no longer get more, while what is in them does at an even pace: a hash table whose places
 * are all taken has a list in each of them, and of a state that is copied all rooms have been seen, and messages come on.
 * A cache that is full puts what is new into the place of something else, whatever that weighs. What a FinalizationRegistry
 * has more of than registrations are those whose targets are gone: they go as soon as it has been told.
 */
export function heavierEntries(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  { cycles }: Terms,
): Set<UnnamedFinding> {
  if (growth.heaps.length < 3 || growth.left !== null) return new Set();
  const slowing = findings.filter(
    ({ judgement, entries, bytes }) =>
      (judgement === "settled" || judgement === "decaying") &&
      entries !== null &&
      !isRoom(entries) &&
      entries.word !== "registrations" &&
      sum(bytes) > 0 &&
      isSteady(bytes, cycles),
  );
  if (slowing.length === 0) return new Set();
  const found = new Set<UnnamedFinding>();
  for (const [finding, { before, after, stay }] of objectsThatStay(growth, slowing))
    if (after - before >= (after - stay) * ADDED) found.add(finding);
  return found;
}
