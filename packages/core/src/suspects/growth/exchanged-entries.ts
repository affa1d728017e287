import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE } from "../../graph/heap-graph.js";
import { rowOf } from "../../parse/row-of.js";
import type { UnnamedFinding } from "./finding.js";
import { differences } from "./growth-verdict.js";
import { entryIds } from "./oldest-first.js";

/** Fewer entries tell nothing. */
const LEAST_ENTRIES = 16;
/** Share of the entries of the container before the last that are not in that, if it has others; */
const GONE = 0.9;
/** ... and of those that are in it, if it is a copy with more. */
const KEPT = 0.5;

/**
 * Of variables and properties that refer to another container each time: whether the last has other entries than the one
 * before had, as a new generation, which the snapshots met fuller each time (true), or those and more, as a copy
 * has (false). What else refers to the entries says nothing of it, such as the old generation, or the state before.
 */
export function exchangedEntries(
  { heaps, left }: HolderGrowth,
  findings: readonly UnnamedFinding[],
): Map<UnnamedFinding, boolean> {
  const found = new Map<UnnamedFinding, boolean>();
  if (heaps.length < 3 || left !== null) return found;
  const asked = findings.filter(
    ({ entries, isReplaced, containers }) => isReplaced && entries !== null && !containers.slice(-2).includes(NO_NODE),
  );
  const [before, now] = [-2, -1].map((at) => asked.map((each) => entryIds(heaps.at(at)!, each.containers.at(at)!)));
  for (const [i, finding] of asked.entries()) {
    const ids = before![i]!;
    const others = now![i]!.sort();
    const gone = ids.reduce((count, id) => count + Number(rowOf(others, id) < 0), 0);
    if (ids.length < LEAST_ENTRIES) continue;
    if (gone >= ids.length * GONE) found.set(finding, true);
    else if (ids.length - gone >= ids.length * KEPT && gains(finding)) found.set(finding, false);
  }
  return found;
}

function gains({ entries }: UnnamedFinding): boolean {
  return differences(entries!.counts).every((gained) => gained > 0);
}
