import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareHeaps } from "#core/compare-heaps.js";
import type { LeakReport } from "#core/report/leak-report.js";
import { heapsAfter, reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, leakOfEveryKind, onlyLeak, times } from "../../../support/suspects.js";

suite("many alike objects that each grow a little", () => {
  test("are one suspect: what holds them", async () => {
    const leak = await leakOfEveryKind("`histories");
    assert.equal(leak.kind, "many-that-grow");
    assert.match(leak.title, /20 Array/);
  });

  test("are none if one of them has it all", async () => {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const histories = Array.from({ length: 20 }, () => program.array());
    for (const history of histories) program.add(users, program.object("Key"), history);
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(histories[7]!, program.object("Visit", {}, 300))),
    );
    assert.equal(leak.kind, "module-array");
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
  });

  test("are none if one of them has most of it: that one is to be looked at", async () => {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const histories = Array.from({ length: 20 }, () => program.array());
    for (const history of histories) program.add(users, program.object("Key"), history);
    const leak = await leakAfter(program, () =>
      histories.forEach((history, user) =>
        times(user === 7 ? 40 : 1, () => program.push(history, program.object("Visit", {}, 300))),
      ),
    );
    assert.equal(leak.kind, "module-array");
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
  });

  test("are one suspect after a clean-up that takes out others than those of the action", async () => {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const histories = Array.from({ length: 20 }, () => program.array());
    for (const history of histories) program.add(users, program.object("Key"), history);
    const heaps = heapsAfter(program.heap, 3, (round) =>
      histories.forEach((history) => {
        if (round === 2) times(5, () => program.shift(history));
        else times(10, () => program.push(history, program.object("Visit", {}, 300)));
      }),
    );
    const leak = onlyLeak(await compareHeaps(heaps, { cleanup: true }));
    assert.equal(leak.kind, "many-that-grow");
  });

  test("are no arrays that are in other variables of one file: in a bundle that is all of the program", async () => {
    const program = new SmallProgram();
    times(20, (i) => program.variable(`settings${i}`, program.object("Object")));
    const rooms = program.variable("rooms", program.map());
    const lists = Array.from({ length: 5 }, () => program.array());
    for (const list of lists) program.add(rooms, program.object("Key"), list);
    const logs = ["errors", "visits", "jobs"].map((name) => program.variable(name, program.array()));
    const report = await reportAfter(program, () =>
      [...lists, ...logs].forEach((list) => times(40, () => program.push(list, program.object("Entry", {}, 300)))),
    );
    assert.deepEqual(report.suspects.map(({ title }) => /^.*?`.+?`/.exec(title)![0]).sort(), [
      "5 Array `rooms{…}`",
      "Array `errors`",
      "Array `jobs`",
      "Array `visits`",
    ]);
  });

  /** What is said of histories of 20 users, which gain and lose so many visits in each round. */
  async function verdictOf(gains: (user: number, round: number) => number): Promise<string> {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const histories = Array.from({ length: 20 }, () => program.array());
    for (const history of histories) program.add(users, program.object("Key"), history);
    const report = await reportAfter(program, (round) =>
      histories.forEach((history, user) => {
        const count = round === 0 ? 20 : gains(user, round);
        for (let i = 0; i < Math.abs(count); i++)
          if (count > 0) program.push(history, program.object("Visit", {}, 300));
          else program.shift(history);
      }),
    );
    return report.verdict;
  }

  test("are none if others lose as much: some happen to gain each time", async () => {
    assert.equal(await verdictOf((user, round) => (user < 10 ? 3 : (user + round) % 2 === 0 ? 4 : -10)), "no-leak");
    assert.equal(await verdictOf((user, round) => (user < 10 ? 3 : (user + round) % 2 === 0 ? 4 : -8)), "leak");
  });

  test("are none if most of them are full, and the others fill", async () => {
    assert.equal(await verdictOf((user, round) => (user < 10 ? 3 : round === 1 ? 12 : 0)), "no-leak");
    assert.equal(await verdictOf((user, round) => (user < 10 ? 3 : round === 1 ? 4 : 0)), "leak");
  });

  /** Visits of each of 20 users, who had so many at first, by round. */
  async function toldOf(
    visits: (user: number, round: number) => number,
  ): Promise<[string | undefined, string | undefined]> {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const histories = Array.from({ length: 20 }, () => program.array());
    for (const history of histories) program.add(users, program.object("Key"), history);
    const { suspects } = await reportAfter(program, (round) =>
      histories.forEach((history, user) =>
        times(visits(user, round), () => program.push(history, program.object("Visit", {}, 300))),
      ),
    );
    const [first] = suspects.filter(({ kind }) => kind === "many-that-grow");
    return [first?.verdict, /^(\d+) Array/.exec(first?.title ?? "")?.[1]];
  }

  test("are no leak if several have a size that none is above: the others will stop there", async () => {
    const fullAt = (full: number, at: readonly number[]) => (user: number, round: number) =>
      user < full ? at[round]! : 3;
    assert.equal((await toldOf(fullAt(3, [10, 10, 0])))[0], "filling");
    assert.equal((await toldOf(fullAt(2, [10, 10, 0])))[0], "growing", "two may have as many by accident");
    assert.equal((await toldOf(fullAt(3, [4, 4, 0])))[0], "growing", "some are above");
    assert.equal((await toldOf(fullAt(3, [20, 0, 0])))[0], "growing", "they always had as many");
  });

  test("are no leak if several were emptied that had as many: batches of which each is sent off when it is full", async () => {
    const told = async (emptied: number, full: number): Promise<string | undefined> => {
      const program = new SmallProgram();
      const batches = Array.from({ length: 20 }, () => program.array());
      const receivers = program.variable("receivers", program.map());
      for (const batch of batches) program.add(receivers, program.object("Key"), batch);
      const { suspects } = await reportAfter(program, (round) =>
        batches.forEach((batch, i) => {
          const isSent = i < emptied && round === 2;
          if (isSent) times(full, () => program.shift(batch));
          times(i >= emptied ? 4 : isSent ? 1 : full / 2, () => program.push(batch, program.object("Line", {}, 300)));
        }),
      );
      return suspects.find(({ kind }) => kind === "many-that-grow")?.verdict;
    };
    assert.equal(await told(4, 10), "filling");
    assert.equal(await told(2, 10), "growing", "two may be done with by accident");
    assert.equal(await told(4, 8), "growing", "the others have far more");
  });

  test("are one suspect with those of their kind that grew in one interval only", async () => {
    const told = await toldOf((user, round) => (user < 12 || round === 2 ? 3 : round === 0 ? 1 : 0));
    assert.deepEqual(told, ["growing", "20"]);
  });

  test("are one suspect though others of their class beside them are full", async () => {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const all = Array.from({ length: 20 }, () => ({ orders: program.array(), visits: program.array() }));
    for (const user of all) program.add(users, program.object("Key"), program.object("User", user));
    const leak = await leakAfter(program, (round) =>
      all.forEach(({ orders, visits }) => {
        times(round === 1 ? 20 : 1, () => round < 2 && program.push(visits, program.object("Visit", {}, 300)));
        times(3, () => program.push(orders, program.object("Order", {}, 300)));
      }),
    );
    assert.equal(leak.kind, "many-that-grow");
  });

  const names: readonly (readonly [string, (i: number) => string])[] = [
    ["number", (i) => `u${i}`],
    ["name", (i) => `user${"abcdefghijklmnopqrst"[i]}`],
  ];
  for (const [what, nameOf] of names)
    test(`are told without the ${what} of the one that happens to be largest`, async () => {
      const titles = new Set<string>();
      for (const largest of [3, 7]) {
        const program = new SmallProgram();
        const histories = Array.from({ length: 20 }, () => program.array());
        const users = histories.map((history, i) => [nameOf(i), program.object("User", { history })] as const);
        program.variable("users", program.object("Object", Object.fromEntries(users)));
        const leak = await leakAfter(program, () =>
          histories.forEach((history, i) =>
            times(i === largest ? 6 : 3, () => program.push(history, program.object("Visit", {}, 300))),
          ),
        );
        assert.equal(leak.kind, "many-that-grow");
        titles.add(`${leak.title} ${leak.fingerprint}`);
      }
      assert.equal(titles.size, 1);
      assert.match([...titles][0]!, /^20 Array `users\[…\]\.history`, /);
    });

  test("are told by the property that has another Array with more each time", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const users = program.variable("users", program.map());
    const all = Array.from({ length: 20 }, () => ({ user: program.object("User"), visits: [] as NodeRow[] }));
    for (const { user } of all) program.add(users, program.object("Key"), user);
    const leak = await leakAfter(program, (round) => {
      for (const { user, visits } of all) {
        if (round > 0) heap.unlink(user, "visits");
        const list = program.array();
        visits.push(...Array.from({ length: 3 }, () => program.object("Visit", {}, 300)));
        program.push(list, ...visits);
        heap.property(user, "visits", list);
      }
    });
    assert.match(leak.title, /^20 Array `users\{…\}\.visits`, .*, each growing$/);
  });

  test("are listeners, to be removed, where that is what each of them has more of", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const lists = Array.from({ length: 5 }, () => program.array());
    const open = program.variable("open", program.set());
    for (const close of lists)
      program.add(open, program.object("Socket", { _events: program.object("Object", { close }) }));
    const leak = await leakAfter(program, () =>
      lists.forEach((close) => times(8, () => program.push(close, heap.object("Listener", { size: 300 })))),
    );
    assert.match(leak.title, /^listeners of "close" on `open\{…\}`, .*, on 5 such objects, each growing$/);
    assert.match(leak.advice, /^Remove the listener/);
  });

  /** The report on 20 users who have another history after each visit, of so many visits at most. */
  function replacedHistories(bound: number): Promise<LeakReport> {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const all = Array.from({ length: 20 }, () => {
      const history = program.array();
      const user = program.object("User", { history, name: program.object("Name") });
      program.add(users, program.object("Key"), user);
      return { user, history, visits: [] as NodeRow[] };
    });
    return reportAfter(program, (round) =>
      all.forEach((one, i) => {
        const visits = Array.from({ length: i < 6 && round === 0 ? 20 : 3 }, () => program.object("Visit", {}, 300));
        one.visits.push(...visits);
        for (const visit of one.visits.splice(0, Math.max(0, one.visits.length - bound))) program.heap.free(visit);
        program.heap.unlink(one.user, "history", one.history);
        program.freeArray(one.history);
        one.history = program.array();
        program.push(one.history, ...one.visits);
        program.heap.property(one.user, "history", one.history);
      }),
    );
  }

  test("are told with the property through which they grow, where it refers to another array each time", async () => {
    assert.match(onlyLeak(await replacedHistories(Infinity)).title, /^20 Array `users\{…\}\.history`/);
  });

  test("are no leak if what that property refers to has a size that none is above", async () => {
    const { verdict, suspects } = await replacedHistories(20);
    assert.equal(verdict, "no-leak");
    assert.deepEqual(
      suspects.map(({ verdict }) => verdict),
      ["filling"],
    );
  });

  test("are none if they are records that got a property that they had not yet", async () => {
    for (const rounds of [2, 3]) {
      const program = new SmallProgram();
      const users = program.variable("users", program.map());
      const all = Array.from({ length: 60 }, () => program.object("User", { name: program.object("Name") }));
      for (const user of all) program.add(users, program.object("Key"), user);
      const report = await reportAfter(
        program,
        (round) => {
          for (const user of round === 0 ? [] : all.slice(round * 20, round * 20 + 20)) {
            const properties = program.heap.array("", { size: 400 });
            program.heap.internal(user, "properties", properties);
          }
        },
        rounds,
      );
      assert.equal(report.verdict, "no-leak", report.suspects.map(({ title }) => title).join("; "));
    }
  });

  test("are not told one by one where others of theirs have reached the bound", async () => {
    const program = new SmallProgram();
    const users = program.variable("users", program.map());
    const histories = Array.from({ length: 20 }, () => program.array());
    for (const history of histories) program.add(users, program.object("Key"), history);
    const report = await reportAfter(program, (round) =>
      histories.forEach((history, user) => {
        if (user < 3) times([10, 10, 0][round]!, () => program.push(history, program.object("Visit", {}, 300)));
        else if (user < 18) times(3, () => program.push(history, program.object("Visit", {}, 300)));
        // Older and heavier ones make room for more that are new: it has more entries each time, and fewer bytes once.
        else {
          if (round === 1) program.shift(history);
          times([2, 2, 8][round]!, () => program.push(history, program.object("Visit", {}, round === 0 ? 900 : 300)));
        }
      }),
    );
    assert.equal(report.verdict, "no-leak", report.suspects.map(({ title }) => title).join("; "));
  });
});
