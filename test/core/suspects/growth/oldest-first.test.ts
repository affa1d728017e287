import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { heapsAfter, reportAfter, SmallProgram } from "../../../support/small-program.js";
import { compareHeaps } from "#core/compare-heaps.js";

const PAGE = 400;

/** A cache of 60 pages in the order in which they came; a round takes the oldest out and puts others in. */
function cacheOf(program: SmallProgram): (out: number, added: number) => void {
  const cache = program.variable("cache", program.array());
  const put = (count: number): void => {
    for (let i = 0; i < count; i++) program.push(cache, program.object("Page", {}, PAGE));
  };
  put(60);
  return (out, added) => {
    for (let i = 0; i < out; i++) program.shift(cache);
    put(added);
  };
}

suite("a container that hardly grows", () => {
  test("is no leak if it lets go of the oldest: a few more fit", async () => {
    const program = new SmallProgram();
    const exchange = cacheOf(program);
    const report = await reportAfter(program, (round) => round > 0 && exchange(20, 22));
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(
      report.suspects.map(({ verdict, growth }) => [verdict, growth.entryCounts]),
      [["turnover", [60, 62, 64]]],
    );
  });

  test("may leak if more than half of what it held is left, or it gains too many", async () => {
    for (const [out, added] of [
      [14, 16],
      [20, 30],
    ] as const) {
      // prettier-ignore
      const program = new SmallProgram();
      const exchange = cacheOf(program);
      const report = await reportAfter(program, (round) => round > 0 && exchange(out, added));
      assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["leak", "growing"]);
    }
  });

  test("is no leak if fewer of the oldest are gone, where the order is that in which they came: a Map's", async () => {
    for (const [out, verdict] of [
      [12, "no-leak"],
      [6, "leak"],
    ] as const) {
      // prettier-ignore
      const program = new SmallProgram();
      const { heap } = program;
      const capacity = 256;
      const sessions = program.variable("sessions", heap.object("Map", { size: 32 }));
      const table = heap.array("", { size: (2 + 3 + capacity * 3.5) * 8 });
      heap.internal(sessions, "table", table);
      const slot = (entry: number): number => 3 + capacity / 2 + entry * 3;
      let [first, last] = [0, 0];
      const put = (count: number): void => {
        for (; count > 0; count--) {
          heap.internal(table, String(slot(last)), heap.string(`session ${last}`));
          heap.internal(table, String(slot(last++) + 1), program.object("Session", {}, PAGE));
        }
      };
      put(80);
      const report = await reportAfter(program, (round) => {
        for (let i = 0; round > 0 && i < out; i++, first++)
          heap.unlink(table, String(slot(first))).unlink(table, String(slot(first) + 1));
        if (round > 0) put(out + 2);
      });
      assert.deepEqual(report.suspects[0]!.growth.entryCounts, [80, 82, 84]);
      assert.equal(report.verdict, verdict);
    }
  });

  test("leaks if some of the oldest stay", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const pages = program.variable("pages", program.object("Pages"));
    let last = 0;
    const put = (count: number): void => {
      for (let i = 0; i < count; i++) heap.property(pages, `page ${last++}`, program.object("Page", {}, PAGE));
    };
    put(60);
    const report = await reportAfter(program, (round) => {
      for (let i = 0; round > 0 && i < 20; i++) heap.unlink(pages, `page ${5 + 20 * round + i}`);
      if (round > 0) put(22);
    });
    assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["leak", "growing"]);
  });

  test("leaks if it gains exactly as many in every cycle", async () => {
    const program = new SmallProgram();
    const exchange = cacheOf(program);
    const heaps = heapsAfter(program.heap, 3, (round) => round > 0 && exchange(20, 22));
    const report = await compareHeaps(heaps, { cycles: [2] });
    assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["leak", "growing"]);
  });
});
