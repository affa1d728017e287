import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leaksOf, times } from "../../../support/suspects.js";

/** A program whose array has another entry each round, which weighs more than the one before; that lives on. */
function reportWith(keep: (program: SmallProgram, newest: NodeRow, before: NodeRow) => void) {
  const program = new SmallProgram("let listeners, other;\n");
  const listeners = program.variable("listeners", program.array());
  const other = program.variable("other", program.array());
  program.push(other, program.object("Setting"));
  let before: NodeRow | null = null;
  return reportAfter(
    program,
    () => {
      if (before !== null) program.heap.unlink(listeners, 0);
      times(20, () => {
        const clone = program.object("Clone", {}, 300);
        if (before !== null) keep(program, clone, before);
        before = clone;
      });
      program.heap.element(listeners, 0, before!);
    },
    2,
  );
}

suite("entries that are no more in a container, and live on", () => {
  test("have not left it if those of today keep them", async () => {
    const report = await reportWith((program, newest, before) => program.heap.property(newest, "parent", before));
    const [leak] = leaksOf(report);
    assert.match(leak?.title ?? "", /`listeners`/);
  });
});
