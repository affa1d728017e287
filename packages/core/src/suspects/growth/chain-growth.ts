import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { ANY_ELEMENT, ANY_ENTRY } from "../naming/access-words.js";
import { entriesOf } from "./container-entries.js";
import { type Chain, chainLength, eachLink, isAlike, nextLink, propertyLink } from "./chains.js";
import type { Gains } from "./gains.js";
import { differences, ENTRIES_COUNT_FOR, sum } from "./growth-verdict.js";
import { type Slot, slotOf } from "./slots.js";
import { lastNode, survivorAbove } from "./survivor-tree.js";
import { type Tops, unitGrowth } from "./unit-growth.js";

/**
 * A list or queue whose first links live in all snapshots, and that grows at its end. What is new hangs on the newest of
 * those links, on what that has in it, and on whatever refers to the end: none of these need grow in every interval, and
 * all of them together do.
 */
export interface ChainGrowth {
  /** What refers to the first link by a name. */
  readonly holder: SurvivorIndex;
  /** The variable or property of the holder's that refers to the first link. */
  readonly slot: Slot & { readonly chain: Chain };
  /** The survivors in the list that changed, after the newest link of those that live in all snapshots. */
  readonly members: readonly SurvivorIndex[];
  /** Links that are units of the holder's, as the last one is where the holder refers to that as well. */
  readonly ends: Tops;
  /** True if it gains few links, as of blocks that hold many things each: what is in them says more than their number. */
  readonly areFew: boolean;
}

/** Lists that are gone through. Something new in the midst of one would be a list each, and that may have 10^6 links. */
const MAX_LISTS = 200;
/** Links by which a list grows in an interval at least for their number to say how it grows. */
const FEW_LINKS = 4;
/** Objects with more edges are no links. */
const MOST_EDGES = 200;
/** Objects between a link and what grows in it, such as the Array of a block. */
const BETWEEN = 2;
/** Links that the holder alone keeps, the first and the last: of a list linked both ways it keeps each, and grows itself. */
const MOST_ENDS = 2;
/** Share of what the list gained that it must have gained at its end. */
const AT_END = 0.7;
/** Share that new links must have: without them it is no list that grows, but something in one of its links. */
const IN_NEW_LINKS = 0.1;
/** Of the new objects that are alike links, the share that the list must have: of those of a tree it has few. */
const IN_LIST = 0.5;
/** Share of the links that came which a list may have gained and be as long as before. */
const PASSING = 0.5;
/** Share of its growth that a link may add to itself when there is another after it. */
const CLOSED = 0.05;

/** Lists that something was added to at their ends. */
export interface GrownChains {
  readonly growing: readonly ChainGrowth[];
  /** What grew in lists that got no longer: as much as came after these links has left at the head. */
  readonly passing: ReadonlySet<SurvivorIndex>;
}

/**
 * Finds lists that grow at their ends.
 * @param floor growth in bytes, over all intervals, below which nothing is reported
 */
export function chainGrowth(growth: HolderGrowth, gains: Gains, floor: number): GrownChains {
  const lists = listsThrough(growth, gains, floor * ENTRIES_COUNT_FOR * IN_NEW_LINKS);
  if (lists.length === 0) return { growing: [], passing: new Set() };
  const numberOf = numberLinks(growth, lists);
  for (const [row, survivor] of gains.survivors.entries()) {
    const link = withinReach(growth, survivor).find((each) => numberOf[each] !== 0);
    if (link !== undefined) lists[numberOf[link]! - 1]!.changed.push({ survivor, link, gain: gains.bytes[row]! });
  }
  const passing = new Set(lists.filter((list) => isPassing(growth, list, floor)).flatMap(atNewest));
  const longer = lists.filter((list) => !passing.has(list.newest) && growsAtEnd(growth, list, floor));
  const born = bornAlike(growth, longer);
  const growing = longer
    .filter((list) => sum(list.gained) >= born.get(list)! * IN_LIST)
    .map((list) => ({
      ...list,
      members: [...new Set([list.newest, ...list.changed.map(({ survivor }) => survivor)])],
    }));
  return { growing, passing };
}

/** @returns survivor -> number of the list that it is a link of, from 1 on; 0 if it is of none */
function numberLinks({ heaps, cuts, survivors }: HolderGrowth, lists: readonly List[]): Uint32Array {
  const last = heaps.length - 1;
  const numberOf = new Uint32Array(survivors.count); // the system gives memory to the few that are links only
  for (const [i, { slot, lengths }] of lists.entries())
    eachLink(heaps[last]!, slot.nodes[last]!, slot.chain, lengths[last]!, (link) => {
      const survivor = cuts[last]!.survivorOf(link);
      if (survivor !== NO_SURVIVOR) numberOf[survivor] = i + 1;
    });
  return numberOf;
}

/** The survivors that grew with what came after the newest link of those that live in all snapshots. */
function atNewest({ newest, changed }: List): SurvivorIndex[] {
  return [newest, ...changed.filter(({ link }) => link === newest).map(({ survivor }) => survivor)];
}

/** True if about as much left a list at its head, and is gone, as came after its newest link. */
function isPassing(growth: HolderGrowth, list: List, floor: number): boolean {
  const { newest, slot, changed, gained } = list;
  const after = growth.survivors
    .nodesOf(newest)
    .map((link, snapshot) => chainLength(growth.heaps[snapshot]!, link, slot.chain));
  const came = sum(differences(after));
  const bytes = sum(changed.filter(({ link }) => link === newest).map(({ gain }) => gain));
  const isShort = sum(gained) * bytes < floor * ENTRIES_COUNT_FOR * came; // by what it gained of all that came
  return isShort && sum(gained) < came * PASSING && linksGone(growth, list) >= came * PASSING;
}

/** How many links of the first snapshot's list are gone. When a tree is balanced, ways down it lose what others have then. */
function linksGone({ heaps, cuts }: HolderGrowth, { slot: { nodes, chain }, lengths }: List): number {
  let gone = 0;
  eachLink(heaps[0]!, nodes[0]!, chain, lengths[0]!, (link) => {
    if (cuts[0]!.survivorOf(link) === NO_SURVIVOR) gone++;
  });
  return gone;
}

/**
 * Lists in which something new follows a link that gains: of many, those that gain most.
 * @param least bytes that do not count
 */
function listsThrough(growth: HolderGrowth, { survivors, bytes }: Gains, least: number): List[] {
  const asked = new Set<SurvivorIndex>();
  const lists: List[] = [];
  const rows: number[] = [];
  for (let row = 0; row < bytes.length; row++) if (survivors[row] !== 0 && bytes[row]! > least) rows.push(row);
  rows.sort((a, b) => bytes[b]! - bytes[a]! || a - b);
  let left = MAX_LISTS;
  for (const row of rows)
    for (const newest of withinReach(growth, survivors[row]!)) {
      if (asked.has(newest)) continue;
      asked.add(newest);
      const chain = linkToNew(growth, lastNode(growth, newest));
      if (chain === null) continue;
      const list = listThrough(growth, newest, chain);
      if (list !== null) lists.push(list);
      if (--left === 0) return lists;
    }
  return lists;
}

interface List extends Omit<ChainGrowth, "members"> {
  /** Links in each snapshot. */
  readonly lengths: readonly number[];
  /** Links gained per interval. */
  readonly gained: readonly number[];
  /** The newest of the links that live in all snapshots. */
  readonly newest: SurvivorIndex;
  readonly changed: Member[];
}

interface Member {
  readonly survivor: SurvivorIndex;
  /** The link that it is, or is in. */
  readonly link: SurvivorIndex;
  readonly gain: number;
}

/** A survivor, and those that it may be in. */
function withinReach(growth: HolderGrowth, survivor: SurvivorIndex): SurvivorIndex[] {
  const found: SurvivorIndex[] = [];
  for (let at = survivor; at !== NO_SURVIVOR && at !== 0 && found.length <= BETWEEN; at = survivorAbove(growth, at))
    found.push(at);
  return found;
}

/** The list in which something new follows a link that lives in all snapshots, if a name leads to its head. */
function listThrough(growth: HolderGrowth, newest: SurvivorIndex, chain: Chain): List | null {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const head = headOf(heap, lastNode(growth, newest), chain);
  const first = cut.survivorOf(head);
  const holder = first === NO_SURVIVOR ? NO_SURVIVOR : survivorAbove(growth, first);
  // What a link of the same kind refers to by another name is a branch of a tree.
  if (holder === NO_SURVIVOR || isAlike(heap.graph, lastNode(growth, holder), head)) return null;
  const slot = slotOf(growth, holder, head) ?? entryOf(growth, holder, first);
  if (slot === null) return null;
  const lengths = slot.nodes.map((node, snapshot) => chainLength(growth.heaps[snapshot]!, node, chain));
  const ends = slot.nodes.map((node, i) => endsOf(growth, i, holder, node, chain, lengths[i]!));
  if (ends.some((roots) => roots.size > MOST_ENDS)) return null;
  const gained = differences(lengths);
  const areFew = gained.some((each) => each < FEW_LINKS);
  return { holder, slot: { ...slot, chain }, lengths, gained, areFew, newest, ends, changed: [] };
}

/** Of a Map, Set or Array that has the head of a list, such as that of an event's listeners, the entry. */
function entryOf(growth: HolderGrowth, holder: SurvivorIndex, first: SurvivorIndex): Slot | null {
  const entries = entriesOf(growth.heaps.at(-1)!, lastNode(growth, holder));
  if (entries === null || entries.word === "properties") return null;
  const nodes = growth.survivors.nodesOf(first);
  return { words: [entries.word.startsWith("element") ? ANY_ELEMENT : ANY_ENTRY], tops: nodes, nodes, chain: null };
}

/** The property by which a link refers to another of its kind that does not live in all snapshots. */
function linkToNew(growth: HolderGrowth, node: NodeIndex): Chain | null {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  if (graph.nodeType[node] !== NodeType.object) return null;
  if (graph.firstEdge[node + 1]! - graph.firstEdge[node]! > MOST_EDGES) return null;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] !== EdgeType.property || cut.unitOf(target) !== target) continue;
    if (isAlike(graph, node, target)) return propertyLink(graph, edge);
  }
  return null;
}

/** Goes up the list as long as each link is kept alive by the one before it alone. */
function headOf(heap: HeapAnalysis, node: NodeIndex, chain: Chain): NodeIndex {
  let at = node;
  for (let above = heap.dominator[at]!; at !== 0 && nextLink(heap, above, chain) === at; above = heap.dominator[at]!) {
    if (!isAlike(heap.graph, above, at)) break;
    at = above;
  }
  return at;
}

/** The links that are units of the holder's; of those that are too many to be ends, some. */
function endsOf(
  growth: HolderGrowth,
  snapshot: number,
  holder: SurvivorIndex,
  head: NodeIndex,
  chain: Chain,
  length: number,
): Set<NodeIndex> {
  const cut = growth.cuts[snapshot]!;
  const ends = new Set<NodeIndex>();
  eachLink(growth.heaps[snapshot]!, head, chain, length, (node) => {
    if (cut.unitOf(node) === node && cut.regionOf(node) === holder) ends.add(node);
    return ends.size <= MOST_ENDS;
  });
  return ends;
}

/** True if a list gained new links, and little in others than the last it had. */
function growsAtEnd(growth: HolderGrowth, list: List, floor: number): boolean {
  const { newest, ends, areFew, changed } = list;
  const end = sum(unitGrowth(growth, ends));
  const total = end + sum(changed.map(({ gain }) => gain));
  if (sum(list.gained) <= 0 || total < floor * (areFew ? 1 : ENTRIES_COUNT_FOR)) return false;
  const risen = (which: (member: Member) => boolean): number =>
    sum(changed.filter(which).map(({ gain }) => Math.max(gain, 0)));
  const all = end + risen(() => true);
  if (end + risen(({ link }) => link === newest) < all * AT_END) return false;
  if (end + risen(({ survivor }) => survivor === newest) < all * IN_NEW_LINKS) return false;
  return isClosed(growth, list, total);
}

/** True if what is in links stops growing when there is another link after them, as a block does that is full. */
function isClosed(growth: HolderGrowth, { slot, newest, changed }: List, total: number): boolean {
  const isLast = growth.survivors
    .nodesOf(newest)
    .map((link, snapshot) => chainLength(growth.heaps[snapshot]!, link, slot.chain) === 1);
  const gained = (survivor: SurvivorIndex): number[] => differences(growth.bytes.programOf(survivor));
  return changed.every(
    ({ survivor, link }) =>
      survivor === link || gained(survivor).every((gain, i) => isLast[i] || gain <= total * CLOSED),
  );
}

/** How many objects like their links are new in lists. */
function bornAlike(growth: HolderGrowth, lists: readonly List[]): Map<List, number> {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const counts = new Map(lists.map((list) => [list, 0]));
  const listOf = new Map<SurvivorIndex, List>();
  const listOfEnd = new Map<NodeIndex, List>();
  for (const list of lists) {
    for (const { survivor } of list.changed) listOf.set(survivor, list);
    for (const end of list.ends[last]!) listOfEnd.set(end, list);
  }
  for (let row = 0; row < cut.members.length && lists.length > 0; row++) {
    const list = listOf.get(cut.regionAt(row)) ?? listOfEnd.get(cut.unitAt(row));
    if (list !== undefined && isAlike(graph, lastNode(growth, list.newest), cut.members[row]!))
      counts.set(list, counts.get(list)! + 1);
  }
  return counts;
}
