import type { MemorySample } from "../memory-sample.js";
import { type Fall, fallsOf } from "./falls.js";
import { outOfReach, type Run } from "./runs.js";
import { median, type Point, theilSen } from "./theil-sen.js";

/** What a process holds on to, as far as samples show it: the sawtooth of garbage above is left out. */
export interface Floor {
  /** One point for each full collection, or for each few; the time of warming up is left out. */
  readonly points: readonly Point[];
  /**
   * - `collected`: the samples say that garbage had been collected before.
   * - `valleys`: the lows behind falls that only a full collection makes.
   * - `unsure`: the lowest of some samples each. All that lies above the first may be garbage that V8 has not got to.
   */
  readonly basis: "collected" | "valleys" | "unsure";
  /** How often memory rose and fell. */
  readonly teeth: number;
  /** Half of the height of the teeth, in logarithms. */
  readonly swing: number;
}

/** Share of a run in which a program is being loaded: its heap is small then, and says nothing of what comes. */
const BEGUN = 0.05;
/** Share of a run that belongs to warming up. */
const WARM_UP = 0.2;
const FEWEST = 5;
/** More points would follow each other too closely to count as so much evidence. */
const MOST_POINTS = 24;
/** No young generation holds more. Measured: up to 33 MB on Node 20 and 22, 97 MB on 24, 66 MB on 26. */
const YOUNG_AT_MOST = 100e6;
/** A full collection frees this many times what the collections around it free, which are of the young generation. */
const OUTSTANDING = 2.5;
const NEIGHBOURS = 10;

/** Finds the points of one run that only full collections can have left. `x`: position of a sample -> what growth is told by. */
export function floorOf(samples: readonly MemorySample[], run: Run, x: (at: number) => number): Floor {
  const positions: number[] = [];
  const collected: number[] = [];
  for (let at = run.from; at < run.to; at++) {
    positions.push(at);
    if (samples[at]!.collected === true) collected.push(at);
  }
  const point = (at: number): Point => ({ x: x(at), y: samples[at]!.heapUsed });
  if (collected.length >= FEWEST || collected.length * 2 >= positions.length) {
    const known = warm(collected);
    const lows = lowest(
      known.map((at) => samples[at]!.heapUsed),
      Math.min(known.length, MOST_POINTS),
    );
    return { points: lows.map((low) => point(known[low]!)), basis: "collected", teeth: 0, swing: 0 };
  }

  const steady = warm(positions);
  const values = steady.map((at) => samples[at]!.heapUsed);
  const { teeth, swing } = teethOf(values);
  const valleys = fullCollections(values);
  if (valleys.length >= FEWEST) {
    const lows = lowest(
      valleys.map((at) => values[at]!),
      Math.min(valleys.length, MOST_POINTS),
    );
    return { points: lows.map((low) => point(steady[valleys[low]!]!)), basis: "valleys", teeth, swing };
  }
  // Several teeth to a part, or a tooth; without teeth any part is as good.
  const wanted = teeth >= 10 ? Math.floor(teeth / 2) : teeth >= FEWEST ? teeth : 8;
  const lows = lowest(values, Math.min(wanted, MOST_POINTS, Math.floor(values.length / 3)));
  // All of the last third, which a burst of work does not fill.
  const last = Math.min(...lows.slice(-Math.ceil(lows.length / 3)).map((at) => values[at]!));
  const sure = lows.length > 0 && outOfReach(last, levelAtStart(positions.map((at) => samples[at]!.heapUsed)));
  return { points: lows.map((at) => point(steady[at]!)), basis: sure ? "valleys" : "unsure", teeth, swing };
}

function warm(positions: readonly number[]): readonly number[] {
  return positions.slice(Math.floor(positions.length * WARM_UP));
}

/** The lowest soon after the program was loaded. */
function levelAtStart(values: readonly number[]): number {
  const from = Math.ceil(values.length * BEGUN);
  return values
    .slice(from, from + Math.max(Math.ceil(values.length / 10), 1))
    .reduce((a, b) => Math.min(a, b), Infinity);
}

/** Teeth grow with the heap, since V8 waits until it is a multiple of what was left; their logarithms do not. */
function teethOf(values: readonly number[]): { readonly teeth: number; readonly swing: number } {
  const logs = values.map((value) => Math.log(Math.max(value, 1)));
  const line = theilSen(logs.map((y, x) => ({ x, y })));
  const level = logs.map((y, x) => y - (line?.slope ?? 0) * x);
  const sorted = level.toSorted((a, b) => a - b);
  const swing = quantile(sorted, 0.95) - quantile(sorted, 0.05);
  return { teeth: fallsOf(level, Math.max(swing / 2, 0.002)).length, swing: swing / 2 };
}

/** Positions of the lows behind falls that no collection of the young generation makes. */
function fullCollections(values: readonly number[]): number[] {
  const depth = ({ from, to }: Fall) => values[from]! - values[to]!;
  const falls = fallsOf(values, 1);
  const large = fallsOf(values, YOUNG_AT_MOST).map(({ to }) => to);
  const outstanding = falls.filter((fall, at) => {
    if (depth(fall) < 0.2 * values[fall.from]!) return false;
    const around = falls.slice(Math.max(at - NEIGHBOURS, 0), at + NEIGHBOURS + 1);
    return around.length > NEIGHBOURS && depth(fall) >= OUTSTANDING * median(around.map(depth));
  });
  return [...new Set([...large, ...outstanding.map(({ to }) => to)])].sort((a, b) => a - b);
}

/** The position of the lowest value in each of some parts of equal length. */
function lowest(values: readonly number[], parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => {
    const end = Math.floor(((part + 1) * values.length) / parts);
    let low = Math.floor((part * values.length) / parts);
    for (let at = low; at < end; at++) if (values[at]! < values[low]!) low = at;
    return low;
  });
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)] ?? 0;
}
