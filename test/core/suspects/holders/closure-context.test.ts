import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("closures that keep each other through their scopes", () => {
  test("are told by the variable that holds the newest", async () => {
    const leak = await leakOfEveryKind("`current`");
    assert.equal(leak.kind, "closure-context");
    assert.match(leak.title, /`describe\.previous`/);
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("are none if a list of objects links them without a scope", async () => {
    assert.equal((await leakOfEveryKind("`newest`")).kind, "linked-list");
  });

  test("are none if an Array in a scope keeps closures", async () => {
    const program = new SmallProgram();
    const callbacks = program.variable("callbacks", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(callbacks, program.function("later", program.newScope(program.scope), 3))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
