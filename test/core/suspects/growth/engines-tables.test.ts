import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

/** The verdict on a program of which an Array in a variable of a file gets a number of objects twice. */
async function verdictOf(file: string, variable: string, objects: number): Promise<string> {
  const program = new SmallProgram("function main() {}\n", file);
  const array = program.variable(variable, program.array());
  const report = await reportAfter(program, () =>
    times(objects, () => program.push(array, program.object("Timed", {}, 300))),
  );
  return report.verdict;
}

/** Something among V8's roots becomes larger in every interval, by an array of its own. */
async function suspectsWith(edgeName: string): Promise<number> {
  const program = new SmallProgram();
  const { heap } = program;
  const roots = heap.subroot("(Strong roots)");
  const report = await reportAfter(
    program,
    (round) =>
      void heap.internal(roots, round === 0 ? edgeName : `${round}_${edgeName}`, heap.array("", { size: 65_544 })),
  );
  return report.suspects.length;
}

suite("what the engine keeps for itself", () => {
  test("is no leak: the times of the first requests that Node notes, and no more of them", async () => {
    assert.equal(await verdictOf("node:internal/perf/observe", "resourceTimingBuffer", 40), "no-leak");
    assert.equal(await verdictOf("node:internal/perf/observe", "resourceTimingBuffer", 200), "leak");
    assert.equal(await verdictOf("/app/observe.js", "resourceTimingBuffer", 40), "leak");
    assert.equal(await verdictOf("node:internal/perf/observe", "pending", 40), "leak");
  });

  test("is no leak: the timers of requests, which stay until the clock of fetch ticks", async () => {
    assert.equal(await verdictOf("node:internal/deps/undici/undici", "fastTimers", 40), "no-leak");
    for (const file of ["util/timers.js", "timers.js"])
      assert.equal(await verdictOf(`/app/node_modules/undici/lib/${file}`, "fastTimers", 40), "no-leak");
    assert.equal(await verdictOf("/app/timers.js", "fastTimers", 40), "leak");
    assert.equal(await verdictOf("node:internal/deps/undici/undici", "pools", 40), "leak");
  });

  test("is no growth of two snapshots: one timer of Node's own, and the store of the request in which it was set", async () => {
    const verdictWith = async (file: string, timers: number): Promise<string> => {
      const program = new SmallProgram();
      const { heap } = program;
      const node = new SmallProgram("", "node:internal/timers", heap, 8);
      const calls = new SmallProgram("function resetCache() {}\n", file, heap, 9);
      const table = node.variable("timerListMap", program.object("Object"));
      const nothing = heap.node("hidden", "null");
      const round = (number: number): void =>
        times(number * timers, (index) => {
          const list = program.object("TimersList");
          const callback = calls.function("resetCache", calls.scope, 1);
          const timer = program.object("Timeout", { _onTimeout: callback, _idleNext: list, _repeat: nothing });
          heap.property(list, "_idleNext", timer);
          heap.property(timer, "<symbol kResourceStore>", program.object("Request", {}, 9000));
          heap.element(table, index, list);
        });
      return (await reportAfter(program, round, 2)).verdict;
    };
    assert.equal(await verdictWith("node:internal/http", 1), "no-leak");
    assert.equal(await verdictWith("node:internal/http", 2), "grew");
    assert.equal(await verdictWith("/app/dates.js", 1), "grew");
  });

  test("is its caches of texts of numbers, which it makes larger when they are full", async () => {
    assert.equal(await suspectsWith("smi_string_cache"), 0);
  });

  test("is not whatever else is among its roots", async () => {
    assert.equal(await suspectsWith("something"), 1);
  });

  test("is the texts of functions that were compiled, and nothing else that they have", async () => {
    const verdictWith = async (make: (program: SmallProgram) => NodeRow): Promise<string> => {
      const program = new SmallProgram();
      const report = await reportAfter(program, (round) =>
        times(40, (i) => program.heap.internal(program.main, `${round}.${i}`, make(program))),
      );
      return report.verdict;
    };
    assert.equal(await verdictWith(({ heap }) => heap.string("a text of the source", { size: 300 })), "no-leak");
    const compiled = ({ heap }: SmallProgram): NodeRow => {
      const code = heap.code("(bytecode)", { size: 100 });
      heap.internal(code, "constant", heap.string("a text of the source", { size: 300 }));
      return code;
    };
    assert.equal(await verdictWith(compiled), "no-leak");
    assert.equal(await verdictWith((program) => program.object("Row", {}, 300)), "leak");
  });

  test("is not what a function has by name that is used as a dictionary", async () => {
    const program = new SmallProgram();
    const styles = program.variable("styles", program.function("", program.scope, 1));
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => program.heap.property(styles, `style${round}.${i}`, program.heap.string("a {}", { size: 300 }))),
    );
    assert.match(leak.title, /^function `styles`/);
    assert.equal(leak.kind, "module-object");
    assert.deepEqual(leak.growth.entries, [40, 40]);
  });

  test("is no growth of two snapshots: what V8 notes of a function, such as literals that it copies", async () => {
    for (const [snapshots, verdict] of [
      [2, "no-leak"],
      [3, "leak"],
    ] as const) {
      const program = new SmallProgram();
      const { heap } = program;
      const vector = heap.code("system / FeedbackVector");
      heap.internal(program.main, "feedback_cell", vector);
      const round = (number: number): void =>
        times(40, (i) => heap.internal(vector, `${number}.${i}`, program.object("Object", {}, 300)));
      assert.equal((await reportAfter(program, round, snapshots)).verdict, verdict);
    }
  });
});
