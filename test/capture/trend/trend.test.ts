import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type MemorySample, trend } from "@leakdiff/capture";
import fc from "fast-check";
import { randomNumbers, simulate } from "../../support/simulated-heap.js";

const MB = 1e6;
const collected = (values: readonly number[], more: (at: number) => Partial<MemorySample> = () => ({})) =>
  values.map((heapUsed, at): MemorySample => ({ heapUsed, collected: true, ...more(at) }));
const series = <Value>(count: number, value: (at: number) => Value) =>
  Array.from({ length: count }, (_, at) => value(at));

describe("trend", () => {
  it("calls what grows with every request a mountain, and tells by how much", () => {
    const samples = collected(
      series(12, (at) => 30 * MB + at * 500_000),
      (at) => ({ requests: at * 100 }),
    );
    const found = trend(samples);
    assert.equal(found.verdict, "mountain");
    assert.equal(found.per, "request");
    assert.deepEqual(found.growth, { bytes: 5000, low: 5000, high: 5000 });
    assert.deepEqual([found.basis, found.samples, found.first, found.last], ["collected", 12, 30 * MB, 35.5 * MB]);
  });

  it("calls what stays a plateau, and tells what it would have seen", () => {
    const random = randomNumbers(1);
    const found = trend(collected(series(20, () => 30 * MB + 200_000 * random())));
    assert.equal(found.verdict, "plateau");
    assert.ok(found.noticeable! < 50_000, `${found.noticeable}`);
    assert.equal(found.snapshots, undefined);
  });

  it("calls a curve that levels off warming up, and a plateau once it is level", () => {
    const curve = (count: number) => collected(series(count, (at) => 30 * MB + 20 * MB * (1 - Math.exp(-at / 8))));
    assert.equal(trend(curve(20)).verdict, "warming-up");
    assert.equal(trend(curve(120)).verdict, "plateau");
  });

  it("calls stairs that get longer a mountain: an array that doubles its room leaves flat parts", () => {
    const stairs = (count: number) =>
      series(count, (at) => ({ heapUsed: 20 * MB * 1.5 ** Math.floor(Math.log(1 + at) / Math.log(1.5)) }));
    for (const count of [30, 40, 60, 100, 150]) assert.equal(trend(stairs(count)).verdict, "mountain", `${count}`);
  });

  it("calls garbage that comes and goes a sawtooth", () => {
    const random = randomNumbers(3);
    const found = trend(series(400, (at) => ({ heapUsed: 30 * MB + ((at * 7) % 90) * 2 * MB + random() * MB })));
    assert.equal(found.verdict, "sawtooth");
  });

  it("finds a leak far smaller than the sawtooth above it", () => {
    const found = trend(series(600, (at) => ({ heapUsed: 50 * MB + at * 30_000 + (at % 25) * 6 * MB })));
    assert.equal(found.verdict, "mountain");
    assert.ok(Math.abs(found.growth!.bytes - 30_000) < 3000, `${found.growth!.bytes}`);
  });

  it("does not take garbage that was not collected yet for a leak", () => {
    const found = trend(series(100, (at) => ({ heapUsed: 30 * MB + at * 0.5 * MB })));
    assert.deepEqual([found.verdict, found.reason], ["too-short", "maybe-garbage"]);
    assert.match(found.sentence, /may be garbage/);
    assert.equal(trend(series(900, (at) => ({ heapUsed: 30 * MB + at * 0.5 * MB }))).verdict, "mountain", "too high");
  });

  it("says of few samples that they are few, and of none too", () => {
    for (const count of [0, 1, 4]) {
      const found = trend(collected(series(count, (at) => 30 * MB + at * MB)));
      assert.deepEqual([found.verdict, found.reason, found.growth], ["too-short", "few-samples", undefined]);
    }
  });

  it("says nothing of what goes up and down by more than it could tell", () => {
    const random = randomNumbers(11);
    const found = trend(collected(series(6, () => 30 * MB + 400 * MB * random())));
    assert.deepEqual([found.verdict, found.reason], ["too-short", "uncertain"]);
  });

  it("takes the slope of each process by itself and finds the restarts that samples tell", () => {
    const died = (at: number) => ({ process: Math.floor(at / 30), requests: (at % 30) * 10 });
    const found = trend(
      collected(
        series(75, (at) => 30 * MB + (at % 30) * MB),
        died,
      ),
    );
    assert.equal(found.verdict, "mountain");
    assert.deepEqual(found.restarts, [30, 60]);
    assert.equal(found.growth!.bytes, 100_000);
  });

  it("finds restarts by their falls alone: from about one height, deeper than garbage goes", () => {
    const found = trend(series(130, (at) => ({ heapUsed: 30 * MB + (at % 40) * 12 * MB })));
    assert.equal(found.verdict, "mountain");
    assert.deepEqual(found.restarts, [40, 80, 120]);
    assert.equal(found.growth!.bytes, 12 * MB);
  });

  it("takes no burst of work for a process that died", () => {
    const found = trend(series(300, (at) => ({ heapUsed: 30 * MB + (at % 50 === 49 ? 500 * MB : (at % 3) * MB) })));
    assert.deepEqual([found.verdict, found.restarts], ["plateau", []]);
  });

  it("orders samples by their dates", () => {
    const samples = collected(
      series(20, (at) => 30 * MB + at * MB),
      (at) => ({ at: 1.7e12 + at * 60_000 }),
    );
    const shuffled = samples.toSorted((a, b) => (a.heapUsed % 7) - (b.heapUsed % 7));
    assert.deepEqual(trend(shuffled), trend(samples));
    assert.equal(Math.round(trend(samples).growth!.bytes), 60 * MB);
    assert.equal(trend(samples).per, "hour");
  });

  it("forecasts when a limit is reached, from what is left after garbage collection", () => {
    const samples = collected(
      series(12, (at) => 100 * MB + at * MB),
      (at) => ({ requests: at * 100 }),
    );
    const found = trend(samples, { limit: 512 * MB });
    assert.deepEqual(found.forecast, { limit: 512 * MB, after: 40_100, earliest: 40_100, latest: 40_100 });
    assert.equal(trend(samples, { limit: 50 * MB }).forecast!.after, 0);
    assert.equal(trend(samples).forecast, undefined);
    assert.equal(trend(samples.map((sample) => ({ ...sample, heapLimit: 211 * MB }))).forecast!.after, 10_000);
  });

  it("plans snapshots that show growth, the last of them before the limit", () => {
    const samples = collected(
      series(12, (at) => 100 * MB + at * MB),
      (at) => ({ requests: at * 100 }),
    );
    assert.deepEqual(trend(samples).snapshots, { every: 500, growth: 5 * MB });
    const { every } = trend(samples, { limit: 117 * MB }).snapshots!;
    assert.ok(2 * every <= 600, `${every}`);
  });

  it("tells growth by what is asked for, if the samples know it", () => {
    const samples = collected(
      series(12, (at) => 30 * MB + at * MB),
      (at) => ({ requests: at * 100, cycle: at, at: at * 1000 }),
    );
    assert.equal(trend(samples, { per: "cycle" }).growth!.bytes, MB);
    assert.equal(Math.round(trend(samples, { per: "hour" }).growth!.bytes), 3600 * MB);
    assert.equal(trend(samples, { per: "sample" }).growth!.bytes, MB);
    assert.throws(() => trend(collected([MB, MB]), { per: "request" }), /not every sample tells its requests/);
  });

  it("gives the same verdict whatever the unit, and growth in that unit", () => {
    const values = fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 8, maxLength: 30 });
    fc.assert(
      // Powers of two: nothing is rounded, so that what is just below a bound stays there.
      fc.property(values, fc.constantFrom(2, 4, 8, 16), (numbers, times) => {
        const once = trend(collected(numbers.map((number) => number * 100 * MB)));
        const often = trend(collected(numbers.map((number) => number * 100 * MB * times)));
        assert.equal(often.verdict, once.verdict);
        assert.ok(Math.abs(often.growth!.bytes - times * once.growth!.bytes) <= Math.abs(often.growth!.bytes) * 1e-9);
      }),
    );
  });

  it("gives the same answer wherever counting and the clock begin", () => {
    const values = fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 1e6 }), (numbers, later) => {
        const from = (start: number) =>
          trend(
            collected(
              numbers.map((number) => number * MB),
              (at) => ({ requests: start + at * 10 }),
            ),
          );
        const { forecast: _a, ...zero } = from(0);
        const { forecast: _b, ...moved } = from(later);
        assert.deepEqual(moved.verdict, zero.verdict);
        assert.deepEqual(moved.growth, zero.growth);
      }),
    );
  });

  it("never calls a series that falls as often as it rises a mountain", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(pairs, (all) => {
        const half = all.flat();
        const behindWarmUp = [...half, ...half.toReversed()];
        const warmUp = Array.from({ length: behindWarmUp.length / 4 }, () => half[0]!);
        const { verdict, restarts } = trend(collected([...warmUp, ...behindWarmUp].map((value) => value * MB)), {
          per: "sample",
        });
        // Two deep falls of one height are taken for restarts, and what lies between them may only rise.
        if (restarts.length === 0) assert.notEqual(verdict, "mountain");
      }),
    );
  });
});

describe("trend on simulated processes", () => {
  const MOST_RUNS = 150;
  /** Verdicts over processes of all sizes, rates and generations. */
  function verdicts(kind: "plateau" | "bursts" | "leak", isCollected: boolean): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let seed = 0; seed < MOST_RUNS; seed++) {
      const random = randomNumbers(seed * 7919 + 13);
      const base = 8 * MB * 20 ** random();
      const every = [5, 15, 60][Math.floor(3 * random())]!;
      const samples = Math.round(60 * 20 ** random());
      const log = simulate({
        seed,
        samples,
        every,
        base,
        warm: 0.3 * base * random(),
        warmSeconds: 0.05 * samples * every,
        allocated: 1e4 * 1000 ** random(),
        promoted: 0.005 * 40 ** random(),
        young: [4, 16, 33, 64][Math.floor(4 * random())]! * MB,
        inFlight: 0.1 * random(),
        collected: isCollected,
        ...(kind === "leak" && { leak: (base * (0.3 + 6 * random())) / (samples * every) }),
        ...(kind === "bursts" && { burst: { every: 600, bytes: 3 * base } }),
      });
      const { verdict } = trend(log);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    return counts;
  }

  it("accuses at most two of a hundred and fifty healthy ones, whatever their garbage does", () => {
    for (const isCollected of [false, true]) {
      const counts = verdicts("plateau", isCollected);
      assert.ok((counts["mountain"] ?? 0) <= 2, JSON.stringify(counts));
    }
    const counts = verdicts("bursts", false);
    assert.ok((counts["mountain"] ?? 0) <= 4, JSON.stringify(counts));
  });

  it("finds every leak in samples after garbage collection, and acquits few leaks in others", () => {
    const known = verdicts("leak", true);
    assert.ok((known["mountain"] ?? 0) >= MOST_RUNS - 2, JSON.stringify(known));
    const counts = verdicts("leak", false);
    assert.ok((counts["mountain"] ?? 0) >= MOST_RUNS / 10, JSON.stringify(counts));
    assert.ok((counts["plateau"] ?? 0) + (counts["sawtooth"] ?? 0) <= MOST_RUNS / 8, JSON.stringify(counts));
  });

  it("takes millions of samples, more than fit into one call of a function", () => {
    const samples = Array.from({ length: 1_500_000 }, (_, i) => ({ heapUsed: 1e8 + (i % 7) }));
    assert.equal(trend(samples).verdict, "plateau");
  });
});
