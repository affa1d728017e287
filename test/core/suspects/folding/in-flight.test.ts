import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Suspect } from "@leakdiff/core";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

const SOURCE = "const held = [];\nconst seen = [];\nfunction main() {}\n";
const ABOUT = /requests that were not answered yet/;

/** A request with its connection, which is busy with it, or by now with the next one. */
function request(program: SmallProgram, isAnswered: boolean): NodeRow {
  const socket = program.object("Socket");
  const answer = (): NodeRow => {
    const req = program.object("IncomingMessage", { socket }, 2000);
    const res = program.object("ServerResponse", { req }, 2000);
    program.heap.property(req, "answeredBy", res);
    return res;
  };
  const res = answer();
  const busyWith = isAnswered ? answer() : res;
  program.heap.property(busyWith, "socket", socket).property(socket, "_httpMessage", busyWith);
  return res;
}

/** The leaks of a server that has a callback for each request it has not answered, and never forgets whom it has seen. */
async function leaksWith(
  hold: (program: SmallProgram, held: NodeRow, of: NodeRow) => void,
  { isAnswered = false, rounds = 2 } = {},
): Promise<readonly Suspect[]> {
  const program = new SmallProgram(SOURCE);
  const held = program.variable("held", program.array());
  const seen = program.variable("seen", program.array());
  const report = await reportAfter(
    program,
    () => {
      times(6, () => hold(program, held, request(program, isAnswered)));
      times(100, () => program.push(seen, program.object("Visit", {}, 100)));
    },
    rounds,
  );
  return leaksOf(report);
}

function holdCallback(program: SmallProgram, held: NodeRow, res: NodeRow): void {
  const call = program.newScope(program.scope);
  program.heap.variable(call, "res", res);
  program.push(held, program.function("answer", call, 3));
}

function names(leaks: readonly Suspect[]): (string | undefined)[] {
  return leaks.map(({ title }) => /`(\w+)`/.exec(title)?.[1]);
}

suite("what is held for requests in flight", () => {
  test("comes after what is not, and is told as such, where two snapshots cannot tell more", async () => {
    const leaks = await leaksWith(holdCallback);
    assert.deepEqual(names(leaks), ["seen", "held"]);
    assert.deepEqual(
      leaks.map(({ advice }) => ABOUT.test(advice)),
      [false, true],
    );
  });

  test("is told without what hangs on V8's roots beside it", async () => {
    const program = new SmallProgram(SOURCE);
    const held = program.variable("held", program.array());
    const roots = program.heap.subroot("C++ cross-thread roots");
    const report = await reportAfter(
      program,
      () => {
        times(6, () => holdCallback(program, held, request(program, false)));
        times(20, (i) => program.heap.element(roots, i, program.object("Channel", {}, 400)));
      },
      2,
    );
    assert.deepEqual(names(leaksOf(report)), ["held"]);
  });

  test("is what the request leads to as well", async () => {
    const leaks = await leaksWith((program, held, res) => {
      const body = program.object("Body", {}, 3000);
      program.heap.property(res, "body", body);
      program.push(held, body);
      const call = program.newScope(program.scope);
      program.heap.variable(call, "res", res);
      program.heap.property(program.main, String(call), program.function("answer", call, 3));
    });
    assert.equal(names(leaks).at(0), "seen");
    assert.match(leaks.find(({ title }) => title.includes("held"))!.advice, ABOUT);
  });

  test("is as any other where the connection serves the next one by now", async () => {
    const leaks = await leaksWith(holdCallback, { isAnswered: true });
    assert.deepEqual(names(leaks), ["held", "seen"]);
    assert.doesNotMatch(leaks[0]!.advice, ABOUT);
  });

  test("is as any other where the connection is no more: nobody waits for the answer", async () => {
    for (const isOpen of [true, false]) {
      const program = new SmallProgram(SOURCE);
      const { heap } = program;
      const net = new SmallProgram("class Socket {}\n", "node:net", heap, 8);
      const held = program.variable("held", program.array());
      const report = await reportAfter(
        program,
        () =>
          times(6, () => {
            const socket = heap.object("Socket", { size: 32, at: { scriptId: 8, line: 0, column: 0 } });
            if (isOpen) heap.property(socket, "_handle", net.object("TCP"));
            const res = program.object("ServerResponse", { socket }, 2000);
            heap.property(socket, "_httpMessage", res);
            holdCallback(program, held, res);
          }),
        2,
      );
      assert.deepEqual(
        leaksOf(report).map(({ advice }) => ABOUT.test(advice)),
        [isOpen],
      );
    }
  });

  test("is as any other where most of what is new has to do with no request in flight", async () => {
    const leaks = await leaksWith((program, held, res) => {
      holdCallback(program, held, res);
      times(3, () => program.push(held, program.object("Job", {}, 3000)));
    });
    assert.deepEqual(names(leaks), ["held", "seen"]);
  });

  test("is a leak where a third snapshot has still more", async () => {
    const leaks = await leaksWith(holdCallback, { rounds: 3 });
    assert.deepEqual(names(leaks), ["held", "seen"]);
    assert.doesNotMatch(leaks[0]!.advice, ABOUT);
  });

  test("is the connections that are busy, and streams of HTTP/2 that are open", async () => {
    const busy = (program: SmallProgram, held: NodeRow, of: NodeRow): void => {
      const socket = program.object("Socket", {}, 3000);
      program.push(held, program.heap.property(socket, "_httpMessage", of) && socket);
    };
    const stream =
      (session: string) =>
      (program: SmallProgram, held: NodeRow): void =>
        program.push(held, program.object("ClientHttp2Stream", { [session]: program.object("Session") }, 3000));
    assert.deepEqual(names(await leaksWith(busy)), ["seen", "held"]);
    assert.deepEqual(names(await leaksWith(stream("<symbol kSession>"))).slice(-2), ["seen", "held"]);
    assert.deepEqual(names(await leaksWith(stream("last"))).slice(0, 2), ["held", "seen"]);
  });

  test("is timers that go off once, of which no third snapshot tells whether they did", async () => {
    for (const [repeat, leaks] of [
      ["_repeat", ["the visits", "timers"]],
      ["", ["timers", "the visits"]],
    ] as const) {
      const program = new SmallProgram("function tick() {}\n");
      const { heap } = program;
      const node = new SmallProgram("let timerList;\n", "node:internal/timers", heap, 8);
      const list = node.variable("timerList", program.array());
      const seen = program.variable("seen", program.array());
      const report = await reportAfter(
        program,
        () => {
          times(100, () => program.push(seen, program.object("Visit", {}, 100)));
          times(40, () => {
            const timer = program.object("Timeout", { _onTimeout: program.function("tick", program.scope, 1) }, 2000);
            if (repeat !== "") heap.property(timer, repeat, heap.node("hidden", "null"));
            program.push(list, timer);
          });
        },
        2,
      );
      const found = leaksOf(report);
      assert.deepEqual(
        found.map(({ kind }) => (kind === "timers" ? kind : "the visits")),
        leaks,
      );
      const timers = found.find(({ kind }) => kind === "timers")!;
      assert.match(timers.title, repeat === "" ? /, never cleared/ : /, not due yet/);
      assert.equal(timers.advice.startsWith("Timers that go off once had not done so yet"), repeat !== "");
    }
  });
});
