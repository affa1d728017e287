import { type HolderGrowth, putAllBack } from "../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../diff/survivors.js";
import type { NodeIndex } from "../graph/heap-graph.js";
import { isContext, nodeLabel } from "../graph/v8-names.js";
import { ROOT } from "../graph/v8-roots.js";
import { NodeType } from "../graph/v8-types.js";
import { nameOfMany } from "./naming/access-words.js";
import { type ChainGrowth, chainGrowth } from "./growth/chain-growth.js";
import { chainLength } from "./growth/chains.js";
import { entrySeries } from "./growth/container-entries.js";
import { withoutEnginesTables } from "./growth/engines-tables.js";
import type { Finding, UnnamedFinding } from "./growth/finding.js";
import { findingPath } from "./growth/finding-path.js";
import { type Gains, gainsInAll } from "./growth/gains.js";
import {
  differences,
  type GrowthSeries,
  type Judgement,
  isLeak,
  isWhole,
  judge,
  judgeKept,
  rates,
  sum,
  type Terms,
} from "./growth/growth-verdict.js";
import { foldGrowingAlong } from "./folding/grows-along.js";
import { foldInsideEntries } from "./folding/inside-entries.js";
import { keptBytes } from "./growth/kept.js";
import { foldModuleLoading } from "./folding/module-loading.js";
import { foldLinkedInside } from "./folding/linked-inside.js";
import { namedHolder } from "./folding/named-holder.js";
import { withoutPools } from "./folding/node-pools.js";
import { foldSameEmitter } from "./folding/same-emitter.js";
import { foldSameName } from "./folding/same-name.js";
import { withOwner } from "./folding/scope-owner.js";
import { newestUnits } from "./growth/samples.js";
import { foldSharedHolders, isUnnamed, isWeakTable } from "./folding/shared-holders.js";
import { slotOfUnits } from "./growth/slot-of-units.js";
import { onlyCallback, splitByCallback } from "./folding/split-by-callback.js";
import { type SpreadGrowth, spreadGrowth } from "./growth/spread-growth.js";
import { lastNode } from "./growth/survivor-tree.js";
import { isAllInOneList, type TreeGrowth, treeGrowth } from "./growth/tree-growth.js";
import { turningOver } from "./growth/turnover.js";
import { growingSlots, isExchanged, listSlot, type Slot } from "./growth/slots.js";
import { type Tops, topsOf, unitGrowth } from "./growth/unit-growth.js";

/** Holders that are looked at closely, most growth first. More than a few are noise of one cause. */
const MAX_CANDIDATES = 200;

/**
 * Turns growth into findings: what grew, through which slot, by how many entries, and whether it goes on.
 * What grew by less than the floor of `terms` is no finding.
 */
export function findHolders(growth: HolderGrowth, terms: Terms): Finding[] {
  const { floor, cycles } = terms;
  const gained = gainsInAll(growth);
  const members = new Set<SurvivorIndex>();
  const apart = <Each extends { readonly members: readonly SurvivorIndex[] }>(found: readonly Each[]): Each[] => {
    const others = found.filter((each) => !each.members.some((member) => members.has(member)));
    for (const member of others.flatMap((each) => each.members)) members.add(member);
    return others;
  };
  const lists = apart(chainGrowth(growth, gained, floor));
  const trees = apart(treeGrowth(growth, gained, floor));
  const spread = apart(spreadGrowth(growth, floor));
  const unnamed = [
    ...lists.map((each) => listFinding(growth, each, terms)),
    ...trees.map((each) => treeFinding(growth, each, terms)),
    ...spread.map((each) => spreadFinding(growth, each, terms)),
  ];
  for (const survivor of candidates(gained, floor))
    if (!members.has(survivor)) unnamed.push(...findingsOf(growth, survivor, terms, endsIn(lists, survivor)));
  putAllBack(growth);
  const { graph } = growth.heaps[growth.heaps.length - 1]!;
  const label = (finding: Finding): string => `${nodeLabel(graph, finding.container)} ${onlyCallback(growth, finding)}`;
  const judged = withoutTurnover(growth, unnamed, cycles).filter(({ judgement }) => judgement !== "flat");
  const name = (finding: UnnamedFinding): Finding => named(growth, finding);
  const grown = withoutEnginesTables(growth, judged.map(name));
  for (const nameless of grown.filter((each) => each.judgement === "growing" && isUnnamed(each))) {
    const survivor = namedHolder(growth, nameless);
    if (survivor === NO_SURVIVOR || grown.some((finding) => finding.grown === survivor)) continue;
    const others = findingsOf(growth, survivor, { ...terms, floor: 0 }).map(name);
    grown.push(...others.filter((finding) => !isUnnamed(finding)));
  }
  const owned = grown.map((each) => withOwner(growth, each));
  const shared = foldSharedHolders(growth, foldModuleLoading(growth, owned, cycles));
  const same = foldSameName(foldGrowingAlong(growth, foldSameEmitter(growth, shared)), label);
  const folded = foldInsideEntries(growth, foldLinkedInside(growth, same));
  const split = withoutConsequences(growth, folded).flatMap((each) =>
    isLeak(each) ? splitByCallback(growth, each, terms) : [each],
  );
  return withoutPools(growth, split).sort(byWeight(growth, cycles));
}

/** What grows and yet lets go of all it had is told, and no suspect. */
function withoutTurnover(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  cycles: Terms["cycles"],
): UnnamedFinding[] {
  const turning = turningOver(growth, findings.filter(isLeak), cycles);
  return findings.map((finding) => (turning.has(finding) ? { ...finding, judgement: "turnover" } : finding));
}

/**
 * A root is never a suspect by itself: what hangs on native handles hangs there as a consequence of something of the
 * program's. The same goes for a table of Node's that gains no entries and yet more bytes, and for a WeakMap that has got
 * nothing but keys: who keeps those is found elsewhere. Only where nothing else is are they named, with what they hold.
 */
function withoutConsequences(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const { graph } = growth.heaps[growth.heaps.length - 1]!;
  const isConsequence = (finding: Finding): boolean => {
    const { holder, path, entries } = finding;
    if (path.anchor === "none" && (holder === ROOT || graph.nodeType[holder] === NodeType.synthetic)) return true;
    if (isWeakTable(growth, finding) && newestUnits(growth, finding.grown).length === 0) return true;
    return isUnnamed(finding) && entries !== null && sum(differences(entries.counts)) === 0;
  };
  const others = findings.filter((finding) => !isConsequence(finding));
  return others.some(({ judgement }) => judgement === "growing" || judgement === "grew") ? others : [...findings];
}

function candidates({ survivors, bytes }: Gains, floor: number): SurvivorIndex[] {
  const rows: number[] = [];
  const least = floor / 4; // what gains entries may weigh less than the floor
  for (let row = 0; row < bytes.length; row++) if (bytes[row]! >= least) rows.push(row);
  rows.sort((a, b) => bytes[b]! - bytes[a]!);
  return rows.slice(0, MAX_CANDIDATES).map((row) => survivors[row]!);
}

/** Names are asked for last: they take the retainers of all nodes, and earlier heaps are not needed for them. */
function named(growth: HolderGrowth, { slot, ...finding }: UnnamedFinding): Finding {
  const path = findingPath(growth, finding.holder, slot);
  return { ...finding, path: finding.members > 1 ? nameOfMany(path) : path };
}

/** The ends of lists that a survivor refers to. */
function endsIn(lists: readonly ChainGrowth[], survivor: SurvivorIndex): Tops[] {
  return lists.filter(({ holder }) => holder === survivor).map(({ ends }) => ends);
}

/** @param without units of the holder's that are another finding's */
function findingsOf(
  growth: HolderGrowth,
  survivor: SurvivorIndex,
  terms: Terms,
  without: readonly Tops[] = [],
): UnnamedFinding[] {
  const holder = lastNode(growth, survivor);
  const theirs = without.map((tops) => unitGrowth(growth, tops));
  const own = growthOf(growth, survivor).map((bytes, i) => bytes - sum(theirs.map((each) => each[i]!)));
  if (theirs.length > 0 && sum(own) < terms.floor / 4) return [];
  const place: Place = { survivor, grown: survivor, holder };
  const slots = growingSlots(growth, survivor, terms.floor / 4).filter(
    ({ tops }) => !without.some((ends) => ends.some((roots, i) => roots.has(tops[i]!))),
  );
  const named = slots.filter((slot) => slotShare(growth, slot) >= Math.min(terms.floor, sum(own) * 0.1));
  if (named.length === 0) return [finding(growth, place, own, slotOfUnits(growth, survivor), terms)];
  if (named.length === 1 && theirs.length === 0 && !letsGo(growth, own, named[0]!))
    return [finding(growth, place, own, named[0]!, terms)];
  return named.map((slot) =>
    finding(growth, place, unitGrowth(growth, topsOf(slot.tops)), slot, terms, topsOf(slot.tops)),
  );
}

/** After cleaning up a holder may have let go of much, and keep what one slot of it refers to. */
function letsGo(growth: HolderGrowth, own: readonly number[], slot: Slot): boolean {
  return growth.left !== null && sum(own) < slotShare(growth, slot) * 0.9;
}

/** The largest member stands for all; the figures are those of all of them. */
function spreadFinding(growth: HolderGrowth, { members }: SpreadGrowth, terms: Terms): UnnamedFinding {
  const [survivor] = members as [SurvivorIndex];
  const place = { survivor, grown: survivor, holder: lastNode(growth, survivor) };
  return { ...together(growth, place, members, null, terms), members: members.length };
}

/** What holds the first link stands for the list. */
function listFinding(growth: HolderGrowth, list: ChainGrowth, terms: Terms): UnnamedFinding {
  const { holder, slot, members, ends, areFew } = list;
  const [grown] = members as [SurvivorIndex];
  const place = { survivor: holder, grown, holder: lastNode(growth, holder) };
  const tops = ends.some((roots) => roots.size > 0) ? ends : null;
  const one = together(growth, place, members, slot, terms, tops);
  return areFew || growth.left !== null ? { ...one, judgement: judgeBytes(growth, one, terms) } : one;
}

/** What holds the tree stands for it, unless it is a scope that has no variable for it. */
function treeFinding(growth: HolderGrowth, tree: TreeGrowth, terms: Terms): UnnamedFinding {
  const { holder, top, members } = tree;
  const [grown] = members as [SurvivorIndex];
  const found = holder === top ? null : listSlot(growth, holder, grown);
  const isList = found?.chain && isAllInOneList(growth, tree, { ...found, chain: found.chain });
  const slot = isList ? found : found && { ...found, chain: null };
  const isNamed = slot !== null || !isContext(growth.heaps[growth.heaps.length - 1]!.graph, lastNode(growth, holder));
  const survivor = isNamed ? holder : top;
  const place = { survivor, grown, holder: lastNode(growth, survivor) };
  const linkedClass = nodeLabel(growth.heaps[growth.heaps.length - 1]!.graph, lastNode(growth, top));
  return { ...together(growth, place, members, slot, terms), linkedClass };
}

/** One finding with the figures of several survivors, of which the first is the one that grew. */
function together(
  growth: HolderGrowth,
  place: Place,
  members: readonly SurvivorIndex[],
  slot: Slot | null,
  terms: Terms,
  tops: Finding["tops"] = null,
): UnnamedFinding {
  const all = members.map((member) => differences(growth.bytes.programOf(member)));
  if (tops !== null) all.push(unitGrowth(growth, tops));
  const bytes = all[0]!.map((_, i) => sum(all.map((each) => each[i]!)));
  const one = { ...finding(growth, place, bytes, slot, terms, tops), folded: members.slice(1) };
  return one.chain === null ? { ...one, entries: null, judgement: judgeBytes(growth, one, terms) } : one;
}

function judgeBytes(growth: HolderGrowth, one: UnnamedFinding, terms: Terms): Judgement {
  const kept = keptBytes(growth, { ...one, entries: null });
  const series = { bytes: one.bytes, before: 0, entries: null, isCapacity: false };
  return kept === null ? judge(series, terms) : judgeKept(kept, null, terms.floor);
}

function growthOf({ bytes: counted }: HolderGrowth, survivor: SurvivorIndex): number[] {
  const own = differences(counted.programOf(survivor));
  const engines = differences(counted.engineOf(survivor));
  // Hidden classes and code that hang on leaked objects are part of the leak; beside a healthy holder they are warm-up.
  return sum(engines) > 0 && sum(engines) < sum(own) ? own.map((bytes, i) => bytes + Math.max(0, engines[i]!)) : own;
}

function slotShare(growth: HolderGrowth, slot: Slot): number {
  return sum(unitGrowth(growth, topsOf(slot.tops)));
}

type Place = Pick<Finding, "survivor" | "grown" | "holder">;

function finding(
  growth: HolderGrowth,
  place: Place,
  bytes: readonly number[],
  slot: Slot | null,
  terms: Terms,
  tops: Finding["tops"] = null,
): UnnamedFinding {
  const { survivor } = place;
  const last = growth.heaps.length - 1;
  const containers = slot?.nodes ?? growth.survivors.nodesOf(survivor);
  const entries = countEntries(growth, containers, slot);
  const kept = keptBytes(growth, { ...place, folded: [], tops, entries });
  const isExchange = slot !== null && entries === null && isExchanged(growth, survivor, slot);
  const series: GrowthSeries = {
    bytes,
    before: growth.bytes.programOf(place.grown)[0]!,
    entries: entries === null ? null : differences(entries.counts),
    isCapacity: entries?.word === "element slots",
    // What was registered for a target that is gone stays until the callback has been told.
    isSwept: entries?.word === "registrations",
  };
  return {
    ...place,
    folded: [],
    alsoHeldBy: [],
    growAlong: [],
    members: 1,
    tops,
    only: null,
    container: containers[last]!,
    containers,
    isReplaced: slot !== null && slot.chain === null && new Set(slot.nodes).size > 1,
    chain: slot?.chain ?? null,
    linkedClass: null,
    slotWords: slot?.words ?? [],
    slot,
    bytes,
    entries,
    judgement: isExchange
      ? "flat"
      : kept === null
        ? judge(series, terms)
        : judgeKept(kept, series.entries, terms.floor),
  };
}

function countEntries(growth: HolderGrowth, containers: readonly NodeIndex[], slot: Slot | null): Finding["entries"] {
  const chain = slot?.chain;
  if (chain) return { counts: containers.map((node, i) => chainLength(growth.heaps[i]!, node, chain)), word: "links" };
  const entries = entrySeries(growth.heaps, containers);
  // Another promise each time has reactions of its own: what waits behind one is no copy of what waited before.
  return entries?.word === "reactions" && new Set(slot?.nodes).size > 1 ? null : entries;
}

/**
 * Steady growth first, then by the smallest interval: one burst cannot win. After a clean-up by what is kept, and first
 * what keeps as much of each action: a cache that filled meanwhile does not.
 */
function byWeight(growth: HolderGrowth, cycles: Terms["cycles"]): (a: Finding, b: Finding) => number {
  const least = (finding: Finding): number => keptBytes(growth, finding) ?? Math.min(...rates(finding.bytes, cycles));
  const isUneven = ({ entries }: Finding): boolean =>
    growth.left !== null && !isWhole([entries === null ? 0 : sum(differences(entries.counts))], cycles);
  return (a, b) =>
    order(a) - order(b) ||
    Number(isUneven(a)) - Number(isUneven(b)) ||
    least(b) - least(a) ||
    sum(b.bytes) - sum(a.bytes);
}

function order({ judgement }: Finding): number {
  return ["growing", "grew", "stepped", "turnover", "decaying", "settled", "burst", "flat"].indexOf(judgement);
}
