import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Suspect } from "@leakdiff/core";
import { reportOn } from "../../../support/real-reports.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/** A promise that another waits for, as V8 has it of `return next()`. */
function resolvedWith(program: SmallProgram, waiting: NodeRow): NodeRow {
  const { heap } = program;
  const [promise, reaction] = [
    program.object("Promise"),
    heap.node("hidden", "system / PromiseReaction", { size: 64 }),
  ];
  heap.internal(promise, "reactions_or_result", reaction).hidden(reaction, 3, waiting);
  return promise;
}

/** Whose last promise a function settles that a variable has. */
function chained(links: number): { program: SmallProgram; round: () => void } {
  const program = new SmallProgram("let wake;\nfunction main() {}\n");
  const { heap } = program;
  const wake = program.variable("wake", program.object("Object"));
  let last: NodeRow = program.variable("first", program.object("Promise"));
  const round = (): void =>
    times(links, () => {
      const next = resolvedWith(program, last);
      heap.unlink(wake, "promise").property(wake, "promise", next);
      last = next;
    });
  heap.property(wake, "promise", last);
  return { program, round };
}

suite("promises that wait for the next", () => {
  test("are told with the function that goes on by its own next call", async () => {
    const leak = onlyLeak(await reportOn("promise-chain"));
    assert.equal(leak.kind, "promise-chain");
    assert.match(
      leak.title,
      /^chain of pending Promises, each waiting for the next: `consume` \(promise-chain\.mjs:6\)$/,
    );
    assert.equal(leak.holder.location?.line, 6);
  });

  test("are a queue where the new wait for the old, told by who has the newest, with two snapshots as well", async () => {
    for (const phases of [undefined, [50, 200]]) {
      const [leak] = leaksOf(await reportOn("promise-queue", phases === undefined ? {} : { phases })) as [Suspect];
      assert.equal(leak.kind, "promise-chain");
      assert.match(
        leak.title,
        /^queue of pending Promises `lock\.last`, module scope of promise-queue\.mjs:23, each waiting for the one before$/,
      );
      assert.match(leak.advice, /^None of them settles before the first does/);
      assert.equal(leak.holder.location?.line, 23);
    }
    assert.equal((await reportOn("clean-promise-queue")).verdict, "no-leak");
  });

  test("are told without it where none is suspended", async () => {
    const { program, round } = chained(80);
    const leak = await leakAfter(program, round);
    assert.equal(leak.title, "chain of pending Promises, each waiting for the next");
  });

  test("are none where they are the entries of something, each of a few steps", async () => {
    const program = new SmallProgram("const tasks = [];\n");
    const tasks = program.variable("tasks", program.array());
    const report = await reportAfter(program, () =>
      times(40, () => {
        let promise = program.object("Promise");
        times(4, () => (promise = resolvedWith(program, promise)));
        program.push(tasks, promise);
      }),
    );
    assert.equal(onlyLeak(report).kind, "module-array");
  });

  test("are none in a loop", async () => {
    assert.equal((await reportOn("clean-promise-loop")).verdict, "no-leak");
  });
});
