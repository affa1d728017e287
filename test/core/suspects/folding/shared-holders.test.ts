import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addWeakMapEntry } from "../../../support/arbitrary-heap.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leaksOf, times } from "../../../support/suspects.js";

suite("two holders of the same objects", () => {
  test("are one leak that names both, and which comes first is up to their names", async () => {
    for (const isMapFirst of [false, true]) {
      const program = new SmallProgram();
      const [list, index] = isMapFirst ? ["byRoom", "allBookings"] : ["allBookings", "byRoom"];
      const bookings = program.variable(list, program.array());
      const rooms = program.variable(index, program.map());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const booking = program.object("Booking", {}, 300);
          program.push(bookings, booking);
          program.add(rooms, program.heap.string("room"), booking);
        }),
      );
      assert.match(leak.title, /`allBookings`/);
      assert.equal(leak.alsoHeldBy.length, 1);
      assert.match(leak.alsoHeldBy[0]!, /`byRoom`/);
    }
  });

  test("are all told where there are four of them, whichever of them comes first", async () => {
    const program = new SmallProgram();
    const lists = ["orders4", "orders3", "orders2", "orders1"].map((name) => program.variable(name, program.array()));
    const leak = await leakAfter(program, () =>
      times(200, () => {
        const order = program.object("Order", {}, 300);
        for (const list of lists) program.push(list, order);
      }),
    );
    assert.match(leak.title, /`orders1`/);
    assert.deepEqual(leak.alsoHeldBy.map((title) => /`(\w+)`/.exec(title)![1]).sort(), [
      "orders2",
      "orders3",
      "orders4",
    ]);
  });

  test("are told by the one that a variable leads to, not by one behind what they hold", async () => {
    const program = new SmallProgram();
    const [ofState, ofAtom] = [program.array(), program.array()];
    const state = program.object("State", { values: program.object("Values", { observers: ofState }) });
    program.variable("catalog", program.object("Catalog", { state }));
    const atom = program.object("Atom", { observers: ofAtom });
    const add = (): number => {
      const reaction = program.object("Reaction", { atom }, 300);
      program.push(ofState, reaction);
      program.push(ofAtom, reaction);
      return reaction;
    };
    program.variable("last", add());
    const leak = await leakAfter(program, () => times(200, add));
    assert.match(leak.title, /^Array `catalog\.state\.values\.observers`/);
    assert.match(leak.alsoHeldBy[0]!, /^Array `last\.atom\.observers`/);
  });

  test("are told by the program's variable, not by a library's, however short its name is", async () => {
    const program = new SmallProgram();
    const library = new SmallProgram("function main() {}\n", "/app/node_modules/orm/index.js", program.heap, 8);
    const [identities, rows] = [library.variable("all", library.array()), program.array()];
    program.variable("report", program.object("Report", { page: program.object("Page", { rows }) }));
    const leak = await leakAfter(program, () =>
      times(200, () => {
        const row = program.object("Row", {}, 300);
        program.push(rows, row);
        library.push(identities, row);
      }),
    );
    assert.match(leak.title, /^Array `report\.page\.rows`/);
    assert.match(leak.alsoHeldBy[0]!, /^Array `all`/);
  });

  test("are told by the one that has them, not by a list of what they are called, however short its name is", async () => {
    const program = new SmallProgram();
    const [names, bundles] = [program.array(), program.map()];
    program.variable("texts", program.object("Texts", { names, data: program.object("Data", { en: bundles }) }));
    const leak = await leakAfter(program, () =>
      times(200, (i) => {
        const name = program.heap.string(`tenant ${i}`);
        program.push(names, name);
        program.add(bundles, name, program.object("Bundle", {}, 60));
      }),
    );
    assert.match(leak.title, /^Map `texts\.data\.en`/);
    assert.match(leak.alsoHeldBy[0]!, /^Array `texts\.names`/);
  });

  test("are told by the one that stays, not by its copy that is a new one each time", async () => {
    const program = new SmallProgram();
    const [all, subject] = [program.array(), program.object("Subject")];
    program.variable("prices", subject);
    program.heap.property(subject, "observers", all).property(subject, "current", program.array());
    const added: number[] = [];
    const leak = await leakAfter(program, () => {
      times(40, () => added.push(program.object("Observer", {}, 300)));
      program.push(all, ...added.slice(-40));
      const copy = program.array();
      program.push(copy, ...added);
      program.heap.unlink(subject, "current").property(subject, "current", copy);
    });
    assert.match(leak.title, /^Array `prices\.observers`/);
    assert.match(leak.alsoHeldBy[0]!, /`prices\.current`/);
  });

  test("are told by the one that keeps them, not by the WeakMap that only knows of them", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const proxies = program.variable("proxies", program.object("WeakMap"));
    const table = heap.array("", { size: 100 });
    heap.internal(proxies, "table", table);
    const subscribers = program.array();
    program.variable("theme", program.object("Ref", { dep: program.object("Dep", { subscribers }) }));
    const leak = await leakAfter(program, (round) => {
      heap.resize(table, 4000 * (round + 1));
      times(40, (i) => {
        const key = program.object("Props", {}, 300);
        addWeakMapEntry(heap, { key, table, value: program.object("Proxy"), counter: round * 40 + i + 1 });
        program.push(subscribers, program.object("Watcher", { key }));
      });
    });
    assert.match(leak.title, /^Array `theme\.dep\.subscribers`/);
    assert.deepEqual(leak.growth.entries, [40, 40]);
  });

  test("are told by the timers that keep them, armed anew each time, not by the WeakMap that knows of them", async () => {
    const program = new SmallProgram("function poll() {}\n");
    const { heap } = program;
    const list = program.object("TimersList");
    const lists = new SmallProgram("", "node:internal/timers", heap).variable("timerListMap", program.object("Object"));
    heap.element(lists, 250, list);
    const handlers = program.variable("handlers", program.object("WeakMap"));
    const table = heap.array("", { size: 100 });
    heap.internal(handlers, "table", table);
    const pages: number[] = [];
    let timers: number[] = [];
    const leak = await leakAfter(program, (round) => {
      heap.resize(table, 4000 * (round + 1));
      times(40, (i) => {
        const [key, page] = [program.object("Storage"), program.object("Page", {}, 300)];
        heap.property(page, "storage", key);
        addWeakMapEntry(heap, { key, table, value: program.object("Handler", { page }), counter: round * 40 + i + 1 });
        pages.push(page);
      });
      heap.unlink(list, "_idleNext");
      for (const timer of timers) heap.free(timer);
      timers = pages.map((page) => {
        const scope = program.newScope(program.scope);
        heap.variable(scope, "page", page);
        return program.object("Timeout", { _onTimeout: program.function("poll", scope, 1) }, 80);
      });
      [list, ...timers.slice(0, -1)].forEach((each, i) => heap.property(each, "_idleNext", timers[i]!));
    });
    assert.match(leak.title, /^timers calling `poll`/);
    assert.deepEqual(leak.growth.entries, [40, 40]);
  });

  test("are told by the one that keeps them, not by the WeakSet that notes them and adds nothing but room", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const seen = program.variable("seen", program.object("WeakSet"));
    const table = heap.array("", { size: 4000 });
    heap.internal(seen, "table", table);
    const schemas = program.variable("schemas", program.array());
    const leak = await leakAfter(program, (round) => {
      heap.resize(table, 8000 * (round + 1));
      times(40, (i) => {
        const part = program.object("Part", {}, 100);
        heap.weak(table, String(round * 40 + i), part);
        program.push(schemas, program.object("Schema", { part }, 300));
      });
    });
    assert.match(leak.title, /^Array `schemas`/);
    assert.deepEqual(leak.alsoHeldBy, []);
  });

  test("are two leaks where the program has nothing but the name of what Node keeps", async () => {
    const program = new SmallProgram("function init() {}\n");
    const hooks = new SmallProgram("", "node:internal/async_hooks", program.heap, 8).variable("hooks", program.array());
    const names = program.variable("names", program.array());
    const report = await reportAfter(program, () =>
      times(100, (i) => {
        const name = program.heap.string(`request ${i}`);
        const scope = program.newScope(program.scope);
        program.heap.variable(scope, "name", name);
        program.push(names, name);
        program.push(hooks, program.object("AsyncHook", { init: program.function("init", scope, 1) }, 300));
      }),
    );
    assert.deepEqual(
      leaksOf(report).map(({ title }) => /`(\w+)`/.exec(title)![1]),
      ["hooks", "names"],
    );
  });

  test("are two leaks where the program has one of them in the store of an AsyncLocalStorage", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const hooks = new SmallProgram("class AsyncResource {}\n", "node:async_hooks", heap, 8);
    const prices = program.array();
    const resource = program.object("AsyncResource", {
      "<symbol kResourceStore>": program.object("Object", { prices }),
      constructor: hooks.function("AsyncResource", hooks.scope, 1),
    });
    heap.internal(heap.subroot("(Global handles)"), "1", resource);
    const orders = program.variable("orders", program.array());
    const report = await reportAfter(program, () =>
      times(100, () => {
        program.push(prices, heap.string("price", { size: 80 }));
        program.push(orders, program.object("Order", {}, 300));
      }),
    );
    assert.deepEqual(
      leaksOf(report).map(({ title }) => /`(.+?)`/.exec(title)![1]),
      ["orders", "AsyncResource[kResourceStore].prices"],
    );
  });

  test("are told by what a module has, not by a variable of a call, however short its name is", async () => {
    const program = new SmallProgram("function computer() {}\n");
    const indices = program.map();
    program.variable("registry", program.object("Registry", { indices }));
    const scope = program.newScope(program.scope);
    const cache = program.map();
    program.heap.variable(scope, "cache", cache);
    program.heap.property(program.main, "compute", program.function("compute", scope, 1));
    const leak = await leakAfter(program, () =>
      times(200, (i) => {
        const name = program.heap.string(`style ${i}`, { size: 200 });
        program.add(indices, name, program.heap.string("1"));
        program.add(cache, name, program.heap.string("2"));
      }),
    );
    assert.match(leak.title, /^Map `registry\.indices`/);
    assert.match(leak.alsoHeldBy[0]!, /^Map `cache`/);
  });

  test("are told without what Node registers for the day that they go", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const undici = new SmallProgram("function fetch() {}\n", "node:internal/deps/undici/undici", heap, 8);
    const registry = undici.variable("requestFinalizer", heap.object("FinalizationRegistry", { size: 64 }));
    const requests = program.variable("requests", program.array());
    const leak = await leakAfter(program, () =>
      times(60, () => {
        const signal = program.object("AbortSignal", {}, 300);
        const request = program.object("Request", { signal }, 100);
        const cell = heap.node("hidden", "system / WeakCell", { size: 64 });
        heap.internal(registry, `cell${cell}`, cell).weak(cell, "target", request).internal(cell, "holdings", signal);
        program.push(requests, request);
      }),
    );
    assert.match(leak.title, /^Array `requests`/);
    assert.ok(leak.growth.bytes[0]! > 60 * 400);
    assert.deepEqual(leak.alsoHeldBy, []);
  });
});
