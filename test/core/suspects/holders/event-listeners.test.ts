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

  test("are told of Deno's event targets too, which have them in an object behind a symbol", async () => {
    for (const [isGlobal, title] of [
      [false, 'listeners of "abort" on `shutdown`, module scope of server.js'],
      [true, 'listeners of "abort" on `globalThis`, a global'],
    ] as const) {
      const program = new SmallProgram();
      const abort = program.array();
      const hidden = { assignedSlot: program.object("Object"), hasActivationBehavior: program.object("Object") };
      const data = program.object("Object", { ...hidden, listeners: program.object("Object", { abort }) });
      if (isGlobal) program.heap.property(program.heap.global(), "<symbol >", data);
      else program.variable("shutdown", program.object("AbortSignal", { "<symbol >": data }));
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const callback = program.function("onAbort", program.newScope(program.scope), 2);
          program.push(abort, program.object("Object", { callback, options: program.object("Object") }));
        }),
      );
      assert.equal(leak.kind, "event-listeners");
      assert.equal(leak.title, title);
    }
  });

  test("are none if it is a table of whom a listener was bound to", async () => {
    const program = new SmallProgram();
    const rooms = program.map();
    const close = program.heap.closure("native_bind", { size: 24 });
    program.heap.internal(close, "bound_this", program.object("Object", { rooms }));
    program.variable("server", program.object("Server", { _events: program.object("Object", { close }) }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(rooms, program.object("Key"), program.object("Room", {}, 300))),
    );
    assert.equal(leak.kind, "map-cache");
    assert.match(leak.title, /^Map `server\._events\.close\[\[BoundThis\]\]\.rooms`/);
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
