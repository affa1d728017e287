import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { rowOf } from "../../parse/row-of.js";
import { entriesOf } from "./container-entries.js";
import { type Likeness, likenesses, namesOf, NOT_ALIKE, nameFromAbove } from "./alike.js";
import { type Gains, gainsInAll, steadyGains } from "./gains.js";
import { differences, judge, sum, type Terms } from "./growth-verdict.js";
import { entryIds } from "./oldest-first.js";
import { growingSlots, namedTarget, type Slot } from "./slots.js";

/** Many alike objects below one holder that each grow by a little: the histories of all users in a Map. */
export interface SpreadGrowth {
  /** The survivors that grow, all of one class, most growth first. */
  readonly members: readonly SurvivorIndex[];
  /** All objects of that class there that changed, those too that grew only once, or got smaller. */
  readonly alike: readonly SurvivorIndex[];
  /** The property through which all of them grow, where they are no containers, as the largest has it; else null. */
  readonly slot: Slot | null;
  /** True if several have reached a size that none is above, so that those that grow will stop there, too. */
  readonly isBounded: boolean;
}

/** Fewer than this may be bugs of their own. */
const LEAST_MEMBERS = 8;
/** Share of it that one member may have at most: a large one is a suspect itself. */
const LARGEST = 0.5;
/** Of what grows only together: the share of what some gain in an interval that others may lose. */
const LOST = 0.1;

/**
 * Finds growth that is spread over many objects of one class with a common holder: first over those that grow in every
 * interval, then over those that do so only together, since there are more of them than there was work.
 */
export function spreadGrowth(growth: HolderGrowth, terms: Terms): SpreadGrowth[] {
  const found: SpreadGrowth[] = [];
  const claimed = new Set<SurvivorIndex>();
  const claim = (group: SpreadGrowth, row = found.length): void => {
    for (const member of group.members) claimed.add(member);
    found[row] = group;
  };
  const likely = likenesses(growth);
  const steady = steadyGains(growth);
  for (const likeness of likely) {
    const groups = alikeAmong(growth, steady, likeness, terms.floor, claimed);
    for (const { bound, ...group } of withBounds(growth, groups, likeness))
      claim({ ...group, isBounded: bound === "reached" });
  }
  if (growth.heaps.length === 2 || growth.left !== null) return found;
  const all = gainsInAll(growth);
  for (const likeness of likely) {
    const groups = alikeAmong(growth, all, likeness, terms.floor, claimed);
    const together = groups.filter((each) => growsTogether(growth, each, terms));
    for (const group of withBounds(growth, together, likeness)) {
      if (group.bound !== "none") continue; // of what has no entries nobody knows
      const row = found.findIndex((other) => areAlike(growth, likeness, other, group));
      const steadier = found[row];
      if (steadier === undefined) claim(group);
      else claim({ ...steadier, members: [...steadier.members, ...group.members] }, row);
    }
  }
  return found;
}

/** True if those that grow in every interval, and those that do so only together, are of one kind: more work reached them. */
function areAlike(growth: HolderGrowth, { roleOf }: Likeness, one: SpreadGrowth, other: SpreadGrowth): boolean {
  const [a, b] = [one, other].map(({ members }) => members[0]!) as [SurvivorIndex, SurvivorIndex];
  return roleOf(a) === roleOf(b) && nameFromAbove(growth, a) === nameFromAbove(growth, b);
}

/** Groups of alike objects among those that gained and are in none yet. */
function alikeAmong(
  growth: HolderGrowth,
  { survivors, bytes }: Gains,
  { roleOf, isByName }: Likeness,
  floor: number,
  claimed: ReadonlySet<SurvivorIndex>,
): SpreadGrowth[] {
  const groups = new Map<number, number[]>(); // role -> rows
  for (const [row, survivor] of survivors.entries()) {
    const role = bytes[row]! > 0 && !claimed.has(survivor) ? roleOf(survivor) : NOT_ALIKE;
    if (role === NOT_ALIKE) continue;
    const group = groups.get(role);
    if (group === undefined) groups.set(role, [row]);
    else group.push(row);
  }
  const found = new Map<number, SurvivorIndex[]>();
  for (const [role, rows] of groups) {
    const total = rows.reduce((more, row) => more + bytes[row]!, 0);
    if (rows.length < LEAST_MEMBERS || total < floor) continue;
    rows.sort((a, b) => bytes[b]! - bytes[a]!);
    if (bytes[rows[0]!]! > total * LARGEST) continue;
    const members = rows.map((row) => survivors[row]!);
    if (!isByName || namesOf(growth, members).size === 1) found.set(role, members);
  }
  if (found.size === 0) return [];
  const alike = new Map<number, SurvivorIndex[]>([...found.keys()].map((role) => [role, []]));
  for (const survivor of growth.bytes.changed) alike.get(roleOf(survivor))?.push(survivor);
  return [...found].map(([role, members]) => {
    const slot = slotOfAll(growth, members);
    return { members, alike: alike.get(role)!, slot, isBounded: slot === null && areFilledRecords(growth, members) };
  });
}

/** So many of those that grew most have to do so through one property. */
const SLOTS_ASKED = 8;

/** The property through which alike records grow: each user has a history, which is another array each time. */
function slotOfAll(growth: HolderGrowth, members: readonly SurvivorIndex[]): Slot | null {
  const slots = members.slice(0, SLOTS_ASKED).map((member) => growingSlots(growth, member, 1)[0]);
  const [first] = slots;
  const isOne = slots.every((slot) => slot?.chain === null && slot.words.join() === first?.words.join());
  return isOne ? first! : null;
}

/** Share of what records gained that is room for properties, from which on they only got some that they had not yet. */
const PROPERTIES = 0.5;

/** True for objects that are no containers and got properties: the code that does so names a few. */
function areFilledRecords(growth: HolderGrowth, members: readonly SurvivorIndex[]): boolean {
  const { heaps, survivors, bytes } = growth;
  const last = heaps.length - 1;
  if (countIn(heaps[last]!, survivors.nodesIn(last)[members[0]!]!) > 0) return false;
  const room = (member: SurvivorIndex): number =>
    heaps[last]!.ownedSize[survivors.nodesIn(last)[member]!]! - heaps[0]!.ownedSize[survivors.nodesIn(0)[member]!]!;
  const gained = sum(members.map((member) => sum(differences(bytes.programOf(member)))));
  return sum(members.map(room)) >= gained * PROPERTIES;
}

/** Do they grow all the time if taken together? Where some lose what others gain, they go up and down. */
function growsTogether({ bytes }: HolderGrowth, { alike }: SpreadGrowth, terms: Terms): boolean {
  const changes = alike.map((survivor) => differences(bytes.programOf(survivor)));
  const total = (interval: number, sign: 1 | -1): number =>
    sum(changes.map((column) => Math.max(0, sign * column[interval]!)));
  const gained = changes[0]!.map((_, interval) => total(interval, 1));
  if (gained.some((more, interval) => total(interval, -1) > more * LOST)) return false;
  return judge({ bytes: gained, before: 0, entries: null, enlargedBy: null }, terms) === "growing";
}

/** So many of one size, which none is above, are no accident, */
const AT_BOUND = 3;
/** ... unless it is so small that most have it. */
const LEAST_BOUND = 4;
/** Of those that have this size so many are looked at. */
const MOST_FULL = 64;
/** How many times as many as those had that were emptied the largest may have, to be emptied soon: those were seen before they were full. */
const SOON = 1.25;
/** So many survivors, from all over, have some of each size that many have. */
const MOST_ASKED = 1 << 16;

/**
 * Says of each group whether a bound is reached: several had a size one snapshot before the last that none is above in the
 * last, and come and go at that size, or had grown to it. The others will stop there, too, as histories that are cut, of
 * which those of users who come seldom are not full yet. What always had this size says nothing. The same goes for what is
 * emptied when it is full, as batches for each receiver: several were, and none has more than those had.
 */
function withBounds(
  growth: HolderGrowth,
  groups: readonly SpreadGrowth[],
  { roleOf }: Likeness,
): (SpreadGrowth & { readonly bound: "reached" | "none" | "unknown" })[] {
  if (groups.length === 0) return [];
  const asked = new Map(groups.map(({ members, alike }) => [roleOf(members[0]!), new Set(alike)]));
  const every = Math.ceil(growth.survivors.count / MOST_ASKED);
  for (let survivor = 1; survivor < growth.survivors.count; survivor += every)
    asked.get(roleOf(survivor))?.add(survivor);
  const last = growth.heaps.length - 1;
  return groups.map((group) => {
    if (group.isBounded) return { ...group, bound: "reached" };
    const words = group.slot?.words ?? [];
    const names = namesOf(growth, group.members);
    const alike = [...asked.get(roleOf(group.members[0]!))!].filter((each) => names.has(nameFromAbove(growth, each)));
    const [before, after] = [last - 1, last].map((snapshot) => largest(growth, alike, words, snapshot)) as [
      Largest,
      Largest,
    ];
    if (after.size === 0) return { ...group, bound: "unknown" };
    const isOne = after.size === before.size && after.size >= LEAST_BOUND && before.those.length >= AT_BOUND;
    const isReached =
      isOne && before.those.filter((each) => wasFilled(growth, each, words, after.size)).length >= AT_BOUND;
    const isEmptied = !isReached && after.size <= sizeWhenEmptied(growth, alike, words) * SOON;
    return { ...group, bound: isReached || isEmptied ? "reached" : "none" };
  });
}

interface Largest {
  readonly size: number;
  /** Some of those that have this size. */
  readonly those: readonly SurvivorIndex[];
}

/** The most entries that one of them has in a snapshot, and some that have as many. */
function largest(
  growth: HolderGrowth,
  alike: readonly SurvivorIndex[],
  words: readonly string[],
  snapshot: number,
): Largest {
  let size = 0;
  let those: SurvivorIndex[] = [];
  for (const each of alike) {
    const count = countIn(growth.heaps[snapshot]!, containerIn(growth, each, words, snapshot));
    if (count > size) [size, those] = [count, []];
    if (count === size && those.length < MOST_FULL) those.push(each);
  }
  return { size, those };
}

/** True if it had fewer entries before, or has others than one snapshot before the last. */
function wasFilled(growth: HolderGrowth, survivor: SurvivorIndex, words: readonly string[], size: number): boolean {
  const { heaps } = growth;
  const nodes = containersOf(growth, survivor, words);
  if (nodes.some((node, i) => countIn(heaps[i]!, node) < size)) return true;
  const [before, now] = [-2, -1].map((at) => entryIds(heaps.at(at)!, nodes.at(at)!)) as [Uint32Array, Uint32Array];
  now.sort();
  return before.some((id) => rowOf(now, id) < 0);
}

/** The most entries that one had one snapshot before it was found emptied, if several were; else 0. */
function sizeWhenEmptied(growth: HolderGrowth, alike: readonly SurvivorIndex[], words: readonly string[]): number {
  const { heaps } = growth;
  const containers = alike.map((each) => containersOf(growth, each, words));
  const sizes = heaps.map((heap, i) => containers.map((nodes) => countIn(heap, nodes[i]!)));
  const found: number[] = [];
  for (let before = 0; before < heaps.length - 1; before++) {
    const [most, now] = [sizes[before]!, sizes[before + 1]!];
    const fewer = [...alike.keys()].filter((row) => most[row]! >= LEAST_BOUND && now[row]! < most[row]!);
    const idsOf = (row: number, at: number): Uint32Array => {
      const container = containers[row]![at]!;
      return container === NO_NODE ? new Uint32Array(0) : entryIds(heaps[at]!, container);
    };
    const asked = fewer.slice(0, MOST_FULL).map((row) => ({ row, ids: idsOf(row, before) }));
    for (const { row, ids } of asked) {
      const left = idsOf(row, before + 1).sort();
      if (ids.length > 0 && ids.every((id) => rowOf(left, id) < 0)) found.push(most[row]!);
    }
  }
  return found.length >= AT_BOUND ? Math.max(...found) : 0;
}

/** What a survivor has entries in, in each snapshot: itself, or what these words lead to; NO_NODE where that is not there. */
function containersOf(growth: HolderGrowth, survivor: SurvivorIndex, words: readonly string[]): NodeIndex[] {
  return growth.heaps.map((_, snapshot) => containerIn(growth, survivor, words, snapshot));
}

function containerIn(
  { heaps, survivors }: HolderGrowth,
  survivor: SurvivorIndex,
  words: readonly string[],
  snapshot: number,
): NodeIndex {
  const node = survivors.nodesIn(snapshot)[survivor]!;
  return words.reduce((at, word) => namedTarget(heaps[snapshot]!, at, word), node);
}

function countIn(heap: HeapAnalysis, container: NodeIndex): number {
  return container === NO_NODE ? 0 : (entriesOf(heap, container)?.count ?? 0);
}

/** Those of the alike objects that the same properties refer to as the members: the orders of each user, not his visits. */
export function alikeInName(growth: HolderGrowth, { members, alike }: SpreadGrowth): SurvivorIndex[] {
  const names = namesOf(growth, members);
  return alike.filter((survivor) => names.has(nameFromAbove(growth, survivor)));
}

/** Those that have the bound of the members, or else gained no more than the largest of them: they are none by themselves. */
export function besideMembers(growth: HolderGrowth, spread: SpreadGrowth): SurvivorIndex[] {
  const gainOf = (survivor: SurvivorIndex): number => sum(differences(growth.bytes.programOf(survivor)));
  const most = gainOf(spread.members[0]!);
  return alikeInName(growth, spread).filter((each) => spread.isBounded || gainOf(each) <= most);
}
