import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import type { Finding } from "../growth/finding.js";
import { differences, isLeak, sum } from "../growth/growth-verdict.js";
import { lastNode, survivorAbove } from "../growth/survivor-tree.js";
import { FoldedFindings } from "./folded-findings.js";

/**
 * From what grows inside an entry up to the container of the entry there may be some objects: from the updates of a
 * component by a function that is bound to them, and the scope of the listener that calls it.
 */
const MAX_STEPS = 10;
/** ... of those that are new, too. */
const MOST_NODES = 100;

/**
 * Folds what many entries of a container gain into the finding that the container gains entries: iterators that nobody
 * ends are listeners that nobody removes, and each has a queue that nobody reads any more. That goes with them. Where
 * most is inside the entries they are what has to be bounded, and both are told.
 */
export function foldInsideEntries(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const folded = new FoldedFindings(findings);
  for (const finding of findings.filter((each) => each.members > 1)) {
    const above = survivorsAbove(growth, finding.grown);
    const outer = findings.find(
      (each) => collectsEntries(each) && above.includes(each.grown) && isInside(growth, finding, each),
    );
    if (outer !== undefined && sum(outer.bytes) >= sum(finding.bytes)) folded.fold(finding, outer);
  }
  return folded.all();
}

/** True for a container that leaks entries, gaining some in every interval. */
export function collectsEntries(finding: Finding): boolean {
  const { members, entries } = finding;
  return members === 1 && entries !== null && isLeak(finding) && differences(entries.counts).every((each) => each > 0);
}

/** What a variable refers to anew each time is a part of what its scope keeps, where much else may be. */
function isInside(growth: HolderGrowth, { grown }: Finding, outer: Finding): boolean {
  const { dominator } = growth.heaps[growth.heaps.length - 1]!;
  const end = lastNode(growth, outer.grown);
  if (!outer.isReplaced) return true;
  let at = lastNode(growth, grown);
  for (let left = MOST_NODES; at !== end && at !== outer.container && left > 0; left--) at = dominator[at]!;
  return at === outer.container;
}

function survivorsAbove(growth: HolderGrowth, survivor: SurvivorIndex): SurvivorIndex[] {
  const found: SurvivorIndex[] = [];
  for (let at = survivorAbove(growth, survivor); found.length < MAX_STEPS; at = survivorAbove(growth, at)) {
    if (at === NO_SURVIVOR || at === 0) break;
    found.push(at);
  }
  return found;
}
