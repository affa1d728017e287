import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { reportOn } from "../../../support/real-reports.js";
import { leakAfter, leaksOf, onlyLeak, times } from "../../../support/suspects.js";

const SOURCE = "worker.onmessage = ({ data }) => resolve(data);\n";

function worker(page: SmallPage): number {
  const made = page.native("Worker");
  page.refer(page.native("V8EventHandlerNonNull", made), page.function("", "({ data })", page.scopeWith("words")));
  return made;
}

/**
 * Deno's ring of what settles a promise, which has null in all other places, and work that adds 40 objects each time that
 * wait for one operation each; or for several, while the program has a list of them.
 *
 *     promiseRing -> [resolve] -context-> Promise -> call of refresh -> Worker
 */
function withRing(name: string, operations = 1): [SmallProgram, () => void] {
  const program = new SmallProgram();
  const { heap } = program;
  const denos = new SmallProgram("class Worker {}\n", "ext:core/00_infra.js", heap, 9);
  const ring = denos.variable("promiseRing", heap.object("Array", { size: 32 }));
  const store = heap.array("(object elements)", { size: 4098 * 8 });
  heap.internal(ring, "elements", store);
  const nothing = heap.node("hidden", "null");
  times(1000, (i) => heap.element(ring, i, nothing));
  const workers = operations > 1 ? program.variable("workers", program.array()) : null;
  const refresh = program.variable("refresh", program.function("refresh", program.scope, 1));
  let next = 0;
  const work = (): void => {
    const made = heap.object(name, { size: 300, at: { scriptId: 9, line: 0, column: 0 } });
    if (workers !== null) program.push(workers, made);
    const call = heap.object("Generator", { size: 80 });
    const registers = heap.array("", { size: 32 });
    heap.internal(call, "function", refresh).internal(call, "parameters_and_registers", registers);
    heap.internal(registers, "0", made);
    times(operations, () => {
      const promise = heap.object("Promise", { size: 40 });
      heap.internal(promise, "reactions_or_result", call);
      const scope = heap.context({ size: 32 });
      heap.hidden(scope, 1, promise);
      const resolve = heap.closure("", { size: 64 });
      heap.internal(resolve, "context", scope);
      const entry = program.array();
      program.push(entry, resolve);
      heap.unlink(ring, next).element(ring, next, entry).internal(store, String(next), entry);
      next++;
    });
  };
  return [program, () => times(40, work)];
}

suite("objects that the browser keeps while they are active", () => {
  test("are told by their class and what they call", async () => {
    const page = new SmallPage(SOURCE);
    const roots = page.heap.subroot("C++ Persistent roots");
    const pending = page.native("Pending activities");
    page.heap.internal(roots, "blink::ThreadState::ThreadState(v8::Platform *)", pending);
    page.native("blink::HeapVectorBacking<std::pair<…>>", pending);
    const leak = await leakAfter(page.program, () => times(40, () => page.add(pending, worker(page))));
    assert.equal(leak.kind, "active-objects");
    assert.equal(leak.title, "Worker objects that are never ended: a function (app.js:1)");
  });

  test("are told apart by what they call, which their listeners know behind much else of Blink's", async () => {
    const page = new SmallPage("socket.onmessage = ({ data }) => data;\nquery.onchange = (event) => event;\n");
    const roots = page.heap.subroot("C++ Persistent roots");
    const pending = page.native("Pending activities");
    page.heap.internal(roots, "blink::ThreadState::ThreadState(v8::Platform *)", pending);
    page.native("blink::HeapVectorBacking<std::pair<…>>", pending);
    const blinks = page.native("blink::Page", page.document);
    times(80, () => page.native("blink::LocalFrame", blinks));
    const make = (name: string, called: string): void => {
      const made = page.native(name);
      page.refer(made, blinks);
      page.listen(page.listenersOf(made), page.function("", called, page.scopeWith("view")));
      page.add(pending, made);
    };
    const report = await reportAfter(page.program, () =>
      times(40, () => {
        make("WebSocket", "({ data })");
        make("MediaQueryList", "(event)");
      }),
    );
    const leaks = [...leaksOf(report)].sort((a, b) => (a.title < b.title ? 1 : -1));
    assert.deepEqual(
      leaks.map(({ title, growth }) => [title, growth.entries, growth.entryWord]),
      [
        ["WebSocket objects that are never ended: a function (app.js:1)", [40, 40], "objects"],
        ["MediaQueryList objects whose listeners are never removed: a function (app.js:2)", [40, 40], "objects"],
      ],
    );
    assert.match(leaks[0]!.advice, /^Call close\(\)/);
    assert.match(leaks[1]!.advice, /^Remove the listener/);
  });

  test("are told of Node's handles as well, with the program's function that they call", async () => {
    const leak = onlyLeak(await reportOn("message-ports"));
    assert.equal(leak.kind, "active-objects");
    assert.match(
      leak.title,
      /^MessagePort objects that are never ended: a function of `unit` \(message-ports\.mjs:8\)$/,
    );
  });

  test("are told by the class that the program knows, not by that of the handle in it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const port = program.object("MessagePort", {}, 200);
        const channel = program.object("BroadcastChannel", {}, 100);
        // Listeners of two events refer to the channel: the table of both keeps it, and has no edge to it.
        const events = program.array();
        program.push(events, program.object("Listener", { channel }), program.object("Listener", { channel }));
        heap.property(port, "events", events);
        heap.property(channel, "onmessage", program.function("refresh", program.newScope(program.scope), 1));
        heap.internal(heap.root(), "", port);
      }),
    );
    assert.equal(leak.kind, "active-objects");
    assert.match(leak.title, /^BroadcastChannel objects that are never ended: `refresh`/);
  });

  test("are told of tables in Deno's own files as of Node's, by what they have for the program", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const denos = new SmallProgram("class BroadcastChannel {}\n", "ext:deno_web/channel.js", heap, 9);
    const channels = denos.variable("channels", denos.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const channel = heap.object("BroadcastChannel", { size: 300, at: { scriptId: 9, line: 0, column: 0 } });
        heap.property(channel, "onmessage", program.function("refresh", program.newScope(program.scope), 1));
        denos.push(channels, channel);
      }),
    );
    assert.equal(leak.kind, "active-objects");
    assert.equal(leak.title, "BroadcastChannel objects that are never ended: `refresh` (server.js:1)");
  });

  test("are what Deno waits for, in a ring that is no bound, by what is to be ended or the call that waits", async () => {
    const leak = await leakAfter(...withRing("Worker"));
    assert.equal(leak.kind, "active-objects");
    assert.equal(leak.title, "Worker objects that are never ended: `refresh` (server.js:1)");
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
    assert.match(leak.advice, /^Call terminate\(\)/);
    const other = await leakAfter(...withRing("Request"));
    assert.equal(other.title, "operations of the runtime that are never ended: `refresh` (server.js:1)");
    assert.match(other.advice, /AbortSignal/);
  });

  test("are told with the list that the program has of them, however many operations each waits for", async () => {
    const leak = await leakAfter(...withRing("Worker", 2));
    assert.match(leak.title, /^Array `workers`/);
    assert.match(leak.alsoHeldBy[0]!, /^Worker objects that are never ended/);
  });

  test("are sessions of Node's inspector, which their handles have by a function, and none of the program's", async () => {
    for (const file of ["node:inspector", "/app/session.js"]) {
      const program = new SmallProgram();
      const { heap } = program;
      const inspector = new SmallProgram("class Session {}\n", file, heap, 9);
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const session = heap.object("Session", { size: 300, at: { scriptId: 9, line: 0, column: 0 } });
          const scope = program.newScope(program.scope);
          heap.variable(scope, "session", session);
          heap.internal(heap.root(), "", inspector.function("onMessage", scope, 1));
        }),
      );
      assert.equal(leak.kind, file === "node:inspector" ? "active-objects" : "unknown");
    }
  });

  test("are told with the program's function rather than with a library's that is called before", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const script = heap.code("system / Script");
    heap.internal(script, "name", heap.string("/app/node_modules/redis/reader.js"));
    heap.internal(script, "source", heap.string("class Reader {}\n"));
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const socket = program.object("Socket", {}, 200);
        const shared = heap.code("data");
        const data = heap.closure("data", { size: 64, at: { scriptId: 8, line: 0, column: 0 } });
        heap.internal(shared, "script", script).internal(data, "shared", shared);
        const client = program.object("Client", { onerror: program.function("failed", program.newScope(), 1) });
        heap.property(data, "client", client);
        heap.property(socket, "data", data);
        heap.internal(heap.root(), "", socket);
      }),
    );
    assert.equal(leak.title, "Socket objects that are never ended: `failed` (server.js:1)");
  });

  test("are told with the program's function where it is a table of Node's that has them", async () => {
    const program = new SmallProgram("class PerformanceObserver {}\n", "node:internal/perf/observe");
    const { heap } = program;
    const script = heap.code("system / Script");
    heap.internal(script, "name", heap.string("/app/server.js"));
    heap.internal(script, "source", heap.string("function report() {}\n"));
    const observers = program.variable("kObservers", program.set());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const observer = heap.object("PerformanceObserver", { size: 300, at: { scriptId: 7, line: 0, column: 0 } });
        const shared = heap.code("report");
        const report = heap.closure("report", { size: 64, at: { scriptId: 8, line: 0, column: 0 } });
        heap
          .internal(shared, "script", script)
          .internal(report, "shared", shared)
          .property(observer, "callback", report);
        program.add(observers, observer);
      }),
    );
    assert.equal(leak.kind, "active-objects");
    assert.equal(leak.title, "PerformanceObserver objects that are never ended: `report` (server.js:1)");
    assert.match(leak.advice, /^Call disconnect\(\) on it/);
    assert.match(leak.holder.location!.file, /server\.js$/);
  });

  test("are told of a table of Node's without a function of the program's, if it is known how they end", async () => {
    for (const [name, kind] of [
      ["AsyncLocalStorage", "active-objects"],
      ["Channel", "module-array"],
    ] as const) {
      const program = new SmallProgram(`class ${name} {}\n`, "node:async_hooks");
      const list = program.variable("storageList", program.array());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const at = { scriptId: 7, line: 0, column: 0 };
          program.push(list, program.heap.object(name, { size: 300, at }));
        }),
      );
      assert.equal(leak.kind, kind);
      if (kind === "active-objects") assert.match(leak.advice, /^Make one for the whole program/);
    }
  });

  /** A table of Node's with an entry for each Worker that the program made and never ended, and 40 more of them a round. */
  function threads() {
    const program = new SmallProgram("const threadsPorts = new Map();\n", "node:internal/worker/messaging");
    const { heap } = program;
    const ports = program.variable("threadsPorts", program.map());
    const handles = heap.subroot("(Global handles)");
    const worker = (): void => {
      const made = program.object("Worker", {}, 100);
      heap.internal(handles, String(made), made);
      heap.internal(made, "javascript_to_native", heap.native("Node / Worker"));
    };
    const entry = (value: number): void => program.add(ports, heap.object("Key"), value);
    return { program, worker, entry, port: () => program.object("MessagePort", {}, 200) };
  }

  test("are told instead of the tables of Node's that gain an entry with each of them", async () => {
    const { program, worker, entry, port } = threads();
    const leak = await leakAfter(program, () => times(40, () => (worker(), entry(port()))));
    assert.deepEqual([leak.kind, leak.title], ["active-objects", "Worker objects that are never ended"]);
    assert.deepEqual([leak.growth.entryCounts, leak.growth.entryWord], [[40, 80, 120], "objects"]);
    assert.ok(leak.growth.bytes.every((bytes) => bytes >= 40 * 200));
    assert.deepEqual([leak.path.at(-1)?.node.name, leak.holder.class], ["Worker", "(Global handles)"]);
  });

  test("are told instead of listeners of Node's to where they print, which a library has in a variable", async () => {
    for (const isPrograms of [false, true]) {
      const program = new SmallProgram("let stderr;\n", "node:internal/bootstrap/switches/is_main_thread");
      const { heap } = program;
      const close = program.array();
      const stderr = program.object("Socket", { _events: program.object("Object", { close }) });
      program.variable("stderr", stderr);
      const library = new SmallProgram("const stream = process.stderr;\n", "/app/node_modules/debug/node.js", heap, 8);
      library.variable("stream", stderr);
      const handles = heap.subroot("(Global handles)");
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const worker = program.object("Worker", {}, 100);
          heap.internal(handles, String(worker), worker);
          heap.internal(worker, "javascript_to_native", heap.native("Node / Worker"));
          const scope = program.heap.context({ size: 400 });
          program.push(close, (isPrograms ? library : program).function("onclose", scope, 1));
        }),
      );
      assert.match(
        leak.title,
        isPrograms ? /^listeners of "close" on `process\.stderr`/ : /^Worker objects that are never/,
      );
    }
  });

  test("are not told if there are more or fewer of them than entries", async () => {
    const { program, worker, entry, port } = threads();
    const leak = await leakAfter(program, () => times(40, () => (worker(), worker(), entry(port()))));
    assert.equal(leak.title, "Map `threadsPorts`, module scope of node:internal/worker/messaging:1");
  });

  test("are not told if the program put the entries there itself", async () => {
    const { program, worker, entry } = threads();
    const server = new SmallProgram("function stop() {}\n", "/app/server.js", program.heap, 8);
    const stop = (): number => {
      const scope = program.heap.context({ size: 400 });
      return server.function("stop", scope, 1);
    };
    const leak = await leakAfter(program, () => times(40, () => (worker(), entry(stop()))));
    assert.match(leak.title, /threadsPorts/);
  });

  test("are not told where the program has a holder that grows", async () => {
    const { program, worker, entry, port } = threads();
    const server = new SmallProgram("const jobs = [];\n", "/app/server.js", program.heap, 8);
    const jobs = server.variable("jobs", server.array());
    const leak = await leakAfter(program, () =>
      times(40, () => (worker(), entry(port()), server.push(jobs, server.object("Job", {}, 500)))),
    );
    assert.match(leak.title, /^Array `jobs`/);
  });

  test("are none if it is the page that keeps them", async () => {
    const page = new SmallPage(SOURCE);
    const pool = page.program.variable("pool", page.program.array());
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.program.push(pool, page.native("Worker", undefined, { size: 400 }))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
