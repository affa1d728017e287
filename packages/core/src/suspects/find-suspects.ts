import { type HolderGrowth, putAllBack } from "../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../diff/survivors.js";
import { nodeLabel } from "../graph/v8-names.js";
import { NodeType } from "../graph/v8-types.js";
import { lastNode } from "./growth/survivor-tree.js";
import { isRuntimes } from "./naming/library.js";
import { nameOfMany } from "./naming/access-words.js";
import { type ChainGrowth, chainGrowth } from "./growth/chain-growth.js";
import { withoutEnginesTables } from "./growth/engines-tables.js";
import { byGrowth, type Finding, type UnnamedFinding, withGrowthOf } from "./growth/finding.js";
import { findingPath } from "./growth/finding-path.js";
import { isRoom } from "./growth/container-entries.js";
import { type Gains, gainsInAll, smallestOf, steadyGains } from "./growth/gains.js";
import { differences, ENTRIES_COUNT_FOR, isLeak, isWhole, rates, sum, type Terms } from "./growth/growth-verdict.js";
import { foldBehindEntries } from "./folding/behind-entries.js";
import { foldBesideLists } from "./folding/beside-lists.js";
import { foldCallsOnEntries } from "./folding/calls-on-entries.js";
import { foldCallsOnOne } from "./folding/calls-on-one.js";
import { isConnected } from "./folding/connected.js";
import { markInFlight } from "./folding/in-flight.js";
import { foldGrowingAlong } from "./folding/grows-along.js";
import { foldInsideEntries } from "./folding/inside-entries.js";
import { keptBytes } from "./growth/kept.js";
import { foldModuleLoading } from "./folding/module-loading.js";
import { foldKeptByLibraries } from "./folding/kept-by-libraries.js";
import { foldLinkedInside } from "./folding/linked-inside.js";
import { markBounds } from "./folding/named-bound.js";
import { namedHolder } from "./folding/named-holder.js";
import { withoutPools } from "./folding/node-pools.js";
import { foldIntoHandles, keepsHandles } from "./folding/running-handles.js";
import { foldRefsInUse } from "./folding/refs-in-use.js";
import { foldSameEmitter } from "./folding/same-emitter.js";
import { foldShownElements } from "./folding/shown-elements.js";
import { foldSameName } from "./folding/same-name.js";
import { withOwner } from "./folding/scope-owner.js";
import { newestUnits, samplesOf } from "./growth/samples.js";
import {
  foldSharedHolders,
  gainAlike,
  isInStep,
  isNodesRegistry,
  isUnnamed,
  isWeakTable,
} from "./folding/shared-holders.js";
import { markTimed } from "./folding/timed-entries.js";
import { foldTries } from "./folding/tries.js";
import { foldWeakValues } from "./folding/weak-values.js";
import { onlyCallback, splitByCallback } from "./folding/split-by-callback.js";
import { besideMembers, spreadGrowth } from "./growth/spread-growth.js";
import { treeGrowth } from "./growth/tree-growth.js";
import { judgedByWhatStays } from "./growth/what-stays.js";
import { growingByChance } from "./growth/by-chance.js";
import { keepsSymbols } from "./holders/symbol-registry.js";
import { endsIn, findingsOf, listFinding, spreadFinding, treeFinding } from "./growth/findings-of.js";

/** Holders that are looked at closely, and structures of each kind, most growth first. More than a few are noise of one cause. */
const MAX_CANDIDATES = 200;

/**
 * Turns growth into findings: what grew, through which slot, by how many entries, and whether it goes on.
 * What grew by less than the floor of `terms` is no finding.
 */
export function findHolders(growth: HolderGrowth, terms: Terms): Finding[] {
  const gained = gainsInAll(growth);
  const { structures, members, lists } = grownStructures(growth, gained, terms);
  putAllBack(growth);
  const alone = candidates(growth, gained, terms.floor, members);
  const unnamed = [
    ...structures,
    ...alone.flatMap((survivor) => findingsOf(growth, survivor, terms, endsIn(lists, survivor))),
  ];
  putAllBack(growth);
  const staying = judgedByWhatStays(growth, unnamed, terms);
  const byChance = growingByChance(growth, staying, terms);
  const judged = staying.filter((each) => each.judgement !== "flat" && !byChance.has(each));
  putAllBack(growth);
  const grown = withoutEnginesTables(
    growth,
    judged.map((each) => named(growth, each)),
  );
  const all = [...grown, ...besideNameless(growth, grown, lists, terms)];
  putAllBack(growth);
  return foldAll(growth, all, terms).sort(byWeight(growth, terms.cycles));
}

/** Lists, trees and many alike objects, each told as one, and the survivors that are in them: those are no findings. */
function grownStructures(
  growth: HolderGrowth,
  gained: Gains,
  terms: Terms,
): { structures: UnnamedFinding[]; members: ReadonlySet<SurvivorIndex>; lists: readonly ChainGrowth[] } {
  const { floor } = terms;
  const chains = chainGrowth(growth, gained, floor);
  const members = new Set<SurvivorIndex>(chains.passing);
  const apart = <Each extends { readonly members: readonly SurvivorIndex[] }>(found: readonly Each[]): Each[] => {
    const others = found.filter((each) => !each.members.some((member) => members.has(member)));
    for (const each of others) for (const member of each.members) members.add(member);
    return largest(growth, others);
  };
  const lists = apart(chains.growing);
  const trees = apart(treeGrowth(growth, gained, floor));
  const spread = apart(spreadGrowth(growth, terms));
  for (const group of spread) for (const other of besideMembers(growth, group)) members.add(other);
  const structures = [
    ...lists.map((each) => listFinding(growth, each, terms)),
    ...trees.map((each) => treeFinding(growth, each, terms)),
    ...spread.map((each) => spreadFinding(growth, each, terms)),
  ];
  return { structures, members, lists };
}

function largest<Each extends { readonly members: readonly SurvivorIndex[] }>(
  { bytes }: HolderGrowth,
  found: Each[],
): Each[] {
  if (found.length <= MAX_CANDIDATES) return found;
  const gained = found.map(({ members }) => sum(members.map((member) => sum(differences(bytes.programOf(member))))));
  const order = found.map((_, i) => i).sort((a, b) => gained[b]! - gained[a]!);
  return order.slice(0, MAX_CANDIDATES).map((i) => found[i]!);
}

/** What the program has a name for, weighs little, and refers to the same objects as a finding without a name. */
function besideNameless(
  growth: HolderGrowth,
  grown: readonly Finding[],
  lists: readonly ChainGrowth[],
  terms: Terms,
): Finding[] {
  const found: Finding[] = [];
  for (const nameless of grown.filter((each) => each.judgement === "growing" && isUnnamed(each))) {
    const survivor = namedHolder(growth, nameless);
    if (survivor === NO_SURVIVOR || [...grown, ...found].some((finding) => finding.grown === survivor)) continue;
    const others = findingsOf(growth, survivor, { ...terms, floor: 0 }, endsIn(lists, survivor));
    found.push(...others.map((each) => named(growth, each)).filter((finding) => !isUnnamed(finding)));
  }
  return found;
}

/** Makes one finding of those that have one cause, step by step: each takes for granted what those before it did. */
function foldAll(growth: HolderGrowth, findings: readonly Finding[], terms: Terms): Finding[] {
  const { graph } = growth.heaps.at(-1)!;
  const label = (finding: Finding): string => `${nodeLabel(graph, finding.container)} ${onlyCallback(growth, finding)}`;
  const owned = findings.map((each) => withOwner(growth, each));
  let folded = foldModuleLoading(growth, owned, terms.cycles);
  folded = foldBesideLists(growth, folded);
  folded = foldWeakValues(growth, folded);
  folded = foldSharedHolders(growth, folded);
  folded = foldSameEmitter(growth, folded);
  folded = foldTries(folded);
  folded = foldGrowingAlong(growth, folded);
  folded = foldSameName(folded, label);
  folded = foldShownElements(growth, folded);
  folded = foldLinkedInside(growth, folded);
  folded = foldInsideEntries(growth, folded);
  folded = foldBehindEntries(growth, folded);
  folded = foldRefsInUse(growth, folded);
  folded = foldKeptByLibraries(growth, folded);
  folded = markInFlight(growth, folded);
  // What is in flight is no cause that anything else might be a consequence of.
  return [false, true].flatMap((isInFlight) => {
    let alike = folded.filter((finding) => finding.isInFlight === isInFlight);
    alike = withoutPools(growth, alike); // nothing is a consequence of these
    alike = withoutConsequences(growth, alike, folded);
    alike = alike.flatMap((each) => (isLeak(each) ? splitByCallback(growth, each, terms) : [each]));
    alike = foldCallsOnEntries(growth, alike);
    alike = foldCallsOnOne(growth, alike);
    return markBounds(growth, markTimed(growth, foldIntoHandles(growth, alike)));
  });
}

/**
 * A root is never a suspect by itself: what hangs on native handles hangs there as a consequence of something of the
 * program's. The same goes for a table of Node's that gains no entries and yet more bytes, for a WeakMap that has got
 * nothing but keys, and for what Node registers for the day they go: who keeps those is found elsewhere, and what gains an
 * entry with each of its is counted there. Only where nothing else is, nor in flight, are they named, with what they hold.
 */
function withoutConsequences(growth: HolderGrowth, findings: readonly Finding[], all: readonly Finding[]): Finding[] {
  const { graph } = growth.heaps.at(-1)!;
  const isConsequence = (finding: Finding): boolean => {
    const { holder, path, entries } = finding;
    if (path.anchor === "none" && graph.nodeType[holder] === NodeType.synthetic)
      return !keepsHandles(growth, finding, findings) && !isOfSymbols(growth, finding);
    if (isNodesRegistry(finding)) return true;
    if (isRuntimes(onlyCallback(growth, finding)) && findings.some((each) => isBehind(growth, finding, each)))
      return true;
    if (isWeakTable(growth, finding) && newestUnits(growth, finding.grown).length === 0) return true;
    return isUnnamed(finding) && entries !== null && !isRoom(entries) && sum(differences(entries.counts)) === 0;
  };
  const follow = findings.filter(isConsequence);
  const others = findings.filter((finding) => !follow.includes(finding));
  const isCause = ({ judgement }: Finding): boolean => judgement === "growing" || judgement === "grew";
  const isKnown = others.some(isCause) || all.some((each) => each.isInFlight);
  // What else has as many entries as Node has registered is what the targets are in, whatever is said of it.
  const causeOf = (finding: Finding): Finding | undefined =>
    others.find((other) => (isNodesRegistry(finding) ? gainAlike(other, finding) : isInStep(other, finding)));
  const consequences = follow.filter((each) => isKnown || (isNodesRegistry(each) && causeOf(each) !== undefined));
  const theirs = new Map(findings.filter((each) => !consequences.includes(each)).map((each) => [each, each]));
  for (const consequence of consequences.filter(({ tops }) => tops === null)) {
    const cause = causeOf(consequence);
    if (cause !== undefined) theirs.set(cause, withGrowthOf(theirs.get(cause)!, consequence));
  }
  return [...theirs.values()];
}

/** True for the roots that have a new table of what Symbol.for gave out: whatever else leaks, no symbol is there for that. */
function isOfSymbols(growth: HolderGrowth, finding: Finding): boolean {
  const samples = samplesOf(growth, finding).map(({ node }) => node);
  return keepsSymbols(growth.heaps.at(-1)!, finding.container, samples);
}

/** True for a list of timers that call the runtime's own functions, for what another holder has as many of. */
function isBehind(growth: HolderGrowth, list: Finding, other: Finding): boolean {
  return (
    other !== list &&
    isInStep(other, list) &&
    !isRuntimes(onlyCallback(growth, other)) &&
    isConnected(growth, other, list)
  );
}

/**
 * Holders by themselves that are looked at: those that gained most in all, and those that gained most in their smallest
 * interval. Of thousands that go up and down hundreds have just gained more than a small leak.
 */
function candidates(
  growth: HolderGrowth,
  gained: Gains,
  floor: number,
  members: ReadonlySet<SurvivorIndex>,
): SurvivorIndex[] {
  const least = floor * ENTRIES_COUNT_FOR;
  const most = ({ survivors, bytes }: Gains, weights: Float64Array): SurvivorIndex[] => {
    const rows: number[] = [];
    for (let row = 0; row < bytes.length; row++)
      if (bytes[row]! >= least && !members.has(survivors[row]!)) rows.push(row);
    rows.sort((a, b) => weights[b]! - weights[a]!);
    return rows.slice(0, MAX_CANDIDATES).map((row) => survivors[row]!);
  };
  const inAll = most(gained, gained.bytes);
  if (growth.left !== null || growth.heaps.length === 2) return inAll;
  const steady = steadyGains(growth);
  return [...new Set([...inAll, ...most(steady, smallestOf(growth, steady))])];
}

/** Of many alike holders that are told as one so many more are asked for their names, from all over: neighbours have one home. */
const MOST_NAMED = 8;

/** Names are asked for last: they take the retainers of all nodes, and earlier heaps are not needed for them. */
function named(growth: HolderGrowth, { slot, ...finding }: UnnamedFinding): Finding {
  const path = findingPath(growth, finding.holder, slot);
  if (finding.members === 1) return { ...finding, path };
  const every = Math.max(1, Math.floor(finding.folded.length / MOST_NAMED));
  const others = finding.folded
    .filter((_, i) => i % every === 0)
    .slice(0, MOST_NAMED)
    .map((member) => findingPath(growth, lastNode(growth, member), slot));
  return { ...finding, path: nameOfMany(path, others) };
}

/** What may end by itself, as what has timers or a bound, has to grow by so many times as much to come before what will not. */
const MAY_END = 20;

/**
 * Steady growth first, and last what is in flight. Then by the smallest interval: one burst cannot win. After a clean-up
 * by what is kept, and first what keeps as much of each action: a cache that filled meanwhile does not.
 */
function byWeight(growth: HolderGrowth, cycles: Terms["cycles"]): (a: Finding, b: Finding) => number {
  const least = (finding: Finding): number => keptBytes(growth, finding) ?? Math.min(...rates(finding.bytes, cycles));
  const weight = (finding: Finding): number => least(finding) / (mayEnd(finding) ? MAY_END : 1);
  const isUneven = ({ entries }: Finding): boolean =>
    growth.left !== null && !isWhole([entries === null ? 0 : sum(differences(entries.counts))], cycles);
  return (a, b) =>
    order(a) - order(b) ||
    Number(a.isInFlight) - Number(b.isInFlight) ||
    Number(isUneven(a)) - Number(isUneven(b)) ||
    weight(b) - weight(a) ||
    byGrowth(a, b);
}

function mayEnd({ isTimed, bound }: Finding): boolean {
  return isTimed || bound !== "";
}

function order({ judgement }: Finding): number {
  return ["growing", "grew", "stepped", "filling", "turnover", "decaying", "settled", "burst", "flat"].indexOf(
    judgement,
  );
}
