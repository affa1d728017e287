import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Suspect } from "@leakdiff/core";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

suite("timers of one list", () => {
  test("are one finding if functions of one library have as many, however many that are", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const library = new SmallProgram("", "/app/node_modules/pool/index.js", heap, 9);
    const functions = ["ping", "sweep"].map((name, i) => library.function(name, library.scope, i + 1));
    const timers = new SmallProgram("let list;\n", "node:internal/timers", heap, 11);
    const list = timers.variable("list", heap.object("TimersList", { size: 48 }));
    let last = list;
    const report = await reportAfter(
      program,
      (round) =>
        times(round === 0 ? 10 : 130_000, () => {
          for (const called of functions) {
            const timer = heap.object("Timeout", { size: 96 });
            heap.unlink(last, "_idleNext").property(last, "_idleNext", timer);
            heap.unlink(list, "_idlePrev").property(list, "_idlePrev", timer);
            heap.property(timer, "_onTimeout", called).property(timer, "_idlePrev", last);
            last = timer;
          }
        }),
      2,
    );
    const [{ title, growth }, ...others] = leaksOf(report) as [Suspect, ...Suspect[]];
    assert.deepEqual(others, []);
    assert.match(title, /^timers calling `sweep` \(pool\/index\.js:2\)/);
    assert.deepEqual(growth.entries, [260_000]);
  });
});
