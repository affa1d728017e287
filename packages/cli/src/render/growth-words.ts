import type { Growth, Suspect } from "@leakdiff/core";
import { plainText } from "./plain-text.js";
import { bytes, count, signedBytes, sum } from "./units.js";
import { NO_BREAK_SPACE, type Span } from "./wrap.js";

const VERDICT_WORDS: Record<Suspect["verdict"], string> = {
  growing: "growing",
  stepped: "growing in steps",
  settled: "settled",
  decaying: "slowing down",
  turnover: "it lets go of what it held before",
  filling: "it only fills up to its bound",
  grew: "grew",
};

const LEFT = "not cleaned up";
const ONCE_EACH = "other files each time, and each of them once";
/** Of alike intervals a leak gains alike; what is half full gains less and less. Only another snapshot tells them apart. */
const BY_LESS = ", but by less; it may be filling up";
const LESS = 0.6;
/** What is kept in the room of a table or an array shows only when that has to be enlarged. */
const ROOM_LEFT = ", or its room is not full yet";

/** Nobody said how much work each interval had. */
const LESS_TO_DO = ", or there was less to do; --cycles would tell";

/** True for modules that go on being loaded at the pace of before, and yet will all be there one day. */
export function isLoading({ kind, verdict, growth: { bytes, perCycle } }: Suspect): boolean {
  return kind === "module-cache" && verdict === "decaying" && !isByLess(perCycle?.bytes ?? bytes);
}

/** What grew, by entries and bytes, and how it is judged: "1 → 3 → 5 elements; +52.1 MB, then +56.3 MB: growing". */
export function growthWords(suspect: Suspect): string {
  const { growth, verdict } = suspect;
  const counts =
    growth.entryCounts && growth.entryCounts.length > 0 ? series(growth.entryCounts.map(count), " → ") : "";
  const isLess = verdict === "growing" && isByLess(gainsOf(growth));
  const mayFill = verdict === "settled" && growth.entryWord?.endsWith(" slots") === true;
  const mayBeIdle = verdict === "decaying" && growth.perCycle === null;
  const judged = isLoading(suspect)
    ? ONCE_EACH
    : VERDICT_WORDS[verdict] + (isLess ? BY_LESS : mayFill ? ROOM_LEFT : mayBeIdle ? LESS_TO_DO : "");
  const words = growth.kept !== null && verdict === "grew" ? LEFT : judged;
  const entries = counts && `${counts} ${plainText(growth.entryWord ?? "entries")}; `;
  return `${entries}${series(growth.bytes.map(signedBytes), ", then ")}: ${words}`;
}

/** Fewer entries are no series: what is behind them grows, not they. */
const LEAST_ENTRIES = 4;

/** What is compared from one interval to the next; where it is known how much work each had, what a cycle gains. */
function gainsOf(growth: Growth): readonly number[] {
  const { entries, bytes } = growth.perCycle ?? growth;
  return entries && sum(growth.entries ?? entries) >= LEAST_ENTRIES ? entries : bytes;
}

function isByLess(gains: readonly number[]): boolean {
  return gains.length > 1 && gains[gains.length - 1]! < Math.max(...gains.slice(0, -1)) * LESS;
}

/** Rates that differ by no more than this share are told as one. */
const ALIKE = 0.02;

/** "adds exactly 20 entries: 1.9 kB": what one request, or whatever the process does, leaves behind. */
export function cycle({ growth: { perCycle, entryWord } }: Suspect): Span[] {
  if (perCycle === null) return [];
  const size = rates(perCycle.bytes, (each) => bytes(each), ALIKE);
  // Where it gets heavier by something else than more entries, those say nothing.
  if (perCycle.entries === null || perCycle.entries.every((each) => each === 0)) return [{ text: `adds ${size}` }];
  const isExact = perCycle.whole && new Set(perCycle.entries).size === 1;
  const entries = rates(perCycle.entries, rate, perCycle.entries.every(Number.isInteger) ? 0 : ALIKE);
  const word = plainText(entryWord ?? "entries");
  const noun = entries === "1" ? word.replace(/ies$/, "y").replace(/s$/, "") : word;
  return [{ text: `adds ${isExact ? "exactly " : ""}${entries}${NO_BREAK_SPACE}${noun}: ${size}` }];
}

function rates(values: readonly number[], words: (value: number) => string, alike: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isOne = most === least || (least > 0 && most - least <= most * alike);
  return isOne ? words(sum(values) / values.length) : series(values.map(words), ", then ");
}

/** Three figures of what does not come out even. */
function rate(value: number): string {
  if (Number.isInteger(value)) return count(value);
  return `about${NO_BREAK_SPACE}${Math.abs(value) < 100 ? String(Number(value.toPrecision(3))) : count(value)}`;
}

/** The first three and the last two of many. */
function series(values: readonly string[], separator: string): string {
  const shown = values.length <= 6 ? values : [...values.slice(0, 3), "…", ...values.slice(-2)];
  return shown.join(separator);
}
