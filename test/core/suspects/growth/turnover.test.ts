import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { heapsAfter, reportAfter, SmallProgram } from "../../../support/small-program.js";
import { compareHeaps } from "#core/compare-heaps.js";

const JOB = 400;

/** A queue in which after each round so many jobs wait, none of them from the round before. */
function queueOf(program: SmallProgram): (jobs: number) => void {
  const queue = program.variable("queue", program.array());
  let waiting = 0;
  return (jobs) => {
    for (; waiting > 0; waiting--) program.shift(queue);
    for (; waiting < jobs; waiting++) program.push(queue, program.object("Job", {}, JOB));
  };
}

suite("a holder that grows and lets go", () => {
  test("is told, and is no leak: all jobs that waited before are done", async () => {
    const program = new SmallProgram();
    const wait = queueOf(program);
    const report = await reportAfter(program, (round) => wait(20 + 20 * round));
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(
      report.suspects.map(({ verdict, growth }) => [verdict, growth.entryCounts]),
      [["turnover", [20, 40, 60]]],
    );
    assert.ok(report.totals.settled[0]! >= 20 * JOB);
  });

  test("is a leak if a part of what it held stays", async () => {
    const program = new SmallProgram();
    const queue = program.variable("queue", program.array());
    const report = await reportAfter(program, (round) => {
      for (let i = 0; i < 20 * round; i += 2) program.shift(queue);
      for (let i = 0; i < 40; i++) program.push(queue, program.object("Job", {}, JOB));
    });
    assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["leak", "growing"]);
  });

  test("is a leak if the few that stay are as many as it gains: sessions end, all but some", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const sessions = program.variable("sessions", program.object("Sessions"));
    const open = new Map<string, NodeRow>();
    const report = await reportAfter(program, (round) => {
      for (const [name, session] of open) heap.unlink(sessions, name).free(session);
      open.clear();
      for (let i = 0; i < 66; i++) {
        const name = `session ${round}, ${i}`;
        const session = program.object("Session", {}, JOB);
        heap.property(sessions, name, session);
        if (i % 11 > 0) open.set(name, session);
      }
    });
    assert.deepEqual([report.verdict, report.suspects[0]!.growth.entryCounts], ["leak", [66, 72, 78]]);
  });

  test("is a leak if only what other variables of its scope have comes and goes", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    let [table, rules]: (NodeRow | null)[] = [null, null];
    const report = await reportAfter(program, (round) => {
      for (const name of round === 0 ? [] : ["table", "rules"]) heap.unlink(program.scope, name);
      if (table !== null) heap.free(table);
      if (rules !== null) program.freeArray(rules);
      table = program.variable("table", heap.object("Float64Array", { size: 20_000 * (round + 1) }));
      rules = program.variable("rules", program.array());
      for (let i = 0; i < 50; i++) program.push(rules, heap.object("Rule", { size: 80 }));
    });
    assert.deepEqual(
      report.suspects.map(({ verdict, title }) => [verdict, /`\w+`/.exec(title)![0]]),
      [["growing", "`table`"]],
    );
  });

  test("is a leak if its entries stay, though one of them reached much: of listeners the newest the view that is shown", async () => {
    const program = new SmallProgram();
    const listeners = program.variable("listeners", program.array());
    const { heap } = program;
    let letGo = (): void => {};
    const report = await reportAfter(program, (round) => {
      const views = Array.from({ length: 20 }, () => program.object("View", {}, JOB));
      const [newest] = views as [NodeRow];
      program.push(listeners, ...views);
      letGo();
      const rows = Array.from({ length: round === 1 ? 300 : 0 }, () => program.object("Row", {}, 8));
      for (const [i, row] of rows.entries()) heap.property(newest, `row ${i}`, row);
      letGo = () => rows.forEach((row, i) => heap.unlink(newest, `row ${i}`).free(row));
    });
    assert.deepEqual([report.verdict, report.suspects[0]!.growth.entryCounts], ["leak", [20, 40, 60]]);
  });

  test("is told of a cache whose young generation becomes the old one each time", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const cache = program.variable("cache", program.object("Cache"));
    const generations: { list: NodeRow; pages: NodeRow[] }[] = [];
    const report = await reportAfter(program, (round) => {
      const [young, old] = generations;
      heap.unlink(cache, "young").unlink(cache, "old");
      if (young) heap.property(cache, "old", young.list);
      if (old) {
        program.freeArray(old.list);
        for (const page of old.pages) heap.free(page);
      }
      const list = program.array();
      const pages = Array.from({ length: 20 + 10 * round }, () => program.object("Page", {}, JOB));
      program.push(list, ...pages);
      heap.property(cache, "young", list);
      generations.unshift({ list, pages });
    });
    assert.equal(report.verdict, "no-leak", report.suspects.map(({ title }) => title).join("; "));
    const young = report.suspects.find(({ title }) => title.includes("young"))!;
    assert.deepEqual([young.verdict, young.growth.entryCounts], ["turnover", [20, 30, 40]]);
  });

  test("is told of a Set that is begun anew, though what was in it before is in another", async () => {
    const verdictOf = async (isCopied: boolean): Promise<string> => {
      const program = new SmallProgram();
      const { heap } = program;
      let ids: NodeRow[] = [];
      let newest = 0;
      const setOf = (name: string, count: number, known: readonly NodeRow[]): NodeRow[] => {
        const set = program.variable(name, program.set());
        const fresh = Array.from({ length: count - known.length }, () => heap.string(`id ${newest++}`, { size: JOB }));
        for (const id of [...known, ...fresh]) program.add(set, id);
        return [...known, ...fresh];
      };
      const report = await reportAfter(program, (round) => {
        if (round > 0) heap.unlink(program.scope, "previous").unlink(program.scope, "current");
        setOf("previous", 80, ids);
        ids = setOf("current", 20 + 20 * round, isCopied ? ids : []);
      });
      const current = report.suspects.find(({ title }) => title.includes("current"))!;
      assert.deepEqual(current.growth.entryCounts, [20, 40, 60]);
      return `${report.verdict}, ${current.verdict}`;
    };
    assert.equal(await verdictOf(false), "no-leak, turnover");
    assert.equal(await verdictOf(true), "leak, growing");
  });

  test("is told of a Set that is begun anew of what others keep, of which it holds nothing but its table", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const users = program.variable("users", program.array());
    const all = Array.from({ length: 1200 }, () => program.object("User"));
    program.push(users, ...all);
    let first = 0;
    const report = await reportAfter(program, (round) => {
      if (round > 0) heap.unlink(program.scope, "online");
      const online = program.variable("online", program.set());
      const count = 150 + 230 * round;
      for (const user of all.slice(first, first + count)) program.add(online, user);
      first += count;
    });
    const online = report.suspects.find(({ title }) => title.includes("online"))!;
    assert.deepEqual([report.verdict, online.verdict], ["no-leak", "turnover"]);
  });

  test("is a leak though Node's side of each object is another node every time", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const blobs = program.variable("blobs", program.array());
    const made: NodeRow[] = [];
    let sides: NodeRow[] = [];
    let nodesId = 0; // even
    const report = await reportAfter(program, () => {
      for (const [i, side] of sides.entries()) heap.unlink(made[Math.floor(i / 12)]!, `side ${i % 12}`).free(side);
      for (let i = 0; i < 20; i++) made.push(program.object("Blob"));
      program.push(blobs, ...made.slice(-20));
      sides = made.flatMap((blob) =>
        Array.from({ length: 12 }, (_, i) => {
          const side = heap.native("Node / BackingStore", { id: (nodesId += 2), size: JOB });
          heap.internal(blob, `side ${i}`, side);
          return side;
        }),
      );
    });
    assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["leak", "growing"]);
  });

  test("is told also where each batch has an Array of its own", async () => {
    const program = new SmallProgram();
    let batch: NodeRow | undefined;
    let jobs: NodeRow[] = [];
    const report = await reportAfter(program, (round) => {
      if (batch !== undefined) {
        program.heap.unlink(program.scope, "batch");
        program.freeArray(batch);
        for (const job of jobs) program.heap.free(job);
      }
      batch = program.variable("batch", program.array());
      jobs = Array.from({ length: 20 + 20 * round }, () => program.object("Job", {}, JOB));
      program.push(batch, ...jobs);
    });
    assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["no-leak", "turnover"]);
  });

  test("is a leak if it gains exactly as much in every cycle: its state is cloned", async () => {
    const program = new SmallProgram();
    const wait = queueOf(program);
    const heaps = heapsAfter(program.heap, 3, (round) => wait(20 + 20 * round));
    const report = await compareHeaps(heaps, { cycles: [10] });
    assert.deepEqual([report.verdict, report.suspects[0]!.verdict], ["leak", "growing"]);
  });

  test("is a leak if each new container has what the one before had, written again: all of its state is cloned", async () => {
    const verdictOf = async (isDictionary: boolean, told: (titles: string[]) => string[]): Promise<string> => {
      const program = new SmallProgram();
      const { heap } = program;
      let old: NodeRow[] = [];
      const report = await reportAfter(program, (round) => {
        if (round > 0) heap.unlink(program.scope, "orders");
        for (const node of old) heap.free(node);
        const titles = told(Array.from({ length: 20 + 17 * round + round ** 2 }, (_, i) => `order ${i}`));
        const texts = titles.map((title) => heap.string(title));
        const orders = texts.map((title) => program.object("Order", { title }, JOB));
        const list = program.variable("orders", isDictionary ? program.object("Object") : program.array());
        if (isDictionary) for (const [i, order] of orders.entries()) heap.property(list, titles[i]!, order);
        else program.push(list, ...orders);
        old = [...orders, ...texts];
      });
      return `${report.verdict}, ${report.suspects[0]!.verdict}`;
    };
    const each =
      (titleOf: (i: number, count: number) => string) =>
      (titles: string[]): string[] =>
        titles.map((_, i) => titleOf(i, titles.length));
    const backwards = (titles: string[]): string[] => [...titles].reverse();
    for (const isDictionary of [true, false]) {
      assert.equal(await verdictOf(isDictionary, (titles) => titles), "leak, growing");
      assert.equal(await verdictOf(isDictionary, backwards), "leak, growing");
      assert.equal(
        await verdictOf(
          isDictionary,
          each((i, count) => `order ${i}, one of ${count}`),
        ),
        "no-leak, turnover",
      );
    }
    // A few words come again, and some customers.
    assert.equal(
      await verdictOf(
        false,
        each((i) => `state ${i % 3}`),
      ),
      "no-leak, turnover",
    );
    assert.equal(
      await verdictOf(
        false,
        each((i, count) => `customer ${i % 4 > 0 ? i : i * count}`),
      ),
      "no-leak, turnover",
    );
  });

  test("is told of WeakRefs by those that are empty, for the others have to stay", async () => {
    for (const isSwept of [true, false]) {
      const program = new SmallProgram();
      const cache = program.variable("cache", program.array());
      const page = program.variable("page", program.object("Page"));
      let empty = 0;
      const report = await reportAfter(program, (round) => {
        for (; isSwept && empty > 0; empty--) program.shift(cache);
        for (; empty < 40 + 50 * round; empty++) program.push(cache, program.object("WeakRef", {}, JOB));
        for (let i = 0; round === 1 && i < 20; i++) {
          const ref = program.object("WeakRef", {}, JOB);
          program.heap.weak(ref, "target", page);
          program.push(cache, ref);
        }
      });
      assert.equal(report.suspects[0]!.verdict, isSwept ? "turnover" : "growing");
    }
  });
});
