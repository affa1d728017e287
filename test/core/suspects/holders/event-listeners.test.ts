import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("listeners that are never removed", () => {
  test("are told by their emitter and event", async () => {
    const leak = await leakOfEveryKind("`prices`");
    assert.equal(leak.kind, "event-listeners");
    assert.match(leak.title, /"change"/);
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("are none if a list of functions only looks like one", async () => {
    const program = new SmallProgram();
    const listeners = program.array();
    program.variable("hub", program.object("Hub", { events: program.object("Object", { change: listeners }) }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(listeners, program.function("onChange", program.newScope(program.scope), 2))),
    );
    assert.equal(leak.kind, "callbacks");
    assert.match(leak.title, /`hub\.events\.change`/);
  });
});
