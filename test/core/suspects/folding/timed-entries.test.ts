import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportOn } from "../../../support/real-reports.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

const TIMED = /Each of its entries has a timer that goes off once/;

interface Given {
  /** Whether Node has a number of milliseconds for it, after which it goes off again. */
  readonly isInterval?: boolean;
  /** Where the timer's function is. */
  readonly file?: string;
}

/** Names of what leaks, and whether it is told by its timers: sessions that have one each, and mails of less weight. */
async function leaksWith({ isInterval = false, file = "/app/sessions.js" }: Given): Promise<[string, boolean][]> {
  const program = new SmallProgram();
  const { heap } = program;
  const nothing = heap.node("hidden", "null");
  const calls = new SmallProgram("function end() {}\n", file, heap, 8);
  const [sessions, mails] = ["sessions", "mails"].map((name) => program.variable(name, program.map()));
  const timer = (): NodeRow => {
    const timeout = program.object("Timeout", { _onTimeout: calls.function("end", calls.scope, 1) }, 80);
    if (!isInterval) heap.property(timeout, "_repeat", nothing);
    return timeout;
  };
  const report = await reportAfter(program, () =>
    times(40, () => {
      program.add(sessions!, heap.string("id"), program.object("Session", { timer: timer() }, 300));
      program.add(mails!, heap.string("id"), program.object("Mail", {}, 200));
    }),
  );
  return leaksOf(report).map(({ title, advice }) => [/`(\w+)`/.exec(title)![1]!, TIMED.test(advice)]);
}

suite("what gains entries with a timer each", () => {
  test("comes after what has none, and is told as what may end", async () => {
    assert.deepEqual(await leaksWith({}), [
      ["mails", false],
      ["sessions", true],
    ]);
  });

  test("is one with its timers though they know no more of an entry than its id", async () => {
    const leak = onlyLeak(await reportOn("ids-with-timers"));
    assert.match(leak.title, /^Set `seen`/);
    assert.match(leak.alsoHeldBy[0]!, /^timers calling a function .*\(ids-with-timers\.mjs:11\)/);
    assert.match(leak.advice, TIMED);
  });

  test("is as any other where the timers that hold the same are Node's own, such as of connections that are idle", async () => {
    for (const [file, isTimed] of [
      ["/app/sessions.js", true],
      ["node:net", false],
    ] as const) {
      const program = new SmallProgram();
      const { heap } = program;
      const nothing = heap.node("hidden", "null");
      const calls = new SmallProgram("function end() {}\n", file, heap, 8);
      const list = program.object("TimersList");
      const lists = new SmallProgram("", "node:internal/timers", heap, 9).variable(
        "timerListMap",
        program.object("Map"),
      );
      heap.element(lists, 60_000, list);
      const sockets = program.variable("sockets", program.array());
      let last = list;
      const leak = onlyLeak(
        await reportAfter(program, () =>
          times(100, () => {
            const socket = program.object("Socket", {}, 300);
            const scope = calls.newScope(calls.scope);
            heap.variable(scope, "socket", socket);
            const timer = program.object(
              "Timeout",
              { _onTimeout: calls.function("end", scope, 1), _repeat: nothing },
              80,
            );
            heap.property(last, "_idleNext", timer);
            last = timer;
            program.push(sockets, socket);
          }),
        ),
      );
      assert.match(leak.title, /^Array `sockets`/);
      assert.match(leak.alsoHeldBy[0]!, /^timers calling .*, not due yet/);
      assert.equal(TIMED.test(leak.advice), isTimed);
    }
  });

  test("is as any other where the timers go off again and again", async () => {
    assert.deepEqual(await leaksWith({ isInterval: true }), [
      ["sessions", false],
      ["mails", false],
    ]);
  });

  test("is as any other where it is Node that ends something, such as a connection that is idle", async () => {
    const [first] = await leaksWith({ file: "node:net" });
    assert.deepEqual(first, ["sessions", false]);
  });
});
