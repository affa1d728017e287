import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { reportOn } from "../../../support/real-reports.js";
import { leakAfter, leakOfEveryKind, leaksOf, onlyLeak, times } from "../../../support/suspects.js";

suite("timers that nobody clears", () => {
  test("are told apart from one that is set again and keeps more each time", async () => {
    const leak = onlyLeak(await reportOn("timer-set-again"));
    assert.equal(leak.kind, "timers");
    assert.match(leak.title, /, set again and again, each keeping more than the one before \(TimersList\)$/);
    assert.match(leak.advice, /^There are no more timers than before/);
  });

  test("are told with the list of stores that the context of one keeps which is set again", async () => {
    const leak = onlyLeak(await reportOn("timer-stores"));
    assert.equal(leak.kind, "timers");
    assert.match(
      leak.title,
      /^timers calling `poll` \(timer-stores\.mjs:8\), set again and again, with the store of an AsyncLocalStorage, a list of Object linked by `parent` \(TimersList\)$/,
    );
    assert.match(leak.advice, /^Each store refers to the one before it/);
  });

  test("are not called never cleared where Node's table has one, in another list each time", async () => {
    for (const isFrame of [false, true]) {
      const program = new SmallProgram("function poll() {}\n");
      const { heap } = program;
      const node = new SmallProgram("", "node:internal/timers", heap);
      const table = node.variable("timerListMap", program.object("Object"));
      const poll = program.function("poll", program.scope, 1);
      let span = program.object("Span");
      const leak = await leakAfter(program, (round) => {
        times(40, () => (span = program.object("Span", { parent: span }, 200)));
        const around = span;
        span = program.object("Span", { parent: around });
        // What waits around the last round has the context that this one began in.
        const waiting = program.object("Promise", { "<symbol kResourceStore>": around });
        const timer = program.object("Timeout", { _onTimeout: poll, waiting });
        if (isFrame) {
          const frame = program.object("AsyncContextFrame");
          const stores = heap.array("", { size: 100 });
          heap.internal(frame, "table", stores).internal(stores, "5", span);
          heap.property(timer, "<symbol kAsyncContextFrame>", frame);
        } else heap.property(timer, "<symbol kResourceStore>", span);
        const list = program.object("TimersList", { _idleNext: timer });
        heap.property(timer, "_idleNext", list);
        if (round > 0) heap.unlink(table, 5);
        heap.element(table, 5, list);
      });
      assert.equal(leak.kind, "timers");
      assert.match(
        leak.title,
        /^timers calling `poll` .*, set again and again, with the store of an AsyncLocalStorage/,
      );
    }
  });

  test("are told by what they call, and where that is", async () => {
    const leak = await leakOfEveryKind("pollMessages");
    assert.equal(leak.kind, "timers");
    assert.match(leak.holder.location!.file, /every-kind\.mjs$/);
    assert.deepEqual(leak.growth.entries, [60, 60]);
  });

  test("are a leak each where they call different functions, though Node has them in one list", async () => {
    const leaks = leaksOf(await reportOn("several-timers"));
    assert.deepEqual(
      leaks.map(({ title }) => /calling `(\w+)`/.exec(title)?.[1]),
      ["pollMessages", "refreshPrices", "expireToken"],
    );
    for (const leak of leaks) assert.deepEqual(leak.growth.entryCounts, [50, 150, 250]);
    assert.match(leaks[0]!.leaked.words, /^each of 200 new timers keeps .*25 \{from\}/);
    assert.match(leaks[2]!.leaked.words, /1 function expireToken/);
    assert.equal(new Set(leaks.map(({ fingerprint }) => fingerprint)).size, 3);
  });

  test("are told by what they call where each has a delay of its own, so that Node has many lists in a table", async () => {
    const leak = onlyLeak(await reportOn("timers-of-many-delays"));
    assert.equal(leak.kind, "timers");
    assert.match(
      leak.title,
      /^timers calling `remind` \(timers-of-many-delays\.mjs:6\), not due yet \(of many delays\)$/,
    );
    assert.match(leak.leaked.words, /1 TimersList/);
    assert.deepEqual(leak.alsoHeldBy, [], "the order in which they are due is no second place to mend");
  });

  test("are told together where the number of one kind of them stays", async () => {
    const page = new SmallPage("function tick() {}\nfunction blink() {}\n");
    const timers = page.collection("blink::(anonymous namespace)::DOMTimerCoordinator", page.window);
    const start = (name: string): void => {
      const timer = page.native("DOMTimer", undefined, { size: 200 });
      const callback = page.native("V8Function", page.native("ScheduledAction", timer));
      page.refer(callback, page.function(name, `${name}() {}`.slice(name.length), page.scopeWith("clock")));
      page.add(timers, timer);
    };
    start("blink");
    const leak = await leakAfter(page.program, () => times(40, () => start("tick")));
    assert.match(leak.title, /^timers calling `tick`/);
    assert.deepEqual(leak.growth.entries, [40, 40]);
  });

  test("are told of Deno, which has all of them in one Map", async () => {
    const program = new SmallProgram("function remind() {}\n", "ext:deno_node/internal/timers.mjs");
    const active = program.variable("activeTimers", program.map());
    const remind = program.function("remind", program.scope, 1);
    const leak = await leakAfter(program, () =>
      times(40, () =>
        program.add(active, program.heap.string("id"), program.object("Timeout", { _onTimeout: remind }, 300)),
      ),
    );
    assert.equal(leak.kind, "timers");
    assert.match(leak.title, /^timers calling `remind` \(timers\.mjs:1\), never cleared$/);
  });

  test("are told of Deno by what the program's timer calls, where Deno has one of its own for it", async () => {
    const deno = new SmallProgram("function cb() {}\n", "ext:deno_node/internal/timers.mjs");
    const { heap } = deno;
    const program = new SmallProgram("function remind() {}\n", "/app/server.js", heap, 8);
    const active = deno.variable("activeTimers", deno.map());
    const remind = program.function("remind", program.scope, 1);
    const leak = await leakAfter(deno, () =>
      times(40, () => {
        const scope = deno.newScope();
        const own = deno.object("Timeout", { _onTimeout: deno.function("cb", scope, 1) });
        heap.variable(scope, "timer", deno.object("Timeout", { _timer: own, _onTimeout: remind }, 300));
        deno.add(active, heap.string("id"), own);
      }),
    );
    assert.match(leak.title, /^timers calling `remind` \(server\.js:1\), never cleared/);
  });

  test("are one leak where they call two functions of one library's as often: one object starts both", async () => {
    const started = async (file: string, many: number): Promise<readonly string[]> => {
      const program = new SmallProgram();
      const { heap } = program;
      const breaker = new SmallProgram("function roll() {}\nfunction tell() {}\n", file, heap);
      const node = new SmallProgram("", "node:internal/timers", heap);
      const list = program.object("TimersList");
      heap.element(node.variable("timerListMap", program.object("Object")), 250, list);
      let last = list;
      const start = (name: string, line: number): void => {
        const callback = breaker.function(name, breaker.newScope(breaker.scope), line);
        const timer = program.object("Timeout", { _onTimeout: callback }, 200);
        heap.property(last, "_idleNext", timer).property(timer, "_idlePrev", last);
        last = timer;
      };
      const report = await reportAfter(program, () => {
        times(40, () => start("roll", 1));
        times(many, () => start("tell", 2));
        heap.unlink(list, "_idlePrev").property(list, "_idlePrev", last);
      });
      return leaksOf(report).map(({ title, growth: { entries } }) => `${title} +${entries?.join(" +")}`);
    };
    const library = "/app/node_modules/breaker/status.js";
    const alike = await started(library, 40);
    assert.equal(alike.length, 1, alike.join("; "));
    assert.match(alike[0]!, /^timers calling `\w+` \(breaker\/status\.js:\d\), .* \+80 \+80$/);
    assert.equal((await started(library, 60)).length, 2);
    assert.equal((await started("/app/status.js", 40)).length, 2, "two bugs of the program's");
  });

  test("are none if the program keeps objects of a class of that name", async () => {
    const program = new SmallProgram();
    const list = program.variable("timeouts", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(list, program.object("Timeout", {}, 300))),
    );
    assert.equal(leak.kind, "module-array");
  });

  test("are told by the class or function that a nameless one was made in", async () => {
    const leak = onlyLeak(await reportOn("timers-of-class"));
    assert.equal(leak.kind, "timers");
    assert.match(leak.title, /^timers calling a function of `Heartbeat` \(timers-of-class\.mjs:6\), never cleared/);
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

  test("are told with the program's function where a library bound its own to what leads there", async () => {
    const page = new SmallPage("function poll() {}\n");
    const { heap, program } = page;
    const library = new SmallProgram("class Scheduler { flush() {} }\n", "/app/node_modules/rx/index.js", heap, 9);
    const flush = library.function("flush", library.scope, 1);
    heap.property(library.main, "flush", flush);
    const timers = page.collection("blink::(anonymous namespace)::DOMTimerCoordinator", page.window);
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const action = program.object("Action", { work: page.function("poll", "() {}", page.scopeWith("card")) });
        const bound = heap.closure("native_bind", { size: 32 });
        heap.internal(bound, "bound_function", flush).internal(bound, "bound_argument_0", action);
        const timer = page.native("DOMTimer");
        page.refer(page.native("V8Function", page.native("ScheduledAction", timer)), bound);
        page.add(timers, timer);
      }),
    );
    assert.equal(leak.title, "timers calling `flush` (rx/index.js:1) for `poll` (app.js:1), never cleared");
  });

  test("are animation frames where the browser has those, which are cancelled in another way", async () => {
    const page = new SmallPage("requestAnimationFrame(function draw() {});\n");
    const frames = page.collection("ScriptedAnimationController", page.document);
    const leak = await leakAfter(page.program, () =>
      times(40, () => {
        const frame = page.native("blink::V8FrameCallback");
        page.refer(frame, page.function("draw", "() {}", page.scopeWith("view")));
        page.add(frames, frame);
      }),
    );
    assert.equal(leak.title, "animation frames calling `draw` (app.js:1), never cleared");
    assert.match(leak.advice, /cancelAnimationFrame/);
  });
});
