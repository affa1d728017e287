import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { heapsAfter, reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, times } from "../../../support/suspects.js";
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

/** A Map of sessions in the order in which they came. */
class Sessions {
  readonly program = new SmallProgram();
  readonly #capacity = 256;
  readonly #table: NodeRow;
  readonly #all: NodeRow[] = [];
  #first = 0;

  constructor() {
    const { heap } = this.program;
    const sessions = this.program.variable("sessions", heap.object("Map", { size: 32 }));
    this.#table = heap.array("", { size: (2 + 3 + this.#capacity * 3.5) * 8 });
    heap.internal(sessions, "table", this.#table);
  }

  #slot(entry: number): number {
    return 3 + this.#capacity / 2 + entry * 3;
  }

  /** @param older what the first refers to as `older`, each of the others to the one before it @returns the newest */
  put(count: number, older?: NodeRow): NodeRow {
    const { heap } = this.program;
    let before = older;
    times(count, () => {
      const slot = this.#slot(this.#all.length);
      const session = this.program.object("Session", {}, PAGE);
      heap.internal(this.#table, String(slot), heap.string(`session ${this.#all.length}`));
      heap.internal(this.#table, String(slot + 1), session);
      if (before !== undefined) heap.property(session, "older", before);
      if (older !== undefined) before = session;
      this.#all.push(session);
    });
    return this.#all[this.#all.length - 1]!;
  }

  takeOut(count: number): NodeRow[] {
    const from = this.#first;
    for (this.#first += count; count > 0; count--) {
      const slot = this.#slot(this.#first - count);
      this.program.heap.unlink(this.#table, String(slot)).unlink(this.#table, String(slot + 1));
    }
    return this.#all.slice(from, this.#first);
  }
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

  test("is no leak in two snapshots either, where as many new ones are heavier", async () => {
    for (const [out, verdict] of [
      [60, "no-leak"],
      [0, "grew"],
    ] as const) {
      const program = new SmallProgram();
      const cache = program.variable("cache", program.array());
      times(60, () => program.push(cache, program.object("Page", {}, 100)));
      const report = await reportAfter(
        program,
        (round) => {
          if (round === 0) return;
          times(out, () => program.shift(cache));
          times(60, () => program.push(cache, program.object("Page", {}, PAGE)));
        },
        2,
      );
      assert.equal(report.verdict, verdict);
    }
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
      const sessions = new Sessions();
      sessions.put(80);
      const report = await reportAfter(sessions.program, (round) => {
        if (round === 0) return;
        for (const session of sessions.takeOut(out)) sessions.program.heap.free(session);
        sessions.put(out + 2);
      });
      assert.deepEqual(report.suspects[0]!.growth.entryCounts, [80, 82, 84]);
      assert.equal(report.verdict, verdict);
    }
  });

  test("is no leak however much it gained, if it is a Map of which only the newer half of the last time is left", async () => {
    const verdictOf = async (left: number): Promise<string> => {
      const sessions = new Sessions();
      sessions.put(40);
      const report = await reportAfter(sessions.program, (round) => {
        if (round === 0) return;
        for (const session of sessions.takeOut(round === 1 ? 20 : 60 - left)) sessions.program.heap.free(session);
        sessions.put(round === 1 ? 40 : 80 - left);
      });
      assert.deepEqual(report.suspects[0]!.growth.entryCounts, [40, 60, 80]);
      return report.verdict;
    };
    assert.equal(await verdictOf(20), "no-leak");
    assert.equal(await verdictOf(32), "leak", "more than half of it is left");
    assert.equal(await verdictOf(45), "leak", "some of the first are left");
  });

  test("leaks if what it let go of hangs on what is left: a list that nobody takes it out of", async () => {
    const sessions = new Sessions();
    let newest = sessions.put(40);
    const leak = await leakAfter(sessions.program, (round) => {
      if (round === 0) return;
      sessions.takeOut(40);
      newest = sessions.put(40, newest);
    });
    assert.deepEqual(leak.growth.entryCounts, [40, 40, 40]);
    assert.match(leak.advice, /they lead by `older` to those that it had/);
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
