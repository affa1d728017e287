import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a text that is only added to", () => {
  test("is told by its variable", async () => {
    const leak = await leakOfEveryKind("`transcript`");
    assert.equal(leak.kind, "growing-string");
    assert.match(leak.holder.location?.file ?? leak.holder.module ?? "", /every-kind\.mjs$/);
  });

  test("is none if texts are collected", async () => {
    const program = new SmallProgram();
    const lines = program.variable("lines", program.array());
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => program.push(lines, program.heap.string(`line ${round}.${i}`, { size: 300 }))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
