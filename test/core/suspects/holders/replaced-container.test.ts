import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a container that is replaced by a larger one", () => {
  test("is told by the slot that holds it", async () => {
    const leak = await leakOfEveryKind("`state.items`");
    assert.equal(leak.kind, "replaced-container");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("is none if the same container grows in that slot", async () => {
    const program = new SmallProgram();
    const items = program.array();
    program.variable("state", program.object("Object", { items }));
    const leak = await leakAfter(program, () => times(40, () => program.push(items, program.object("I", {}, 300))));
    assert.equal(leak.kind, "module-array");
    assert.match(leak.title, /`state\.items`/);
  });
});
