import type { HolderGrowth } from "../../diff/holder-growth.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isContext, nodeLabel } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { tableIdIn } from "../../graph/weak-map-entries.js";
import type { ChainGrowth } from "./chain-growth.js";
import { chainLength } from "./chains.js";
import { enlargement, entriesOf, entrySeries } from "./container-entries.js";
import { isWeakCollection } from "./table-entries.js";
import { filledPlaces } from "./filling-room.js";
import { BY_ITSELF, type Finding, type UnnamedFinding } from "./finding.js";
import {
  differences,
  ENTRIES_COUNT_FOR,
  type GrowthSeries,
  isLeak,
  type Judgement,
  judge,
  judgeKept,
  sum,
  type Terms,
} from "./growth-verdict.js";
import { keptBytes } from "./kept.js";
import { bytesThatLeft } from "./left-entries.js";
import { listOfUnits } from "./list-of-units.js";
import { slotOfUnits } from "./slot-of-units.js";
import { alikeInName, type SpreadGrowth } from "./spread-growth.js";
import { lastNode } from "./survivor-tree.js";
import { isAllInOneList, type TreeGrowth } from "./tree-growth.js";
import { isPlumbing } from "../naming/browser-nodes.js";
import { growingSlots, isExchanged, listCalled, listSlot, type Slot } from "./slots.js";
import { type Tops, topsOf, unitGrowth } from "./unit-growth.js";

/** The ends of lists that a survivor refers to. */
export function endsIn(lists: readonly ChainGrowth[], survivor: SurvivorIndex): Tops[] {
  return lists.filter(({ holder }) => holder === survivor).map(({ ends }) => ends);
}

/** Share of what a holder gained from which a slot of it is told, also if that is less than the floor. */
const TOLD_SLOT = 0.1;
/** Share of what a slot keeps of an action that its holder must have gained in all to be told as a whole. */
const HOLDS_ON = 0.9;

/**
 * What one survivor grew through: one finding, or one for each slot of it.
 * @param without units of the holder's that are another finding's
 */
export function findingsOf(
  growth: HolderGrowth,
  survivor: SurvivorIndex,
  terms: Terms,
  without: readonly Tops[] = [],
): UnnamedFinding[] {
  const holder = lastNode(growth, survivor);
  const theirs = without.map((tops) => unitGrowth(growth, tops));
  const own = growthOf(growth, [survivor]).map((bytes, i) => bytes - sum(theirs.map((each) => each[i]!)));
  const least = terms.floor * ENTRIES_COUNT_FOR;
  if (theirs.length > 0 && sum(own) < least) return [];
  const place: Place = { survivor, grown: survivor, holder };
  const slots = growingSlots(growth, survivor, least).filter(
    ({ tops }) => !without.some((ends) => ends.some((roots, i) => roots.has(tops[i]!))),
  );
  const named = slots.filter((slot) => slotShare(growth, slot) >= Math.min(terms.floor, sum(own) * TOLD_SLOT));
  if (named.length === 0) {
    const slot = isPlumbing(growth.heaps.at(-1)!.graph, holder)
      ? listCalled(growth, survivor)
      : (slotOfUnits(growth, survivor) ?? listOfUnits(growth, survivor));
    return [finding(growth, place, own, slot, terms)];
  }
  if (named.length === 1 && theirs.length === 0 && !letsGo(growth, own, named[0]!))
    return [finding(growth, place, own, named[0]!, terms)];
  return named.map((slot) =>
    finding(growth, place, unitGrowth(growth, topsOf(slot.tops)), slot, terms, topsOf(slot.tops)),
  );
}

/** After cleaning up a holder may have let go of much, and keep what one slot of it refers to. */
function letsGo(growth: HolderGrowth, own: readonly number[], slot: Slot): boolean {
  return growth.left !== null && sum(own) < slotShare(growth, slot) * HOLDS_ON;
}

/** The largest member stands for all; the figures are those of all of them. */
export function spreadFinding(growth: HolderGrowth, spread: SpreadGrowth, terms: Terms): UnnamedFinding {
  const { members } = spread;
  const [survivor] = members as [SurvivorIndex];
  const place = { survivor, grown: survivor, holder: lastNode(growth, survivor) };
  const one = { ...together(growth, place, members, spread.slot, terms), members: members.length };
  if (!isLeak(one) || growth.left !== null) return one;
  if (spread.isBounded || isRoomFilled(growth, members)) return { ...one, judgement: "filling" };
  const ofAll = judgeAll(growth, spread.alike, terms);
  if (isLeak({ judgement: ofAll })) return one;
  const ofAlike = judgeAll(growth, alikeInName(growth, spread), terms);
  return isLeak({ judgement: ofAlike }) ? one : { ...one, judgement: ofAlike };
}

/** Of many alike objects so many are asked for their entries. */
const MOST_COUNTED = 20;

/** Do they put something into places that were there before, as a ring does that is not full yet? That comes to an end. */
function isRoomFilled({ heaps, survivors }: HolderGrowth, members: readonly SurvivorIndex[]): boolean {
  return members.slice(0, MOST_COUNTED).every((member) => {
    const counts = survivors.nodesOf(member).map((node, i) => entriesOf(heaps[i]!, node)?.count);
    return counts[0] !== undefined && counts.every((count) => count === counts[0]);
  });
}

/** Share of what some gain that others lose in every interval, from which on those that happened to gain each time say nothing. */
const EXCHANGED = 0.9;

/**
 * Of many alike objects some gain in every interval by chance: histories that are cut at twenty entries go up and down,
 * or are full one after the other. So what all of them did has to be growth as well.
 */
function judgeAll({ bytes }: HolderGrowth, alike: readonly SurvivorIndex[], terms: Terms): Judgement {
  const changes = alike.map((survivor) => differences(bytes.programOf(survivor)));
  const gained = total(changes.map((column) => column.map((more) => Math.max(0, more))));
  const lost = total(changes.map((column) => column.map((more) => Math.max(0, -more))));
  if (gained.every((each, i) => lost[i]! >= each * EXCHANGED)) return "flat";
  return judge({ bytes: gained, before: 0, entries: null, enlargedBy: null }, terms);
}

/** What holds the first link stands for the list. */
export function listFinding(growth: HolderGrowth, list: ChainGrowth, terms: Terms): UnnamedFinding {
  const { holder, slot, members, ends, areFew } = list;
  const [grown] = members as [SurvivorIndex];
  const place = { survivor: holder, grown, holder: lastNode(growth, holder) };
  const tops = ends.some((roots) => roots.size > 0) ? ends : null;
  const one = together(growth, place, members, slot, terms, tops);
  return areFew || growth.left !== null ? { ...one, judgement: judgeBytes(growth, one, terms) } : one;
}

/** What holds the tree stands for it, unless it is a scope that has no variable for it, or a WeakMap's key. */
export function treeFinding(growth: HolderGrowth, tree: TreeGrowth, terms: Terms): UnnamedFinding {
  const { holder, top, members } = tree;
  const [grown] = members as [SurvivorIndex];
  const found = holder === top ? null : listSlot(growth, holder, grown);
  const isList = found?.chain && isAllInOneList(growth, tree, { ...found, chain: found.chain });
  const slot = isList ? found : found && { ...found, chain: null };
  const isNamed = slot !== null || !(isScope(growth, holder) || isKeyFor(growth, holder, top));
  const survivor = isNamed ? holder : top;
  const place = { survivor, grown, holder: lastNode(growth, survivor) };
  const linkedClass = nodeLabel(growth.heaps.at(-1)!.graph, lastNode(growth, top));
  return { ...together(growth, place, members, slot, terms), linkedClass };
}

function isScope(growth: HolderGrowth, holder: SurvivorIndex): boolean {
  return isContext(growth.heaps.at(-1)!.graph, lastNode(growth, holder));
}

/** True if a holder keeps something only as the key that a WeakMap has it for. */
function isKeyFor(growth: HolderGrowth, key: SurvivorIndex, value: SurvivorIndex): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const [from, to] = [lastNode(growth, key), lastNode(growth, value)];
  for (let edge = firstEdgeOf(graph, from); edge < graph.firstEdge[from + 1]!; edge++)
    if (graph.edgeTarget[edge] === to && graph.edgeType[edge] === EdgeType.internal)
      return tableIdIn(graph.strings.text(graph.edgeName[edge]!)) !== 0;
  return false;
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
  const all = [growthOf(growth, members)];
  if (tops !== null) all.push(unitGrowth(growth, tops));
  const one = { ...finding(growth, place, total(all), slot, terms, tops), folded: members.slice(1) };
  return one.chain === null ? { ...one, entries: null, judgement: judgeBytes(growth, one, terms) } : one;
}

function judgeBytes(growth: HolderGrowth, one: UnnamedFinding, terms: Terms): Judgement {
  const kept = keptBytes(growth, { ...one, entries: null });
  const series = { bytes: one.bytes, before: 0, entries: null, enlargedBy: null };
  return kept === null ? judge(series, terms) : judgeKept(kept, null, terms.floor);
}

function growthOf({ bytes: counted }: HolderGrowth, survivors: readonly SurvivorIndex[]): number[] {
  const own = total(survivors.map((each) => differences(counted.programOf(each))));
  const engines = total(survivors.map((each) => differences(counted.engineOf(each))));
  // Hidden classes and code that hang on leaked objects are part of the leak; beside a healthy holder they are warm-up.
  return sum(engines) > 0 && sum(engines) < sum(own) ? own.map((bytes, i) => bytes + Math.max(0, engines[i]!)) : own;
}

function total(columns: readonly (readonly number[])[]): number[] {
  return columns[0]!.map((_, i) => sum(columns.map((each) => each[i]!)));
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
  const isOnItsWay = slot !== null && slot.chain !== null && isPassing(growth, containers, entries, terms.floor);
  const series: GrowthSeries = {
    bytes,
    before: growth.bytes.programOf(place.grown)[0]!,
    left: () => bytesThatLeft(growth, containers),
    entries: entries === null ? null : differences(entries.counts),
    enlargedBy: entries === null ? null : enlargement(entries.word),
    room: () => differences(containers.map((node, i) => (node === NO_NODE ? 0 : growth.heaps[i]!.ownedSize[node]!))),
    // What was registered for a target that is gone stays until the callback has been told; of a WeakMap an empty entry
    // until its table is made anew, and the values are their keys'.
    isSwept: entries?.word === "registrations" || isWeakCollection(growth.heaps[last]!.graph, containers[last]!),
  };
  const grown = kept === null ? judge(series, terms) : judgeKept(kept, series.entries, terms.floor);
  const judgement = isExchange || isOnItsWay ? "flat" : grown;
  const isOfElements = judgement !== "flat" && entries?.word.startsWith("element") === true;
  const filled = isOfElements ? filledPlaces(growth.heaps, containers) : null;
  const isFilling = filled?.isBound && (judgement !== "settled" || differences(filled.counts)[last - 1]! > 0);
  return {
    ...BY_ITSELF,
    ...place,
    tops,
    container: containers[last]!,
    containers,
    isReplaced: slot !== null && slot.chain === null && new Set(slot.nodes).size > 1,
    chain: slot?.chain ?? null,
    slotWords: slot?.words ?? [],
    slot,
    bytes,
    entries: filled === null ? entries : { counts: filled.counts, word: "elements" },
    judgement: isFilling ? "filling" : judgement,
  };
}

/** True for a list of as many links as before that keeps as much: what came at one end has left at the other. */
function isPassing(
  { heaps, left }: HolderGrowth,
  heads: readonly NodeIndex[],
  links: Finding["entries"],
  floor: number,
): boolean {
  if (left !== null || links === null || sum(differences(links.counts)) > 0) return false;
  const kept = heads.map((head, i) => (head === NO_NODE ? 0 : heaps[i]!.retainedSize[head]!));
  return sum(differences(kept)) < floor;
}

function countEntries(growth: HolderGrowth, containers: readonly NodeIndex[], slot: Slot | null): Finding["entries"] {
  const chain = slot?.chain;
  if (chain) return { counts: containers.map((node, i) => chainLength(growth.heaps[i]!, node, chain)), word: "links" };
  const entries = entrySeries(growth.heaps, containers);
  // Another promise each time has reactions of its own: what waits behind one is no copy of what waited before.
  return entries?.word === "reactions" && new Set(slot?.nodes).size > 1 ? null : entries;
}
