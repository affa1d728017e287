import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Totals } from "@leakdiff/core";
import { bytesWithoutHolder as withoutHolder } from "#core/report/no-holder.js";

const bytesWithoutHolder = (all: Totals, cycles: readonly number[] | null, floor = 4096): number =>
  withoutHolder(
    all,
    all.growth.map(() => 0),
    { floor, cycles },
  );

/** All that grew has a holder that settled, but for so much of each interval. */
function totals(growth: readonly number[], unexplained: readonly number[]): Totals {
  const none = growth.map(() => 0);
  const settled = growth.map((bytes, i) => bytes - unexplained[i]!);
  return { growth, suspects: none, settled, leftOut: none, engine: none, unexplained };
}

suite("steady growth without a holder", () => {
  test("stands in the way of an all-clear where it is much", () => {
    assert.equal(bytesWithoutHolder(totals([480_000, 400_000], [215_000, 214_000]), null), 429_000);
    assert.equal(bytesWithoutHolder(totals([1_000_000, 1_000_000], [0, 1_400_000]), null), 1_400_000);
  });

  test("does not where it is little, by itself or of all growth", () => {
    assert.equal(bytesWithoutHolder(totals([40_000, 40_000], [40_000, 40_000]), null), 0);
    assert.equal(bytesWithoutHolder(totals([900_000, 900_000], [100_000, 100_000]), null), 0);
    assert.equal(bytesWithoutHolder(totals([480_000, 400_000], [215_000, 214_000]), null, 1_000_000), 0); // of what is asked for
  });

  test("does not where the heap did not grow in every interval as it did in the best, or two snapshots cannot say", () => {
    assert.equal(bytesWithoutHolder(totals([900_000, 20_000], [500_000, 10_000]), null), 0);
    assert.equal(bytesWithoutHolder(totals([-50_000, 900_000], [-50_000, 900_000]), null), 0);
    const all = totals([80_000, 460_000], [60_000, 320_000]);
    assert.equal(withoutHolder(all, [0, 0], { floor: 4096, cycles: null }), 380_000);
    assert.equal(withoutHolder(all, [0, 310_000], { floor: 4096, cycles: null }), 0, "most of it came at once");
    assert.equal(bytesWithoutHolder(totals([900_000], [900_000]), null), 0);
  });

  test("is compared by the cycle, if it is known how many there were", () => {
    const slower = totals([900_000, 200_000], [900_000, 200_000]);
    assert.equal(bytesWithoutHolder(slower, null), 0);
    assert.equal(bytesWithoutHolder(slower, [900, 200]), 1_100_000);
  });
});
