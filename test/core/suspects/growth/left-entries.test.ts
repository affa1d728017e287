import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leaksOf, times } from "../../../support/suspects.js";

suite("entries that are no more in a container, and live on", () => {
  test("have not left it if those of today keep them", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const listeners = program.variable("listeners", program.array());
    let newest: NodeRow | null = null;
    const report = await reportAfter(
      program,
      () => {
        if (newest !== null) heap.unlink(listeners, 0);
        times(20, () => {
          const clone = program.object("Clone", {}, 300);
          if (newest !== null) heap.property(clone, "parent", newest);
          newest = clone;
        });
        heap.element(listeners, 0, newest!);
      },
      2,
    );
    const [leak] = leaksOf(report);
    assert.match(leak?.title ?? "", /`listeners`/);
  });

  test("have left it if something else keeps them: what took their places is no growth", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const listeners = program.variable("listeners", program.array());
    const former = program.variable("former", program.array());
    let now: NodeRow[] = [];
    const report = await reportAfter(
      program,
      () => {
        for (const [i, each] of now.entries()) {
          heap.unlink(listeners, i);
          program.push(former, each);
        }
        now = Array.from({ length: 40 }, () => program.object("Clone", {}, 300));
        for (const [i, each] of now.entries()) heap.element(listeners, i, each);
      },
      2,
    );
    assert.deepEqual(leaksOf(report), []);
  });
});
