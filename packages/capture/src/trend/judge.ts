import type { Floor } from "./floor.js";
import { type Line, median, type Point, theilSen } from "./theil-sen.js";
import type { TrendReason, TrendVerdict } from "./verdict.js";

/** What is said of one run. */
export interface Judgement {
  readonly verdict: TrendVerdict;
  readonly reason?: TrendReason;
  readonly line?: Line;
  /** Growth for one x that would have been found, had there been any. */
  readonly noticeable: number;
}

const FEWEST = 5;
/** 99 % of both sides: one healthy log in two hundred passes this test, and has more before it. */
const SURE = 2.58;
/** So often must points rise rather than fall; five in a row do. */
const FEWEST_RISING = 2.4;
/** Growth over the whole run below this share of the level, or these bytes, is V8 learning the program. */
const LEAST_SHARE = 0.02;
const LEAST_BYTES = 400e3;
/**
 * Growth behind the first third and in the later half, beside growth in all. A curve that levels off is below both long
 * before it is flat; stairs may be below one of them.
 */
const SLOWER = 0.85;
const SLOWER_LATE = 0.7;
const LEVEL = 0.2;
/** Of healthy logs, what could have been leaked without being noticed: 80 % of both sides. */
const LIKELY = 1.28;
/** If it is more than this share of the level and more than these bytes, nothing can be said. */
const BLIND_SHARE = 0.5;
const BLIND_BYTES = 16e6;
/** Half of the height of the teeth, in logarithms. */
const TEETH = 0.12;

/** Says of one run whether its floor rises, and by how much at least it would have had to for that to be seen. */
export function judge({ points, basis, teeth, swing }: Floor): Judgement {
  const line = points.length < FEWEST ? undefined : theilSen(points, SURE);
  if (line === undefined) return { verdict: "too-short", reason: "few-samples", noticeable: Infinity };
  const span = points.at(-1)!.x - points[0]!.x;
  const level = median(points.map(({ y }) => y));
  const least = Math.max(LEAST_SHARE * level, LEAST_BYTES) / span;
  const likely = theilSen(points, LIKELY)!;
  const noticeable = Math.max(likely.high, likely.slope - likely.low, least);
  const told = { line, noticeable };
  if (line.low >= 0 && line.rising > FEWEST_RISING && line.slope >= least) {
    const late = growthBehind(points, 1 / 2);
    const slower = late < SLOWER_LATE && growthBehind(points, 1 / 3) < SLOWER;
    if (slower && late < LEVEL && points.length >= 2 * FEWEST) return { verdict: shape(teeth, swing), ...told };
    if (slower) return { verdict: "warming-up", ...told };
    return basis === "unsure"
      ? { verdict: "too-short", reason: "maybe-garbage", ...told }
      : { verdict: "mountain", ...told };
  }
  if (noticeable * span > Math.max(BLIND_SHARE * level, BLIND_BYTES))
    return { verdict: "too-short", reason: "uncertain", ...told };
  return { verdict: shape(teeth, swing), ...told };
}

/**
 * Growth behind a part of the run, by x, beside growth in all of it. Of ends, not of slopes: stairs have flat parts, and
 * still end higher than they were.
 */
function growthBehind(points: readonly Point[], part: number): number {
  const size = Math.max(Math.floor(points.length / 6), 1);
  const last = points.length - size;
  const [start, middle, end] = [0, Math.floor(last * part), last].map((from) => {
    const group = points.slice(from, from + size);
    return { x: median(group.map(({ x }) => x)), y: median(group.map(({ y }) => y)) };
  }) as [Point, Point, Point];
  return (end.y - middle.y) / (end.x - middle.x) / ((end.y - start.y) / (end.x - start.x));
}

function shape(teeth: number, swing: number): "plateau" | "sawtooth" {
  return teeth >= 3 && swing > TEETH ? "sawtooth" : "plateau";
}
