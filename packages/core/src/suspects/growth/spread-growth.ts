import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { entriesOf } from "./container-entries.js";
import { type Likeness, likenesses, namesOf, NOT_ALIKE, nameFromAbove } from "./alike.js";
import { type Gains, gainsInAll, steadyGains } from "./gains.js";
import { differences, judge, sum, type Terms } from "./growth-verdict.js";

/** Many alike objects below one holder that each grow by a little: the histories of all users in a Map. */
export interface SpreadGrowth {
  /** The survivors that grow, all of one class, most growth first. */
  readonly members: readonly SurvivorIndex[];
  /** All objects of that class there that changed, those too that grew only once, or got smaller. */
  readonly alike: readonly SurvivorIndex[];
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
  const claim = (groups: readonly SpreadGrowth[]): void => {
    for (const { members } of groups) for (const member of members) claimed.add(member);
    found.push(...groups);
  };
  const likely = likenesses(growth);
  const steady = steadyGains(growth);
  for (const likeness of likely) claim(alikeAmong(growth, steady, likeness, terms.floor, claimed));
  if (growth.heaps.length === 2 || growth.left !== null) return found;
  const all = gainsInAll(growth);
  for (const likeness of likely) {
    const groups = alikeAmong(growth, all, likeness, terms.floor, claimed);
    const together = groups.filter((each) => growsTogether(growth, each, terms));
    claim(together.length === 0 ? [] : withoutBounded(growth, together, likeness));
  }
  return found;
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
  return [...found].map(([role, members]) => ({ members, alike: alike.get(role)! }));
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

/** So many of one size, which none is above, are no accident. */
const AT_BOUND = 3;
/** So many survivors, from all over, have some of each size that many have. */
const MOST_ASKED = 1 << 16;

/**
 * Leaves out groups in which several had a size in the first snapshot that none is above in the last: those that grow
 * will stop there, too, as histories that are cut, of which those of users who come seldom are not full yet. Of what has
 * no entries nobody knows.
 */
function withoutBounded(
  growth: HolderGrowth,
  groups: readonly SpreadGrowth[],
  { roleOf }: Likeness,
): readonly SpreadGrowth[] {
  const asked = new Map(groups.map(({ members, alike }) => [roleOf(members[0]!), new Set(alike)]));
  const every = Math.ceil(growth.survivors.count / MOST_ASKED);
  for (let survivor = 1; survivor < growth.survivors.count; survivor += every)
    asked.get(roleOf(survivor))?.add(survivor);
  return groups.filter(({ members }) => {
    const names = namesOf(growth, members);
    const alike = [...asked.get(roleOf(members[0]!))!];
    return !isBounded(
      growth,
      alike.filter((survivor) => names.has(nameFromAbove(growth, survivor))),
    );
  });
}

function isBounded(growth: HolderGrowth, alike: readonly SurvivorIndex[]): boolean {
  const [before, after] = [0, growth.heaps.length - 1].map((snapshot) => largest(growth, alike, snapshot));
  return after!.size === 0 || (after!.size === before!.size && before!.times >= AT_BOUND);
}

/** The most entries that one of them has in a snapshot, and how many have as many. */
function largest(
  { heaps, survivors }: HolderGrowth,
  alike: readonly SurvivorIndex[],
  snapshot: number,
): { size: number; times: number } {
  let [size, times] = [0, 0];
  for (const each of alike) {
    const count = entriesOf(heaps[snapshot]!, survivors.nodesIn(snapshot)[each]!)?.count ?? 0;
    if (count > size) [size, times] = [count, 0];
    if (count === size) times++;
  }
  return { size, times };
}

/** Those of the alike objects that the same properties refer to as the members: the orders of each user, not his visits. */
export function alikeInName(growth: HolderGrowth, { members, alike }: SpreadGrowth): SurvivorIndex[] {
  const names = namesOf(growth, members);
  return alike.filter((survivor) => names.has(nameFromAbove(growth, survivor)));
}
