import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { randomNumbers } from "../../support/simulated-heap.js";
import { median, type Point, theilSen } from "#capture/trend/theil-sen.js";

const whole = (most: number) => fc.integer({ min: -most, max: most });
const manyPoints = fc.array(fc.record({ x: whole(1000), y: whole(1e6) }), { minLength: 2, maxLength: 40 });
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

/** Every pair, sorted, the one in the middle. */
function slowSlope(points: readonly Point[]): number | undefined {
  const slopes = points
    .flatMap((a, i) => points.slice(i + 1).map((b) => (b.y - a.y) / (b.x - a.x)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return slopes.length === 0 ? undefined : (slopes[(slopes.length - 1) >> 1]! + slopes[slopes.length >> 1]!) / 2;
}

describe("theilSen", () => {
  it("finds the line that points lie on, and is sure of it", () => {
    const line = theilSen([5, 7, 11, 20, 21].map((x) => ({ x, y: 3 * x - 4 })))!;
    assert.deepEqual(line, { slope: 3, low: 3, high: 3, intercept: -4, rising: 10 / Math.sqrt((5 * 4 * 15) / 18) });
  });

  it("keeps to the line though a quarter of the points lie far above it", () => {
    const points = Array.from({ length: 40 }, (_, x) => ({ x, y: 2 * x + (x % 4 === 3 ? 1e9 : 0) }));
    const line = theilSen(points)!;
    assert.equal(line.slope, 2);
    assert.equal(line.intercept, 0);
  });

  it("is the median of the slopes of all pairs", () => {
    fc.assert(
      fc.property(manyPoints, (points) => {
        const slow = slowSlope(points.filter(({ x }, at) => points.findIndex((point) => point.x === x) === at));
        const fast = theilSen(points.filter(({ x }, at) => points.findIndex((point) => point.x === x) === at));
        assert.equal(fast === undefined, slow === undefined);
        if (slow !== undefined) assert.ok(close(fast!.slope, slow));
      }),
    );
  });

  it("has its slope inside of its interval, which is wider the surer it has to be", () => {
    fc.assert(
      fc.property(manyPoints, (points) => {
        const [likely, sure] = [theilSen(points, 1.28), theilSen(points, 2.58)];
        if (likely === undefined || sure === undefined) return;
        assert.ok(likely.low <= likely.slope && likely.slope <= likely.high);
        assert.ok(sure.low <= likely.low && likely.high <= sure.high);
      }),
    );
  });

  it("does not care where x and y begin, nor in which order the points come, and scales with y", () => {
    fc.assert(
      fc.property(manyPoints, whole(1000), whole(1e6), fc.integer({ min: 1, max: 9 }), (points, right, up, times) => {
        const line = theilSen(points);
        const moved = theilSen(points.map(({ x, y }) => ({ x: x + right, y: times * y + up })).reverse());
        assert.equal(moved === undefined, line === undefined);
        if (line === undefined) return;
        assert.ok(close(moved!.slope, times * line.slope));
        assert.ok(close(moved!.low, times * line.low) && close(moved!.high, times * line.high));
      }),
    );
  });

  it("misses the true slope in one of twenty noisy series when asked to be sure of nineteen", () => {
    const random = randomNumbers(7);
    let missed = 0;
    for (let round = 0; round < 400; round++) {
      const points = Array.from({ length: 15 }, (_, x) => ({
        x,
        y: 5 * x + 40 * (random() + random() + random() - 1.5),
      }));
      const { low, high } = theilSen(points, 1.96)!;
      if (low > 5 || high < 5) missed++;
    }
    assert.ok(missed > 0 && missed <= 24, `${missed} of 400`);
  });

  it("says nothing of points above each other", () => {
    assert.equal(theilSen([]), undefined);
    assert.equal(theilSen([{ x: 1, y: 1 }]), undefined);
    assert.equal(
      theilSen([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
      undefined,
    );
  });
});

describe("median", () => {
  it("is the middle one, or lies between the two in the middle", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 6]), 5.5);
  });
});
