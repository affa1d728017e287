import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import type { Finding } from "../growth/finding.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { differences, isLeak, sum } from "../growth/growth-verdict.js";
import { lastNode, survivorAbove } from "../growth/survivor-tree.js";
import { FoldedFindings } from "./folded-findings.js";

/**
 * From what grows inside an entry up to the container of the entry there may be some objects: from the updates of a
 * component by a function that is bound to them, and the scope of the listener that calls it.
 */
const MAX_STEPS = 10;

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
      (each) =>
        collectsEntries(each) && above.includes(each.grown) && isInside(growth, lastNode(growth, finding.grown), each),
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

/**
 * What a variable refers to anew each time, as the first link of a list, is a part of what its scope keeps, where much else
 * may be: other variables.
 */
function isInside({ heaps, cuts }: HolderGrowth, inner: NodeIndex, { container, grown }: Finding): boolean {
  const { dominator } = heaps.at(-1)!;
  const cut = cuts.at(-1)!;
  const unit = cut.regionOf(container) === grown ? cut.unitOf(container) : NO_NODE;
  if (unit === NO_NODE) return true;
  let at = dominator[inner]!;
  for (let left = MAX_STEPS; left > 0 && cut.regionOf(at) !== grown; left--)
    at = dominator[cut.nodeOf(cut.regionOf(at))]!;
  return cut.unitOf(at) === unit;
}

function survivorsAbove(growth: HolderGrowth, survivor: SurvivorIndex): SurvivorIndex[] {
  const found: SurvivorIndex[] = [];
  for (let at = survivorAbove(growth, survivor); found.length < MAX_STEPS; at = survivorAbove(growth, at)) {
    if (at === NO_SURVIVOR || at === 0) break;
    found.push(at);
  }
  return found;
}
