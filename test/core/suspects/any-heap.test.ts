import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { compareHeaps } from "#core/compare-heaps.js";
import { findHolders } from "#core/suspects/find-suspects.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { arbitraryHistory, heapsOf } from "../../support/arbitrary-history.js";
import { assertValid } from "../../support/report-schema.js";
import { growthOver } from "../../support/small-program.js";

suite("of any heaps whatever", () => {
  test("the report is valid, plain JSON, and its sums come out even", async () => {
    const heaps = fc.oneof(
      fc.integer({ min: 2, max: 4 }).chain(arbitraryHistory).map(heapsOf),
      fc.array(
        arbitraryHeap().map((sketch) => analysed(built(sketch))),
        { minLength: 2, maxLength: 3 },
      ),
    );
    await fc.assert(
      fc.asyncProperty(heaps, fc.constantFrom(0, 1, 1000, 5000), async (each, minGrowth) => {
        const report = await compareHeaps(each, { minGrowth });
        assertValid(report);
        assert.deepEqual(JSON.parse(JSON.stringify(report)) as unknown, report);
        const { growth, suspects, settled, leftOut, engine, unexplained } = report.totals;
        assert.equal(growth.length, each.length - 1);
        growth.forEach((bytes, i) => {
          assert.equal(bytes, report.snapshots[i + 1]!.totalBytes - report.snapshots[i]!.totalBytes);
          assert.equal(bytes, suspects[i]! + settled[i]! + leftOut[i]! + engine[i]! + unexplained[i]!);
        });
      }),
    );
  });

  test("no holder's growth is in two findings", () => {
    fc.assert(
      fc.property(arbitraryHistory(3), (history) => {
        const growth = growthOver(heapsOf(history));
        const counted = findHolders(growth, { floor: 1, cycles: null })
          .filter(({ tops }) => tops === null)
          .flatMap(({ grown, folded }) => [grown, ...folded]);
        assert.equal(new Set(counted).size, counted.length, `${counted}`);
      }),
    );
  });

  test("there is no suspect between a heap and itself", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryHeap(), async (sketch) => {
        const heap = analysed(built(sketch));
        assert.deepEqual(findHolders(growthOver([heap, heap, heap]), { floor: 0, cycles: null }), []);
        const report = await compareHeaps([heap, heap, heap], { minGrowth: 0 });
        assert.deepEqual([report.verdict, report.suspects.length], ["cannot-tell", 0]);
      }),
    );
  });
});
