/**
 * What the figures of the intervals say. `flat`: it did not grow, or too little to speak of. `burst`: it grew in the
 * last interval and not before, which only a further snapshot tells from a leak. `turnover`: it grew, and let go of what
 * it had held before. `filling`: it grows into a bound that it has.
 */
export type Judgement =
  | "growing"
  | "settled"
  | "stepped"
  | "decaying"
  | "turnover"
  | "filling"
  | "grew"
  | "burst"
  | "flat";

/** True for what counts as a leak: what settled, dies away, turns over or fills up does not. */
export function isLeak({ judgement }: { readonly judgement: Judgement }): boolean {
  return judgement === "growing" || judgement === "stepped" || judgement === "grew";
}

/** Growth of one holder, per interval. */
export interface GrowthSeries {
  readonly bytes: readonly number[];
  /** Bytes that the holder had in the first snapshot. */
  readonly before: number;
  /** Bytes of the entries at first that it has no more, and that live on; only looked at where it matters. */
  readonly left?: () => number;
  /** Entries gained per interval, where they can be counted. */
  readonly entries: readonly number[] | null;
  /** Bytes per interval that are room for entries, of which there comes much at once; only looked at where it matters. */
  readonly room?: () => readonly number[];
  /** By how much V8 enlarges the room for entries, where only that is known; null where it is not so. */
  readonly enlargedBy: number | null;
  /** True if entries are all that stays: the rest goes by itself, only later. */
  readonly isSwept?: boolean;
}

/** What a holder is judged by. */
export interface Terms {
  /** Least total growth in bytes that counts. */
  readonly floor: number;
  /** Requests, or whatever the process did, per interval; null if nobody said. */
  readonly cycles: readonly number[] | null;
  /** True for snapshots of several processes, in which no id and no entry is that of another. */
  readonly isByName?: true;
}

/** What is left of the growth of the best interval in the last one, below which it has settled. */
const SETTLED = 0.05;
/** ... and below which it is dying away, as when modules are loaded one after the other until all are there. */
const DECAYING = 0.3;
/** With three intervals or more: the share of the least before that, below which the last one has slowed down. */
const SLOWER = 0.5;
/** Loading modules dies away by itself, so it is believed to go on only if it keeps most of its pace. */
export const STEADY_LOADING = 0.6;
/** Growth, as a share of what there was, from which entries that only get heavier are a leak. */
const HEAVIER = 0.5;
/** So few entries are things of their own and no series: what each of them weighs says more than their number. */
const FEW_ENTRIES = 4;
/** What gains entries or links all the time, or may do so, is looked at from this fraction of the floor on. */
export const ENTRIES_COUNT_FOR = 0.25;

/**
 * Judges one holder. Two snapshots can only say that it grew. With more, the smallest interval decides, so that one
 * burst cannot win; entries are asked before bytes, which tables add by doubling. Where it is known how often the
 * process did its work, growth each time is what is compared, and as many entries each time outweigh what bytes say.
 */
export function judge(series: GrowthSeries, { floor, cycles }: Terms): Judgement {
  const total = sum(series.bytes);
  const isSeries = series.bytes.length > 1; // one interval does not show that it gains entries all the time
  const gainsEntries = isSeries && series.enlargedBy === null && series.entries?.every((gained) => gained > 0) === true;
  if (total <= 0 || total < (gainsEntries ? floor * ENTRIES_COUNT_FOR : floor)) return "flat";
  if (!isSeries) return judgeOnce(series, total);
  if (series.entries !== null && series.enlargedBy === null) {
    const byEntries = judgeColumn(rates(series.entries, cycles));
    // A few that came once are no series either.
    const saysNothing = byEntries === "flat" || (byEntries === "settled" && sum(series.entries) < FEW_ENTRIES);
    if (saysNothing) return series.isSwept === true ? "settled" : judgeWeight(series, cycles);
    if (byEntries === "stepped" && wasEmptied(series.entries)) return "turnover";
    if (byEntries !== "growing" || isWhole(series.entries, cycles)) return byEntries;
    const byBytes = judgeColumn(rates(series.bytes, cycles));
    if (sum(series.entries) < FEW_ENTRIES && (byBytes === "burst" || byBytes === "settled")) return byBytes;
    return byBytes === "decaying" && !isOneRate(series.entries, cycles) && isDecaying(series, cycles)
      ? "decaying"
      : "growing";
  }
  const byBytes = judgeColumn(rates(series.bytes, cycles));
  if (series.enlargedBy === null) return byBytes === "stepped" && wasEmptied(series.bytes) ? "turnover" : byBytes;
  // Steady growth needs no room for a while, and much at once; of objects that are in it this says nothing.
  const isSteady =
    (byBytes === "burst" && isMostlyRoom(series)) ||
    (byBytes === "settled" && fillsSteadily(series, series.enlargedBy, cycles));
  return isSteady ? "stepped" : byBytes;
}

/** What one interval says: entries that are fewer are no leak, and as many only if they weigh much more. */
function judgeOnce(series: GrowthSeries, total: number): Judgement {
  const { entries, enlargedBy, isSwept } = series;
  const gained = entries === null ? null : sum(entries);
  if (gained === null || gained > 0 || (gained === 0 && enlargedBy !== null)) return "grew";
  return gained < 0 || isSwept === true || !isHeavier(series, total) ? "flat" : "grew";
}

function isMostlyRoom({ bytes, room }: GrowthSeries): boolean {
  return room === undefined || sum(room()) >= sum(bytes) / 2;
}

/** Do the entries themselves weigh less and less? A table that had to be enlarged in another interval says nothing. */
function isDecaying({ bytes, room }: GrowthSeries, cycles: Terms["cycles"]): boolean {
  const enlarged = room?.() ?? [];
  return (
    judgeColumn(
      rates(
        bytes.map((gained, i) => gained - (enlarged[i] ?? 0)),
        cycles,
      ),
    ) === "decaying"
  );
}

/**
 * True for what lost more at once than it gained in any interval, or as much as it gained in all, after it had gained
 * some: it is emptied from time to time, a new one takes its place, or it goes up and down with the work that is being
 * done, such as requests in flight. What it lost at first may be what starting took.
 */
function wasEmptied(gains: readonly number[]): boolean {
  const most = Math.max(...gains);
  const isMuch = (gained: number): boolean => gained < -most || (gained < 0 && -gained >= sum(gains));
  return gains.some((gained, i) => isMuch(gained) && gains.slice(0, i).some((before) => before > 0));
}

/**
 * Can what is in an array or a table have grown at one pace, given the room that it had in each snapshot? Only where it had to be
 * enlarged more than once, for one step says nothing of the pace.
 */
function fillsSteadily({ before, bytes }: GrowthSeries, enlargedBy: number, cycles: Terms["cycles"]): boolean {
  if (bytes.filter((gained) => gained > 0).length < 2) return false;
  const room = [before];
  const time = [0];
  bytes.forEach((gained, i) => {
    room.push(room[i]! + gained);
    time.push(time[i]! + (cycles === null ? 1 : cycles[i]!));
  });
  let [slowest, fastest] = [0, Infinity];
  for (let later = 1; later < room.length; later++)
    for (let earlier = 0; earlier < later; earlier++) {
      const between = time[later]! - time[earlier]!;
      slowest = Math.max(slowest, (room[later]! / enlargedBy - room[earlier]!) / between);
      fastest = Math.min(fastest, (room[later]! - room[earlier]! / enlargedBy) / between);
    }
  return slowest > 0 && slowest <= fastest;
}

/** Judges a holder by what it keeps after cleaning up. Only that it does can be said, not that it goes on. */
export function judgeKept(kept: number, entries: readonly number[] | null, floor: number): Judgement {
  const gained = entries === null ? 0 : sum(entries);
  if (gained < 0 || kept <= 0 || kept < (gained > 0 ? floor * ENTRIES_COUNT_FOR : floor)) return "flat";
  return "grew";
}

/** An equal number of entries that weigh more and more: by much it is a leak, by little a counter that gets longer. */
function judgeWeight(series: GrowthSeries, cycles: Terms["cycles"]): Judgement {
  const byBytes = judgeColumn(rates(series.bytes, cycles));
  if (byBytes === "burst" || byBytes === "flat") return byBytes;
  return byBytes === "growing" && isHeavier(series, sum(series.bytes)) ? "growing" : "settled";
}

/**
 * True for entries that weigh much more. What lives on is counted for itself, also once others have taken its place: what
 * left a bounded cache, and is kept elsewhere, made nothing heavier here.
 */
function isHeavier({ before, left }: GrowthSeries, total: number): boolean {
  return total > before * HEAVIER && total - (left?.() ?? 0) > before * HEAVIER;
}

/** True for growth in every interval that has not slowed down in the last. */
export function isSteady(column: readonly number[], cycles: Terms["cycles"]): boolean {
  const paces = rates(column, cycles);
  return judgeColumn(paces) === "growing" && paces[paces.length - 1]! >= Math.max(...paces) * SLOWER;
}

function judgeColumn(column: readonly number[]): Judgement {
  const last = column[column.length - 1]!;
  const most = Math.max(...column);
  if (most <= 0) return "flat";
  if (last < most * SETTLED) return "settled";
  // Next to nothing is not "in every interval".
  if (column.length > 1 && column.slice(0, -1).every((gained) => gained < most * SETTLED)) return "burst";
  if (column.every((gained) => gained > 0)) {
    const least = Math.min(...column.slice(0, -1)); // what was less before, when there was less to do, does not die away
    const isSlower = column.length > 2 && last < least * SLOWER;
    return isSlower || (last < most * DECAYING && last <= least) ? "decaying" : "growing";
  }
  return column.filter((gained) => gained > 0).length > column.length / 2 ? "stepped" : "burst";
}

/** Growth a cycle, per interval; growth itself where cycles are not known. */
export function rates(column: readonly number[], cycles: Terms["cycles"]): readonly number[] {
  return cycles === null ? column : column.map((value, i) => value / cycles[i]!);
}

/** True if each cycle seems to add one entry, or two ...: the figures of all intervals come out even. */
export function isWhole(entries: readonly number[], cycles: Terms["cycles"]): boolean {
  if (cycles === null) return false;
  return entries.every((gained, i) => gained > 0 && cycles[i]! > 1 && gained % cycles[i]! === 0);
}

/** True if entries, and more than a few, come at the very same rate all the time: one may have led to much for a while. */
function isOneRate(entries: readonly number[], cycles: Terms["cycles"]): boolean {
  return entries.every((gained) => gained >= FEW_ENTRIES) && new Set(rates(entries, cycles)).size === 1;
}

/** Sum of a column. */
export function sum(column: readonly number[]): number {
  return column.reduce((total, value) => total + value, 0);
}

/** Differences of neighbouring values. */
export function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]!);
}
