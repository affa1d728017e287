import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a property of the global object", () => {
  test("is told as such", async () => {
    const leak = await leakOfEveryKind("`globalThis.debugTrail`");
    assert.equal(leak.kind, "global-property");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("is none if a variable of the module holds the same: that says more", async () => {
    const program = new SmallProgram("const trail = [];\n");
    const trail = program.variable("trail", program.array());
    program.heap.property(program.main, "trail", trail);
    const leak = await leakAfter(program, () => times(40, () => program.push(trail, program.object("W", {}, 300))));
    assert.equal(leak.kind, "module-array");
  });
});
