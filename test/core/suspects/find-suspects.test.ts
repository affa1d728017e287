import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "#core/report/leak-report.js";
import { findHolders } from "#core/suspects/find-suspects.js";
import { growthOver, heapsAfter, reportAfter, SmallProgram } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";
import { leaksOf, onlyLeak, times } from "../../support/suspects.js";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

suite("suspects", () => {
  test("are named by variable, module and declaration, with what one entry keeps", async () => {
    const program = new SmallProgram("const limit = 3;\nconst journal = [];\nfunction main() {}\n");
    const journal = program.variable("journal", program.array());
    const report = await reportAfter(program, () =>
      times(50, () => program.push(journal, program.object("Entry", { item: program.object("Item", {}, 100) }))),
    );
    const leak = onlyLeak(report);
    assert.match(leak.title, /Array `journal`.*server\.js:2/);
    assert.deepEqual(leak.holder.location, { file: "/app/server.js", line: 2, column: 7, original: null });
    assert.deepEqual(leak.growth.entryCounts, [50, 100, 150]);
    assert.deepEqual(leak.growth.entries, [50, 50]);
    assert.deepEqual(
      leak.leaked.classes.map(({ name, count }) => [name, count]),
      [
        ["Item", 100],
        ["Entry", 100],
      ],
    );
    const words = leak.path.filter(({ internal }) => !internal).map(({ words }) => words);
    assert.ok(words.includes("variable `journal`"), words.join(" → "));
    assert.equal(leak.path.find(({ holder }) => holder)?.node.id, leak.holder.nodeId);
  });

  test("are arrays whose numbers leave nothing but a larger backing store", async () => {
    const program = new SmallProgram("const readings = [];\n");
    const readings = program.variable("readings", program.array());
    const leak = onlyLeak(await reportAfter(program, () => program.pushNumbers(readings, 5000)));
    assert.match(leak.title, /`readings`/);
    const counts = leak.growth.entryCounts!;
    assert.ok(counts[0]! < counts[1]! && counts[1]! < counts[2]!, `${counts}`);
    assert.match(leak.leaked.words, /number/);
  });

  test("are named from outside: not by what leaked into them before the first snapshot", async () => {
    const program = new SmallProgram("const router = {};\n");
    const stack = program.array();
    program.variable("router", program.object("Router", { stack }));
    const report = await reportAfter(program, () =>
      times(20, () => {
        // A handler is a closure of the call that adds it, and the call knows the stack as `layers`.
        const call = program.newScope(program.scope);
        const handler = program.function("handle", call, 1);
        program.heap.variable(call, "layers", stack);
        program.push(stack, program.object("Layer", { handler }, 400));
      }),
    );
    const leak = onlyLeak(report);
    assert.match(leak.title, /`router\.stack`, module scope of server\.js/);
  });

  test("are named through a proxy, which nobody writes: `basket.lines`", async () => {
    const program = new SmallProgram("const basket = new Proxy({}, {});\n");
    const lines = program.array();
    const proxy = program.variable("basket", program.heap.node("hidden", "system / JSProxy", { size: 32 }));
    program.heap.hidden(proxy, 1, program.object("Basket", { lines }));
    const report = await reportAfter(program, () =>
      times(50, () => program.push(lines, program.object("Line", {}, 100))),
    );
    assert.match(onlyLeak(report).title, /Array `basket\.lines`, module scope of server\.js/);
  });

  test("are named through the cell that V8 14 puts between a variable and its first value", async () => {
    const program = new SmallProgram("let jobs = [];\n");
    const cell = program.variable("jobs", program.heap.node("hidden", "system / ContextCell", { size: 24 }));
    const jobs = program.array();
    program.heap.hidden(cell, 0, jobs);
    const leak = onlyLeak(
      await reportAfter(program, () => times(60, () => program.push(jobs, program.object("Job", {}, 200)))),
    );
    assert.equal(leak.title, "Array `jobs`, module scope of server.js:1");
    const holder = leak.path.find((step) => step.holder)!;
    assert.equal(holder.words, "variable `jobs`");
  });

  test("are slots whose container is replaced by a larger one: `state.items = [...state.items, item]`", async () => {
    const program = new SmallProgram("const state = {};\n");
    const { heap } = program;
    const state = program.variable("state", program.object("Object"));
    const all: NodeRow[] = [];
    let items: NodeRow | undefined;
    const report = await reportAfter(program, () => {
      if (items !== undefined) program.freeArray(items);
      times(50, () => all.push(program.object("Item", {}, 200)));
      items = program.array();
      program.push(items, ...all);
      heap.property(state, "items", items);
    });
    const leak = onlyLeak(report);
    assert.match(leak.title, /`state\.items`/);
    assert.deepEqual(leak.growth.entryCounts, [50, 100, 150]);
  });

  test("are the slot that a list hangs on from its head: `newest = { older: newest }`", async () => {
    const program = new SmallProgram("let newest;\n");
    const { heap } = program;
    let head: NodeRow | undefined;
    const report = await reportAfter(program, () =>
      times(40, () => {
        const link = program.object("Edit", { text: heap.string("…", { size: 200 }) });
        if (head !== undefined) heap.property(link, "older", head).unlink(program.scope, "newest");
        head = program.variable("newest", link);
      }),
    );
    const leak = onlyLeak(report);
    assert.equal(leak.kind, "linked-list");
    assert.match(leak.title, /`newest`.*`older`/);
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
  });

  test("are the owner of a list that is appended to, not its last link", async () => {
    for (const isDouble of [false, true]) {
      const program = new SmallProgram("const history = new History();\n");
      const { heap } = program;
      const history = program.variable("history", program.object("History"));
      let tail: NodeRow | undefined;
      const report = await reportAfter(program, () =>
        times(40, () => {
          const link = program.object("Edit", { text: heap.string("…", { size: 200 }) });
          if (tail === undefined) heap.property(history, "head", link);
          else {
            heap.property(tail, "next", link);
            if (isDouble) heap.property(link, "previous", tail);
            if (isDouble) heap.unlink(history, "tail");
          }
          if (isDouble) heap.property(history, "tail", link);
          tail = link;
        }),
      );
      const leak = onlyLeak(report);
      assert.match(leak.title, isDouble ? /`history\b/ : /`history\.head`/);
      if (!isDouble) assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
      assert.equal(leak.growth.bytes.length, 2);
      assert.ok(leak.growth.bytes.every((bytes) => bytes >= 40 * 232));
    }
  });

  test("are chains of closures that keep each other through their scopes", async () => {
    const program = new SmallProgram("let theThing;\n");
    const { heap, scope } = program;
    let thing: NodeRow | undefined;
    const report = await reportAfter(program, () =>
      times(30, () => {
        const inner = program.newScope(scope);
        if (thing !== undefined) heap.variable(inner, "originalThing", thing).unlink(scope, "theThing");
        thing = program.variable("theThing", program.object("Object", {}, 500));
        heap.property(thing, "someMethod", program.function("someMethod", inner, 4));
      }),
    );
    const leak = onlyLeak(report);
    assert.equal(leak.kind, "closure-context");
    assert.match(leak.title, /`theThing`/);
    assert.deepEqual(leak.growth.entryCounts, [30, 60, 90]);
  });

  test("are small slots too, beside a large one of the same scope", async () => {
    const program = new SmallProgram("let history, transcript;\n");
    const { heap, scope } = program;
    const older: { history?: NodeRow; transcript?: NodeRow } = {};
    const report = await reportAfter(program, () => {
      for (const [name, size] of [
        ["history", 2000],
        ["transcript", 120],
      ] as const)
        times(30, () => {
          const last = older[name];
          const next = program.object(name === "history" ? "Edit" : "Line", last === undefined ? {} : { last }, size);
          older[name] = program.variable(name, next);
          if (last !== undefined) heap.unlink(scope, name, last);
        });
    });
    assert.deepEqual(
      leaksOf(report).map(({ holder }) => holder.name),
      ["history", "transcript"],
    );
    assert.deepEqual(report.totals.unexplained, [0, 0]);
  });

  test("hold what two places share once, and name the other place", async () => {
    const program = new SmallProgram("const bookings = [];\nconst byRoom = new Map();\n");
    const bookings = program.variable("bookings", program.array());
    const byRoom = program.variable("byRoom", program.map());
    const report = await reportAfter(program, () =>
      times(50, () => {
        const booking = program.object("Booking", { night: program.object("Night", {}, 300) });
        program.push(bookings, booking);
        program.add(byRoom, program.object("Room"), booking);
      }),
    );
    const leaks = leaksOf(report);
    assert.match(`${leaks[0]!.title} ${leaks[0]!.alsoHeldBy}`, /`bookings`/);
    assert.match(`${leaks[0]!.title} ${leaks[0]!.alsoHeldBy}`, /`byRoom`/);
    for (const interval of [0, 1]) {
      const held = sum(leaks.map(({ growth }) => growth.bytes[interval]!));
      assert.ok(held >= 50 * 332 && held <= report.totals.growth[interval]!, `${held}`);
    }
  });

  test("do not count the same bytes twice where several slots of one holder grew", async () => {
    //   scope -state-> Object (new each round) -cache-> Map (the same, grows)
    //         -recent-> Array (new each round, grows)
    const program = new SmallProgram("let state, recent;\n");
    const { heap } = program;
    const cache = program.map();
    const kept: NodeRow[] = [];
    let state: NodeRow | undefined;
    let recent: NodeRow | undefined;
    const report = await reportAfter(program, () => {
      if (state !== undefined) heap.free(state);
      if (recent !== undefined) program.freeArray(recent);
      times(50, () => program.add(cache, program.object("Key"), program.object("Page", {}, 1000)));
      state = program.variable("state", program.object("State", { cache }));
      times(50, () => kept.push(program.object("Visit", {}, 300)));
      recent = program.variable("recent", program.array());
      program.push(recent, ...kept);
    });
    for (const interval of [0, 1]) {
      const { growth, suspects, unexplained } = report.totals;
      assert.ok(suspects[interval]! <= growth[interval]!, `${suspects} of ${growth}`);
      assert.ok(Math.abs(unexplained[interval]!) < 2000, `${unexplained}`);
    }
    assert.ok(leaksOf(report).some(({ title }) => title.includes("Map")));
    assert.ok(leaksOf(report).some(({ title }) => title.includes("`recent`")));
  });
});

suite("holders that grow in step", () => {
  /** A program that keeps a WeakRef of each timer it starts, while a table of Node's keeps timers: those, or others. */
  async function leaksWith(isOwn: boolean): Promise<string[]> {
    const program = new SmallProgram("const refs = [];\n");
    const node = new SmallProgram("", "node:internal/timers", program.heap);
    const refs = program.variable("refs", program.array());
    const pending = node.variable("pending", node.map());
    const report = await reportAfter(program, () =>
      times(40, () => {
        const callback = program.function("poll", program.scope, 1);
        const timer = node.object("Pending", { callback }, 250);
        const ref = program.object("WeakRef", {}, 100);
        if (isOwn) program.heap.weak(ref, "target", timer);
        program.push(refs, ref);
        node.add(pending, node.object("Key"), timer);
      }),
    );
    return leaksOf(report).map(({ title, alsoHeldBy }) => [title, ...alsoHeldBy].join(" and "));
  }

  test("are one finding if they hold the same, two if they only keep the same time", async () => {
    const together = await leaksWith(true);
    assert.equal(together.length, 1);
    assert.match(together[0]!, /`refs`.* and .*`pending`/);
    const apart = await leaksWith(false);
    assert.deepEqual(
      apart.map((title) => title.includes(" and ")),
      [false, false],
    );
  });
});

suite("no suspect", () => {
  test("is a queue in which as many leave as join", async () => {
    const program = new SmallProgram();
    const queue = program.variable("queue", program.array());
    const join = (): void => program.push(queue, program.object("Job", {}, 2000));
    times(10, join);
    const report = await reportAfter(program, () =>
      times(20, () => {
        join();
        program.shift(queue);
      }),
    );
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(report.suspects, []);
  });

  test("is a cache that filled: it is told as settled", async () => {
    const program = new SmallProgram();
    const cache = program.variable("cache", program.map());
    const report = await reportAfter(program, (round) => {
      if (round < 2) times(50, () => program.add(cache, program.object("Key"), program.object("Page", {}, 1000)));
      program.variable(`other${round}`, program.object("Other"));
    });
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(
      report.suspects.map(({ verdict, growth }) => [verdict, growth.entryCounts]),
      [["settled", [50, 100, 100]]],
    );
    assert.ok(report.totals.settled[0]! > 50_000);
  });

  test("is a value that is replaced by another of its size", async () => {
    const program = new SmallProgram();
    let latest: NodeRow | undefined;
    const report = await reportAfter(program, () => {
      if (latest !== undefined) program.heap.free(latest);
      latest = program.variable("latest", program.object("Response", {}, 50_000));
    });
    assert.deepEqual([report.verdict, report.suspects.length], ["no-leak", 0]);
  });

  test("is the value of a WeakMap where its key is held by another: the key's holder is", async () => {
    const program = new SmallProgram("const guests = new Set();\nconst profiles = new WeakMap();\n");
    const { heap } = program;
    const guests = program.variable("guests", program.set());
    const profiles = program.variable("profiles", program.object("WeakMap"));
    const table = heap.array("", { size: 40_000 });
    heap.internal(profiles, "table", table);
    let counter = 0;
    const report = await reportAfter(program, () =>
      times(50, () => {
        const [guest, profile] = [program.object("Guest"), program.object("Profile", {}, 900)];
        program.add(guests, guest);
        const text = `part of key (Guest @${heap.id(guest)}) -> value (Profile @${heap.id(profile)})`;
        const entry = ` / ${text} pair in WeakMap (table @${heap.id(table)})`;
        heap.internal(guest, `${++counter}${entry}`, profile).internal(table, `${++counter}${entry}`, profile);
        heap.weak(table, `${counter}`, guest);
      }),
    );
    const leak = onlyLeak(report);
    assert.match(leak.title, /Set `guests`/);
    assert.ok(leak.growth.bytes.every((bytes) => bytes >= 50 * 900));
  });

  test("is a WeakMap that only notes keys, and several holders keep those", async () => {
    const program = new SmallProgram(
      "const guests = new Set();\nconst names = new Set();\nconst known = new WeakMap();\n",
    );
    const { heap } = program;
    const guests = program.variable("guests", program.set());
    const names = program.variable("names", program.set());
    const known = program.variable("known", program.object("WeakMap"));
    let table: NodeRow | undefined;
    const keys: NodeRow[] = [];
    const report = await reportAfter(program, (round) => {
      times(100, () => {
        const [guest, name] = [program.object("Guest", {}, 300), program.object("Name", {}, 300)];
        program.add(guests, guest);
        program.add(names, name);
        keys.push(guest, name);
      });
      if (table !== undefined) heap.unlink(known, "table").free(table);
      heap.internal(known, "table", (table = heap.array("", { size: 9000 * (round + 1) })));
      for (const [i, key] of keys.entries()) heap.weak(table, `${i}`, key);
    });
    assert.ok(leaksOf(report).every(({ title }) => !title.includes("known")));
    assert.match(leaksOf(report)[0]!.title, /^Set `(?:guests|names)`/);
  });

  test("is what Node registers for the day that something goes, where another keeps that", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const undici = new SmallProgram("function tee() {}\n", "node:internal/deps/undici/undici", heap, 8);
    const registry = undici.variable("streamRegistry", heap.object("FinalizationRegistry", { size: 64 }));
    const responses = program.variable("responses", program.map());
    const report = await reportAfter(program, (round) =>
      times(60, (i) => {
        const response = program.object("Response", {}, 300);
        const cell = heap.node("hidden", "system / WeakCell", { size: 64 });
        heap.internal(registry, `cell${round}.${i}`, cell).weak(cell, "target", response);
        program.add(responses, program.object("Key"), response);
      }),
    );
    assert.deepEqual(
      leaksOf(report).map(({ title }) => title.split(",")[0]),
      ["Map `responses`"],
    );
  });

  test("is what Node registers for the day that something goes, where a queue of that lets go", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const node = new SmallProgram("class Signal {}\n", "node:internal/abort_controller", heap, 8);
    const registry = node.variable("timeouts", heap.object("FinalizationRegistry", { size: 64 }));
    const waiting = program.variable("waiting", program.array());
    let cells: NodeRow[] = [];
    const report = await reportAfter(program, (round) => {
      for (const [i, cell] of cells.entries()) {
        heap.unlink(registry, `cell${round - 1}.${i}`).free(cell);
        program.shift(waiting);
      }
      cells = Array.from({ length: 60 * (round + 1) }, (_, i) => {
        const signal = program.object("Signal", {}, 300);
        const cell = heap.node("hidden", "system / WeakCell", { size: 164 });
        heap.internal(registry, `cell${round}.${i}`, cell).weak(cell, "target", signal);
        program.push(waiting, signal);
        return cell;
      });
    });
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(
      report.suspects.map(({ title, verdict }) => [title.split(",")[0], verdict]),
      [["Array `waiting`", "turnover"]],
    );
  });

  test("is a WeakMap of what is gone: its entries leave holes in the table, and that only grows", async () => {
    const program = new SmallProgram("const profiles = new WeakMap();\n");
    const { heap } = program;
    const profiles = program.variable("profiles", program.object("WeakMap"));
    const hole = heap.node("hidden", "system / Oddball", { size: 48 });
    let table: NodeRow | undefined;
    let holes = 0;
    const report = await reportAfter(program, (round) => {
      if (table !== undefined) heap.unlink(profiles, "table").free(table);
      table = heap.array("", { size: 10_000 + 5_000 * Math.min(round, 1) });
      heap.internal(profiles, "table", table).internal(heap.global(), "hole", hole);
      holes += 50;
      const text = `part of key (system / Oddball @${heap.id(hole)}) -> value (system / Oddball @${heap.id(hole)})`;
      times(holes, (i) => heap.internal(table!, `${i} / ${text} pair in WeakMap (table @${heap.id(table!)})`, hole));
    });
    assert.deepEqual([report.verdict, leaksOf(report)], ["no-leak", []]);
  });

  test("is a hidden class that knows the names of what leaks elsewhere", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const orders = program.variable("orders", program.map());
    const shape = heap.node("object shape", "system / Map", { size: 80 });
    heap.internal(program.main, "map", shape);
    const report = await reportAfter(program, (round) =>
      times(60, (i) => {
        const name = heap.string(`item ${round} ${i}`, { size: 100 });
        const next = heap.node("object shape", "system / Map", { size: 80 });
        const transition = heap.node("object shape", "system / TransitionArray", { size: 40 });
        heap.internal(shape, `transition ${round} ${i}`, transition).internal(transition, "to", next);
        heap.internal(transition, "key", name).internal(next, "key", name);
        const order = program.object("Order", {}, 40);
        heap.internal(order, "map", next);
        program.add(orders, program.object("Key"), order);
      }),
    );
    assert.match(onlyLeak(report).title, /^Map `orders`/);
  });

  test("is V8's own growth, however steady: code, hidden classes, feedback", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const shared = heap.code("hot");
    heap.internal(program.main, "shared", shared);
    const report = await reportAfter(program, (round) => {
      times(50, (i) => {
        heap.internal(shared, `code ${round} ${i}`, heap.code("(bytecode)", { size: 400 }));
        const shape = heap.node("object shape", "system / Map", { size: 80 });
        heap.internal(program.main, `map ${round} ${i}`, shape);
        heap.internal(shape, "key", heap.string(`property ${round} ${i}`, { size: 40 }));
        heap.internal(program.main, `cell ${round} ${i}`, heap.node("hidden", "system / FeedbackCell", { size: 24 }));
      });
      heap.property(heap.global(), `touch${round}`, program.main);
    });
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(report.suspects, []);
    assert.deepEqual(report.totals.engine, [27_200, 27_200]);
    assert.deepEqual(report.totals.unexplained, [0, 0]);
  });

  test("is what V8 noted of a function while it warmed up, and stopped", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const cell = heap.node("hidden", "system / FeedbackCell", { size: 24 });
    heap.internal(heap.subroot("(Builtins)"), "feedback_cell", cell);
    const { suspects } = await reportAfter(program, (round) => {
      times(round === 1 ? 40 : 1, (i) => heap.internal(cell, `${round} ${i}`, program.object("Object", {}, 300)));
    });
    assert.deepEqual(suspects, []);
  });

  test("is a holder that grew by less than was asked for", async () => {
    const run = (minGrowth: number): Promise<LeakReport> => {
      const program = new SmallProgram();
      const config = program.variable("config", program.object("Config"));
      return reportAfter(
        program,
        (round) => times(5, (i) => program.heap.property(config, `x${round}${i}`, program.object("X", {}, 1000))),
        3,
        minGrowth,
      );
    };
    assert.equal((await run(10_000)).verdict, "leak");
    const quiet = await run(10_001);
    assert.equal(quiet.verdict, "no-leak");
    assert.equal(quiet.smallestLeak, 10_001);
    assert.deepEqual(quiet.suspects, []);
    // It has a holder all the same, and nobody denies that it grew.
    assert.equal(quiet.sentence, "nothing grows steadily by 10 kB or more");
    assert.deepEqual(
      [quiet.totals.leftOut, quiet.totals.unexplained],
      [
        [5000, 5000],
        [0, 0],
      ],
    );
  });

  test("is less than what was asked for, and of what gains entries less than a quarter of what is usual, in several intervals", async () => {
    const verdict = async (bytes: number, rounds: number, minGrowth?: number): Promise<string> => {
      const program = new SmallProgram();
      const list = program.variable("list", program.array());
      times(50, () => program.push(list, program.object("X"))); // with room for more
      const report = await reportAfter(
        program,
        () => program.push(list, program.object("X", {}, bytes)),
        rounds,
        minGrowth,
      );
      return report.verdict;
    };
    assert.deepEqual([await verdict(500, 3), await verdict(512, 3)], ["no-leak", "leak"]);
    assert.deepEqual([await verdict(2000, 2), await verdict(4096, 2)], ["no-leak", "grew"]);
    assert.deepEqual([await verdict(2000, 3, 4096), await verdict(2048, 3, 4096)], ["no-leak", "leak"]);
  });

  test("comes of a heap that does not change, even if the least growth asked for is none", async () => {
    for (const rounds of [2, 3]) {
      const program = new SmallProgram();
      program.push(program.variable("list", program.array()), program.object("A"), program.object("B"));
      const report = await reportAfter(
        program,
        (round) => program.heap.shortcut(0, `${round}`, program.main),
        rounds,
        0,
      );
      assert.deepEqual([report.verdict, report.suspects.length], ["no-leak", 0], `${rounds} snapshots`);
    }
  });
});

test("a ring of Node's, of which room alone is known, is no consequence of a leak beside it", async () => {
  const program = new SmallProgram("class FixedCircularBuffer {}\n", "node:internal/fixed_queue");
  const { heap } = program;
  const list = heap.object("Array", { size: 32 });
  const store = heap.array("(object elements)", { size: 2050 * 8 });
  heap.internal(list, "elements", store);
  const empty = heap.node("hidden", "system / Oddball", { size: 40 });
  for (let i = 0; i < 400; i++) heap.element(list, i, empty).internal(store, String(i), empty);
  const buffer = heap.object("FixedCircularBuffer", { size: 32, at: { scriptId: 7, line: 0, column: 0 } });
  heap.property(buffer, "list", list);
  program.variable("events", buffer);
  const server = new SmallProgram("const seen = new Map();\n", "/app/server.js", heap, 8);
  const seen = server.variable("seen", server.map());
  const report = await reportAfter(program, (round) =>
    times(40, (i) => {
      const at = 400 + round * 40 + i;
      const event = program.object("Event", {}, 300);
      heap.element(list, at, event).internal(store, String(at), event);
      server.add(seen, server.object("Key"), server.object("Visit", {}, 100));
    }),
  );
  const told = leaksOf(report).map(({ holder, growth }) => [holder.class, growth.entryWord]);
  assert.deepEqual(told, [
    ["Array", "element slots"],
    ["Map", "entries"],
  ]);
});

test("of many trees that grow so many are looked at as of other holders, and the largest", () => {
  const program = new SmallProgram();
  const roots = Array.from({ length: 300 }, (_, i) => {
    const root = program.object("Leaf");
    program.variable(`owner${i}`, program.object(`Owner${i}`, { root }));
    return root;
  });
  const ends = roots.map((root) => [root]);
  const heaps = heapsAfter(program.heap, 3, () =>
    ends.forEach((leaves, i) => {
      times(3, () => {
        const leaf = program.object("Leaf", {}, 2000 + i);
        program.heap.property(leaves[(leaves.length - 1) >> 1]!, `side${leaves.length % 2}`, leaf);
        leaves.push(leaf);
      });
    }),
  );
  const found = findHolders(growthOver(heaps), { floor: 4096, cycles: null });
  assert.equal(found.length, 200);
  assert.deepEqual([found[0]!.path.expression, found[199]!.path.expression], ["owner299.root", "owner100.root"]);
});

test("of suspects that gain the same the one comes first whose name does, whichever the heap has first", async () => {
  for (const names of [["carts", "orders"] as const, ["orders", "carts"] as const]) {
    const program = new SmallProgram();
    const arrays = names.map((name) => program.variable(name, program.array()));
    const report = await reportAfter(program, () =>
      times(40, () => arrays.forEach((array) => program.push(array, program.object("Entry", {}, 300)))),
    );
    assert.deepEqual(
      leaksOf(report).map(({ title }) => /`(.+)`/.exec(title)![1]),
      ["carts", "orders"],
    );
  }
});

test("a small leak is told beside more holders than are looked at that have gained more, but not each time", async () => {
  const program = new SmallProgram();
  const inboxes = Array.from({ length: 250 }, (_, i) =>
    program.variable(`inbox${"abcde"[i % 5]}${i}`, program.array()),
  );
  const trail = program.variable("trail", program.array());
  const report = await reportAfter(program, (round) => {
    const isBusy = round === 1;
    for (const inbox of inboxes) times(isBusy ? 40 : 1, () => program.push(inbox, program.object("Mail", {}, 300)));
    if (!isBusy) for (const inbox of inboxes) times(2, () => program.shift(inbox));
    times(5, () => program.push(trail, program.object("Step", {}, 300)));
  });
  assert.match(onlyLeak(report).title, /^Array `trail`/);
});
