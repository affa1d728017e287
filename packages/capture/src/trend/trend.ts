import type { MemorySample } from "../memory-sample.js";
import { floorOf } from "./floor.js";
import { forecastOf, passedLimit, type Forecast } from "./forecast.js";
import { type Judgement, judge } from "./judge.js";
import { deepFalls, inOrder, type Run, runsOf } from "./runs.js";
import type { Measure } from "./sample-collector.js";
import { type SnapshotPlan, snapshotPlan } from "./snapshot-plan.js";
import { median } from "./theil-sen.js";
import type { Growth, TrendReason, TrendVerdict } from "./verdict.js";

/** What growth is told by. */
export type Per = "request" | "cycle" | "hour" | "sample";

/** What a series of memory samples shows. */
export interface Trend {
  readonly version: 1;
  readonly verdict: TrendVerdict;
  /** The verdict in words. */
  readonly sentence: string;
  /** With `too-short` only. */
  readonly reason?: TrendReason;
  readonly measure: Measure;
  readonly per: Per;
  /** Of the latest run that could be judged. Below `noticeable` it may be chance. */
  readonly growth?: Growth;
  /** The growth that this log would have shown, had there been any, in bytes as `growth`. */
  readonly noticeable?: number;
  /** What was judged: samples after garbage collection, or the lowest between collections. */
  readonly basis: "collected" | "valleys";
  readonly points: number;
  readonly samples: number;
  /** Positions of the first samples of processes that were started again. */
  readonly restarts: readonly number[];
  /** Bytes: the first and last sample, the lowest and the highest. */
  readonly first: number;
  readonly last: number;
  readonly lowest: number;
  readonly highest: number;
  /** Of a mountain, if a limit is known; of all else only if `limit` was given and has been passed already. */
  readonly forecast?: Forecast;
  /** When to take heap snapshots, unless nothing grows. */
  readonly snapshots?: SnapshotPlan;
}

export interface TrendOptions {
  /** What growth is told by; otherwise requests, cycles or hours, whichever the samples know. */
  readonly per?: Per;
  /** Bytes at which the process dies; otherwise what the samples know. */
  readonly limit?: number;
  /** What `heapUsed` of the samples is, if it is something else. */
  readonly measure?: Measure;
}

const SENTENCES: Readonly<Record<Exclude<TrendVerdict, "too-short">, string>> = {
  mountain: "mountain: memory grows all the time",
  plateau: "plateau: memory does not grow",
  sawtooth: "sawtooth without growth: garbage comes and goes, what is left stays",
  "warming-up": "still warming up: memory grows less and less",
};
const REASONS: Readonly<Record<TrendReason, string>> = {
  "few-samples": "too short to tell: there are too few samples",
  "maybe-garbage": "too short to tell: memory rises, but all of it may be garbage that was not collected yet",
  uncertain: "too short to tell: it goes up and down by more than a leak would",
};

/**
 * Says whether memory grows, how fast, and where that ends. A pure function; samples may come from `readMemorySamples`,
 * from a capture, or from anywhere.
 *
 * Judged is what is left after garbage collection: samples that say so (`collected`), or the lows between collections,
 * each process by itself and without its first fifth, in which programs warm up. The slope is Theil and Sen's.
 *
 * @throws {RangeError} if the samples do not tell what growth is to be told by.
 */
export function trend(samples: readonly MemorySample[], options: TrendOptions = {}): Trend {
  const ordered = inOrder(samples);
  const measure = options.measure ?? "heapUsed";
  const values = ordered.map(({ heapUsed }) => heapUsed);
  const per = options.per ?? bestPer(ordered);
  const x = axis(ordered, per);
  const runs = splitRuns(ordered, x, measure);
  const told = choose(runs);
  const { verdict, reason, line } = told.judgement;
  const growth = line && { bytes: line.slope, low: line.low, high: line.high };
  const limit = options.limit ?? ordered.at(-1)?.heapLimit;
  const level = levelNow(told, runs.at(-1), values, x);
  const highest = values.reduce((a, b) => Math.max(a, b), 0);
  // Whatever memory does, a limit that somebody asks about may lie behind it.
  const passed = options.limit !== undefined && highest >= options.limit ? passedLimit(options.limit) : undefined;
  const forecast =
    verdict === "mountain" && limit !== undefined && growth && level !== undefined
      ? forecastOf(level, growth, limit)
      : passed;
  const rises = growth !== undefined && growth.bytes > 0 && verdict !== "plateau" && verdict !== "sawtooth";
  return {
    version: 1,
    verdict,
    sentence: verdict === "too-short" ? REASONS[reason ?? "few-samples"] : SENTENCES[verdict],
    ...(reason && { reason }),
    measure,
    per,
    ...(growth && { growth, noticeable: told.judgement.noticeable }),
    basis: told.basis === "collected" ? "collected" : "valleys",
    points: told.points,
    samples: ordered.length,
    restarts: runs.slice(1).map(({ run }) => run.from),
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
    lowest: values.reduce((a, b) => Math.min(a, b), values[0] ?? 0),
    highest,
    ...(forecast && { forecast }),
    ...(rises && level !== undefined && { snapshots: snapshotPlan(level, growth.bytes, per !== "hour", forecast) }),
  };
}

/** A run and what was found out about it. */
interface JudgedRun {
  readonly run: Run;
  readonly judgement: Judgement;
  readonly basis: "collected" | "valleys" | "unsure";
  readonly points: number;
}

/** Peaks that differ by no more than this share of the middle one are of one limit. */
const ALIKE = 0.2;
/** With fewer samples nobody could tell whether a part climbed. */
const FEW = 10;

type Axis = (at: number) => number;

function splitRuns(samples: readonly MemorySample[], x: Axis, measure: Measure): JudgedRun[] {
  const judged = (run: Run, died: boolean): JudgedRun => {
    const floor = floorOf(samples, run, x);
    const basis = floor.basis === "unsure" && died ? "valleys" : floor.basis;
    return { run, judgement: judge({ ...floor, basis }), basis, points: floor.points.length };
  };
  return runsOf(samples).flatMap((run) => {
    const falls = deepFalls(samples, run, measure);
    // Garbage of a burst falls as deep. What dies of a leak has climbed all the way, each time about as high.
    const peaks = falls.map((at) => samples[at - 1]!.heapUsed);
    const usual = peaks.length === 0 ? 0 : median(peaks);
    if (falls.length < 2 || peaks.some((peak) => Math.abs(peak - usual) > ALIKE * usual)) return [judged(run, false)];
    const edges = [run.from, ...falls];
    const parts = falls.map((at, part) => judged({ from: edges[part]!, to: at }, true));
    const long = parts.filter((part) => part.run.to - part.run.from >= FEW);
    const climbed = long.filter(({ judgement }) => judgement.verdict === "mountain");
    if (climbed.length === 0 || climbed.length * 3 < long.length * 2) return [judged(run, false)];
    return [...parts, judged({ from: falls.at(-1)!, to: run.to }, false)];
  });
}

/** The run whose verdict holds for all: the latest that climbs, if as many do as do not; else the latest that tells. */
function choose(runs: readonly JudgedRun[]): JudgedRun {
  const told = runs.filter(({ judgement }) => judgement.verdict !== "too-short");
  const climbs = told.filter(({ judgement }) => judgement.verdict === "mountain");
  if (climbs.length > 0 && (climbs.length * 2 >= told.length || told.at(-1) === climbs.at(-1))) return climbs.at(-1)!;
  if (told.length > 0) return told.at(-1)!;
  return runs.reduce((best, run) => (run.points > best.points ? run : best), runs[0] ?? NOTHING);
}

const NOTHING: JudgedRun = {
  run: { from: 0, to: 0 },
  judgement: { verdict: "too-short", reason: "few-samples", noticeable: Infinity },
  basis: "valleys",
  points: 0,
};

/** What the process holds on to at its last sample. */
function levelNow(
  told: JudgedRun,
  current: JudgedRun | undefined,
  values: readonly number[],
  x: Axis,
): number | undefined {
  const { line } = told.judgement;
  if (line === undefined || current === undefined) return undefined;
  const now = x(current.run.to - 1);
  return told === current ? line.intercept + line.slope * now : Math.min(...values.slice(current.run.from).slice(-8));
}

function bestPer(samples: readonly MemorySample[]): Per {
  const rises = (field: "requests" | "cycle" | "at") =>
    samples.every((sample) => sample[field] !== undefined) &&
    samples.filter((sample, at) => at > 0 && sample[field] !== samples[at - 1]![field]).length * 2 >=
      samples.length - 1;
  if (rises("requests")) return "request";
  if (rises("cycle")) return "cycle";
  return rises("at") ? "hour" : "sample";
}

function axis(samples: readonly MemorySample[], per: Per): Axis {
  if (per === "sample") return (at) => at;
  const field = per === "request" ? "requests" : per === "cycle" ? "cycle" : "at";
  if (samples.some((sample) => sample[field] === undefined)) {
    throw new RangeError(`not every sample tells its ${per === "hour" ? "time" : `${per}s`}`);
  }
  // Dates are so large that their differences would lose digits.
  const start = samples[0]?.at ?? 0;
  return (at) => (per === "hour" ? (samples[at]!.at! - start) / 3_600_000 : samples[at]![field]!);
}
