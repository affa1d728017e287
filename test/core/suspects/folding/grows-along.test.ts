import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { keepsPace } from "#core/suspects/folding/grows-along.js";
import type { Finding } from "#core/suspects/growth/finding.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

const LIBRARY = "/app/node_modules/validator/lib/core.js";

/** Two tables of one file, of which the second gains so many entries for each that the first gains. */
function twoTables(file: string, many = 1): Promise<LeakReport> {
  const program = new SmallProgram("function main() {}\n", file);
  const schemas = program.variable("schemas", program.array());
  const functions = program.variable("functions", program.array());
  return reportAfter(program, () =>
    times(40, () => {
      program.push(schemas, program.object("Schema", {}, 500));
      times(many, () => program.push(functions, program.object("Validate", {}, 200)));
    }),
  );
}

suite("tables of one library that gain as many entries each time", () => {
  test("are one finding, named by the largest", async () => {
    const report = await twoTables(LIBRARY);
    const leak = onlyLeak(report);
    assert.match(leak.title, /^Array `schemas`/);
    assert.deepEqual(leak.alsoHeldBy, []);
    assert.equal(leak.growAlong.length, 1);
    assert.match(leak.growAlong[0]!, /^Array `functions`/);
    const { growth, suspects } = report.totals;
    assert.ok(
      suspects.every((bytes, i) => bytes > growth[i]! * 0.9),
      "both count for it",
    );
  });

  test("are one finding also where one of them is in a global, of a class of the library's", async () => {
    for (const isLibrarys of [true, false]) {
      const program = new SmallProgram("class Storage {}\nfunction main() {}\n", LIBRARY);
      const { heap } = program;
      const classes = program.variable("classes", program.array());
      const metadata = program.array();
      const storage = heap.object("Storage", {
        size: 32,
        ...(isLibrarys && { at: { scriptId: 7, line: 0, column: 0 } }),
      });
      heap.property(heap.global(), "validatorStorage", storage).property(storage, "metadata", metadata);
      const report = await reportAfter(program, () =>
        times(40, () => {
          program.push(classes, program.object("Class", {}, 500));
          program.push(metadata, program.object("Metadata", {}, 200));
        }),
      );
      assert.equal(leaksOf(report).length, isLibrarys ? 1 : 2);
    }
  });

  test("are two where one gains more than the other", async () => {
    assert.equal(leaksOf(await twoTables(LIBRARY, 2)).length, 2);
  });

  test("are two where they are the program's own", async () => {
    assert.equal(leaksOf(await twoTables("/app/lib/core.js")).length, 2);
  });
});

/** A client of a library's with a cache: entities by id, and in scopes of the library what depends on them. */
function entityCache({ isOfLibrary = true, gain = (_round: number): number => 80 } = {}): Promise<LeakReport> {
  const program = new SmallProgram("const client = new Client();\nfunction main() {}\n");
  const { heap } = program;
  const script = heap.code("system / Script");
  heap.internal(script, "name", heap.string(LIBRARY)).internal(script, "source", heap.string("class Client {}"));
  const method = (name: string, scope: NodeRow, line: number): NodeRow => {
    const shared = heap.code(name);
    const closure = heap.closure(name, { size: 64, at: { scriptId: 9, line, column: 0 } });
    heap.internal(shared, "script", script).internal(closure, "shared", shared).internal(closure, "context", scope);
    return closure;
  };
  const scope = program.newScope(program.newScope());
  const depsByKey = program.map();
  heap.variable(scope, "depsByKey", depsByKey);
  const entities = program.map();
  const data = program.object("Root", { entities, depend: method("depend", scope, 40) });
  const cache = program.object("Cache", { data });
  const client = heap.object("Client", { size: 32, at: { scriptId: isOfLibrary ? 9 : 7, line: 0, column: 0 } });
  program.variable("client", client);
  heap.property(client, "cache", cache);
  return reportAfter(program, (round) => {
    times(40, (i) => program.add(entities, heap.string(`u${round}-${i}`), program.object("User", {}, 100)));
    times(gain(round), (i) => program.add(depsByKey, heap.string(`d${round}-${i}`), program.object("Dep", {}, 200)));
  });
}

suite("tables of one object of a library's that keep pace", () => {
  test("are one finding, named by what the program itself can reach", async () => {
    const leak = onlyLeak(await entityCache());
    assert.match(leak.title, /^Map `client\.cache\.data\.entities`, module scope of server\.js/);
    assert.deepEqual(leak.growth.entries, [40, 40]);
    assert.equal(leak.growAlong.length, 1);
    assert.match(leak.growAlong[0]!, /^Map `depsByKey`, scope .*, made for `client\.cache\.data` of server\.js/);
  });

  test("are two where they do not", async () => {
    assert.equal(leaksOf(await entityCache({ gain: (round) => 80 - 20 * round })).length, 2);
  });

  test("are two where the object is of a class of the program's", async () => {
    assert.equal(leaksOf(await entityCache({ isOfLibrary: false })).length, 2);
  });

  test("keep it whatever the one gains for each of the other: 1 / 49 is no number of a computer's", () => {
    const gaining = (each: number): Finding =>
      ({ judgement: "growing", entries: { counts: [0, each, 3 * each], word: "entries" } }) as unknown as Finding;
    for (let each = 1; each < 100; each++) assert.ok(keepsPace(gaining(1), gaining(each)), `1 and ${each}`);
    assert.ok(!keepsPace(gaining(1), { ...gaining(49), entries: { counts: [0, 49, 148], word: "entries" } }));
  });
});

/** A list behind a proxy, whose handler's functions call one that shares its scope with what is known of each entry. */
function behindProxy(gain = (_round: number): number => 40): Promise<LeakReport> {
  const program = new SmallProgram("const state = watched([]);\nfunction main() {}\n");
  const { heap } = program;
  const script = heap.code("system / Script");
  heap.internal(script, "name", heap.string("/app/node_modules/watched/index.js"));
  heap.internal(script, "source", heap.string("function watched() {}"));
  const method = (name: string, scope: NodeRow, line: number): NodeRow => {
    const shared = heap.code(name);
    const closure = heap.closure(name, { size: 64, at: { scriptId: 9, line, column: 0 } });
    heap.internal(shared, "script", script).internal(closure, "shared", shared).internal(closure, "context", scope);
    return closure;
  };
  const [module, call, handlers] = [program.newScope(), program.newScope(), program.newScope()];
  heap.unlink(call, "previous").internal(call, "previous", module);
  heap.unlink(handlers, "previous").internal(handlers, "previous", module);
  const watchers = program.map();
  heap.variable(call, "watchers", watchers);
  heap.variable(handlers, "notify", method("notify", call, 4));
  const list = program.array();
  const proxy = heap.node("hidden", "system / JSProxy", { size: 32 });
  const handler = program.object("Object", { set: method("set", handlers, 9) });
  heap.hidden(proxy, 1, list).hidden(proxy, 2, handler);
  program.variable("state", proxy);
  return reportAfter(program, (round) => {
    times(40, () => program.push(list, program.object("Event", {}, 100)));
    times(gain(round), (i) => program.add(watchers, heap.string(`${round}-${i}`), program.object("Watcher", {}, 300)));
  });
}

suite("what a library keeps of each entry of an object", () => {
  test("is one finding with the object, named by that", async () => {
    const leak = onlyLeak(await behindProxy());
    assert.match(leak.title, /^Array `state`, module scope of server\.js/);
    assert.match(leak.growAlong[0]!, /^Map `watchers`, scope .*, made for `state` of server\.js/);
  });

  test("is one finding also where it gains half as much again: whose methods a library made is an object of its", async () => {
    assert.match(onlyLeak(await behindProxy(() => 60)).title, /^Array `state`/);
  });

  test("is another where it gains unlike it, and told with whom its scope is for", async () => {
    const leaks = leaksOf(await behindProxy((round) => 160 - 40 * round)).map(({ title }) => title);
    assert.deepEqual(leaks.length, 2);
    assert.match(leaks[0]!, /^Map `watchers`, scope .*, made for `state` of server\.js/);
  });
});

/** An object of a library's with two tables, of which the second gains twice as many entries unless told otherwise. */
function twoFields(
  names: readonly [string, string],
  { isOfLibrary = true, isOfClass = true, areCallbacks = false, many = 80 } = {},
): Promise<LeakReport> {
  const program = new SmallProgram("const pages = new Cache();\nfunction main() {}\n");
  const { heap } = program;
  const script = heap.code("system / Script");
  heap.internal(script, "name", heap.string(LIBRARY)).internal(script, "source", heap.string("class Cache {}"));
  const shared = heap.code("get");
  const method = heap.closure("get", { size: 64, at: { scriptId: 9, line: 1, column: 0 } });
  heap.internal(shared, "script", script).internal(method, "shared", shared);
  const [one, other] = [program.map(), program.map()];
  const at = isOfClass ? { at: { scriptId: isOfLibrary ? 9 : 7, line: 0, column: 0 } } : {};
  const pages = heap.object(isOfClass ? "Cache" : "Object", { size: 32, ...at });
  program.variable("pages", pages);
  for (const [name, table] of [
    [names[0], one],
    [names[1], other],
  ] as const) {
    const [field, ...rest] = name.split(".").reverse();
    const owner = rest.length === 0 ? pages : program.object("Part");
    if (owner !== pages) heap.property(pages, rest[0]!, owner);
    heap.property(owner, field!, table);
  }
  heap.property(pages, "get", method);
  return reportAfter(program, (round) => {
    times(40, (i) => program.add(one, heap.string(`k${round}-${i}`), program.object("Page", {}, 200)));
    const key = (): NodeRow =>
      areCallbacks ? program.function("onPage", program.newScope(), 1) : program.object("Key");
    times(many, (i) => program.add(other, heap.string(`d${round}-${i}`), key()));
  });
}

suite("fields of one object of a library's that keep pace", () => {
  test("are one finding", async () => {
    const leak = onlyLeak(await twoFields(["values", "keys"]));
    assert.match(leak.title, /^Map `pages\.values`/);
    assert.match(leak.growAlong[0]!, /^Map `pages\.keys`/);
  });

  test("are one finding in the library's own file, too, if it is the very same object", async () => {
    for (const isSame of [true, false]) {
      const program = new SmallProgram("class Cache {}\nfunction main() {}\n", LIBRARY);
      const { heap } = program;
      const cache = (fields: Record<string, NodeRow>): NodeRow => {
        const made = heap.object("Cache", { size: 32, at: { scriptId: 7, line: 0, column: 0 } });
        for (const [name, field] of Object.entries(fields)) heap.property(made, name, field);
        return made;
      };
      const [values, keys] = [program.map(), program.map()];
      const caches = isSame ? [cache({ values, keys })] : [cache({ values }), cache({ keys })];
      for (const each of caches) {
        const scope = program.newScope(program.scope);
        heap.variable(scope, "documents", each).property(program.main, `get${each}`, program.function("get", scope, 2));
      }
      const report = await reportAfter(program, (round) => {
        times(40, (i) => program.add(values, heap.string(`k${round}-${i}`), program.object("Page", {}, 200)));
        times(80, (i) => program.add(keys, heap.string(`d${round}-${i}`), program.object("Key")));
      });
      assert.equal(leaksOf(report).length, isSame ? 1 : 2);
    }
  });

  test("are two where they belong to different parts of it, or the object is the program's own", async () => {
    assert.equal(leaksOf(await twoFields(["cache.values", "link.keys"])).length, 2);
    assert.equal(leaksOf(await twoFields(["values", "keys"], { isOfLibrary: false })).length, 2);
  });

  test("are one finding where it is of no class, has nothing but methods of the library's, and both gain as many", async () => {
    const plain = { isOfClass: false, many: 40 };
    assert.match(onlyLeak(await twoFields(["values", "keys"], plain)).title, /^Map `pages\.values`/);
    assert.equal(leaksOf(await twoFields(["values", "keys"], { ...plain, many: 80 })).length, 2);
    assert.equal(leaksOf(await twoFields(["values", "keys"], { isOfLibrary: false, many: 40 })).length, 2);
  });

  test("are two where one of them is of the program's callbacks", async () => {
    assert.equal(leaksOf(await twoFields(["values", "listeners"], { areCallbacks: true })).length, 2);
  });
});

test("what a list has of its entries in a property is one finding with it, and not what an entry has", async () => {
  for (const isProperty of [true, false]) {
    const program = new SmallProgram("const events = [];\nfunction main() {}\n");
    const { heap } = program;
    const events = program.variable("events", program.array());
    const asked = program.map();
    if (isProperty) heap.property(events, "asked", asked);
    else program.push(events, asked);
    const report = await reportAfter(program, () =>
      times(40, () => {
        program.push(events, program.object("Event", {}, 500));
        program.add(asked, heap.string("key"), program.object("Signal", {}, 200));
      }),
    );
    assert.equal(leaksOf(report).length, isProperty ? 1 : 2);
    assert.match(leaksOf(report)[0]!.title, /^Array `events`/);
  }
});
