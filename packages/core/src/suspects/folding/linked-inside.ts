import type { HolderGrowth } from "../../diff/holder-growth.js";
import { eachRetainer } from "../../graph/incoming.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition } from "../../graph/source-locations.js";
import type { Finding } from "../growth/finding.js";
import { isLeak, sum } from "../growth/growth-verdict.js";
import { libraryOf } from "../naming/library.js";
import { newestUnits } from "../growth/samples.js";
import { FoldedFindings } from "./folded-findings.js";
import { fold, isInStep, isUnnamed } from "./shared-holders.js";

/** Share of its newest units that another holder's entries must refer to. */
const MOST = 0.8;
/** References that are looked at, from one unit on. */
const MAX_RETAINERS = 64;

/**
 * Folds a list of a library's whose links are in the entries of another holder as well: an effect that nobody stops is
 * in its owner's table, and links it to each value that it has read, whose list of effects grows with that. Only for what
 * has no entries of its own to count; that tells the two apart. So is a list that is made anew each time of what the
 * entries of a holder that stays lead to: whom a store calls is listed for the next update.
 */
export function foldLinkedInside(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const folded = new FoldedFindings(findings);
  for (const finding of findings) {
    const isList = !hasEntries(finding) && (isUnnamed(finding) || isLibrarys(growth, finding));
    const holders = findings.filter(
      (each) => folded.isLeft(each) && ((isList && isEntriesHolder(each, finding)) || isListedAnew(finding, each)),
    );
    const units = holders.length === 0 ? [] : newestUnits(growth, finding.grown);
    const other = holders.find((each) => hasLinksTo(growth, each, finding, units));
    if (other !== undefined) folded.fold(finding, other, fold);
  }
  return folded.all();
}

/** True for what is in a library's file, or of a class of its: that the program may have in a variable. */
function isLibrarys({ heaps }: HolderGrowth, { path, container }: Finding): boolean {
  const position = classPosition(heaps.at(-1)!.graph, container);
  return libraryOf(path.file) !== "" || libraryOf(position?.file ?? "") !== "";
}

/** The links of a list are no entries, though they can be counted. */
function hasEntries({ entries, chain }: Finding): boolean {
  return entries !== null && chain === null;
}

function isEntriesHolder(other: Finding, finding: Finding): boolean {
  return other !== finding && hasEntries(other) && isLeak(other) && sum(other.bytes) > sum(finding.bytes);
}

/** True for a list that is made anew each time, of as many as another holder has gained that stays. */
function isListedAnew(list: Finding, other: Finding): boolean {
  return list.isReplaced && !other.isReplaced && !isUnnamed(other) && isLeak(other) && isInStep(list, other);
}

/** True if what is new in the one refers to most of the newest units of the other, over a few of its links at most. */
function hasLinksTo(growth: HolderGrowth, from: Finding, to: Finding, units: readonly NodeIndex[]): boolean {
  const { graph, retainers } = growth.heaps.at(-1)!;
  const cut = growth.cuts.at(-1)!;
  const holders = new Set([from.grown, ...from.folded]);
  const isLinked = (unit: NodeIndex): boolean => {
    const links = new Set([unit]);
    let left = MAX_RETAINERS;
    let found = false;
    for (const link of links)
      eachRetainer(graph, retainers, link, (retainer) => {
        const region = cut.regionOf(retainer);
        found ||= holders.has(region);
        if (region === to.grown && cut.unitOf(retainer) !== NO_NODE) links.add(retainer);
        return !found && --left > 0;
      });
    return found;
  };
  return units.length > 0 && units.filter(isLinked).length >= units.length * MOST;
}
