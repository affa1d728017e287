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

  test("are the signals that follow one that lives on", async () => {
    const program = new SmallProgram();
    const followers = program.set();
    const signal = program.object("AbortSignal", { "<symbol kDependantSignals>": followers });
    program.variable("shutdown", program.object("AbortController", { signal }));
    const leak = await leakAfter(program, () =>
      times(40, () =>
        program.add(followers, program.object("WeakRef", { signal: program.object("EventTarget", {}, 300) })),
      ),
    );
    assert.equal(leak.kind, "event-listeners");
    assert.equal(leak.title, "signals that follow `shutdown.signal`, module scope of server.js");
    assert.match(leak.advice, /^AbortSignal\.any\(\) leaves a signal/);
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
