import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
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

  test("are told by what they call in a page as well", async () => {
    const page = new SmallPage("setInterval(function tick() {}, 60_000);\n");
    const timers = page.collection("blink::(anonymous namespace)::DOMTimerCoordinator", page.window);
    const leak = await leakAfter(page.program, () =>
      times(40, () => {
        const timer = page.native("DOMTimer");
        const callback = page.native("V8Function", page.native("ScheduledAction", timer));
        page.refer(callback, page.function("tick", "() {}", page.scopeWith("clock")));
        page.add(timers, timer);
      }),
    );
    assert.equal(leak.kind, "timers");
    assert.equal(leak.title, "timers calling `tick` (app.js:1), never cleared");
    assert.deepEqual(leak.growth.entries, [40, 40]);
  });
});
