/** A line through points, and how sure its slope is. */
export interface Line {
  /** Rise of y for one x. */
  readonly slope: number;
  /** With the confidence that was asked for, the true slope is not below `low` and not above `high`. */
  readonly low: number;
  readonly high: number;
  /** y at x = 0. */
  readonly intercept: number;
  /**
   * How many pairs of points rise rather than fall, in deviations from what chance does (Mann and Kendall's test). Counts
   * stairs, whose flat parts leave the interval open towards zero.
   */
  readonly rising: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const MOST_POINTS = 200;

/**
 * Theil and Sen's line: the median of the slopes between all pairs of points, with Sen's interval (JASA 63, 1968), which
 * comes from the ranks alone. A third of the points may be anywhere (bursts, a collection that came late) and the line
 * stays; least squares would follow the highest of them, and memory has outliers in one direction only.
 *
 * `z` says how sure: 1.96 for 95 % of both sides. `undefined` if there are not two different x. Of more than 200 points
 * evenly spaced ones are taken.
 */
export function theilSen(points: readonly Point[], z = 1.96): Line | undefined {
  const some = thinned(points);
  const all = new Float64Array((some.length * (some.length - 1)) / 2);
  let known = 0;
  let rises = 0;
  for (let i = 0; i < some.length; i++) {
    for (let j = i + 1; j < some.length; j++) {
      const run = some[j]!.x - some[i]!.x;
      if (run === 0) continue;
      const slope = (some[j]!.y - some[i]!.y) / run;
      all[known++] = slope;
      rises += Math.sign(slope);
    }
  }
  if (known === 0) return undefined;
  const slopes = all.subarray(0, known).sort();
  const slope = sortedMedian(slopes);
  const count = some.length;
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const spread = z * deviation;
  const low = slopes[Math.max(Math.floor((slopes.length - spread) / 2), 0)]!;
  const high = slopes[Math.min(Math.ceil((slopes.length + spread) / 2), slopes.length - 1)]!;
  return { slope, low, high, intercept: median(some.map(({ x, y }) => y - slope * x)), rising: rises / deviation };
}

export function median(values: readonly number[]): number {
  return sortedMedian(values.toSorted((a, b) => a - b));
}

function sortedMedian(values: ArrayLike<number>): number {
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  return Array.from(
    { length: MOST_POINTS },
    (_, i) => points[Math.round((i * (points.length - 1)) / (MOST_POINTS - 1))]!,
  );
}
