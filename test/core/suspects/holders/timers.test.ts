import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("timers that nobody clears", () => {
  test("are told by what they call, and where that is", async () => {
    const leak = await leakOfEveryKind("pollMessages");
    assert.equal(leak.kind, "timers");
    assert.match(leak.holder.location!.file, /every-kind\.mjs$/);
    assert.deepEqual(leak.growth.entries, [60, 60]);
  });

  test("are none if the program keeps objects of a class of that name", async () => {
    const program = new SmallProgram();
    const list = program.variable("timeouts", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(list, program.object("Timeout", {}, 300))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
