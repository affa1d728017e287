import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { HeapAnalysis } from "#core/analysis/heap-analysis.js";
import type { Suspect } from "#core/report/leak-report.js";
import { weakMapName } from "#core/suspects/naming/weak-map-name.js";
import { analysed } from "../../../support/analysed.js";
import { addWeakMapEntry } from "../../../support/arbitrary-heap.js";
import { SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, times } from "../../../support/suspects.js";

/** The title of an Array that 300 listeners know by way of its state, and after them whatever `also` makes of that. */
async function titleBehindListeners(also: (program: SmallProgram, state: number) => void): Promise<string> {
  const program = new SmallProgram();
  const [pipes, listeners] = [program.array(), program.array()];
  const state = program.object("ReadableState", { pipes });
  times(300, () => program.push(listeners, program.object("Listener", { state })));
  program.variable("listeners", listeners);
  also(program, state);
  const leak = await leakAfter(program, () => times(40, () => program.push(pipes, program.object("Out", {}, 300))));
  return leak.title;
}

suite("what the program calls an object that many refer to alike", () => {
  test("is the shortest way, though all of them come before it", async () => {
    const title = await titleBehindListeners((program, state) =>
      program.variable("upstream", program.object("Readable", { state })),
    );
    assert.equal(title, "Array `upstream.state.pipes`, module scope of server.js");
  });

  test("is theirs where nothing else names it", async () => {
    const title = await titleBehindListeners((program, state) => program.object("Readable", { state }));
    assert.equal(title, "Array `listeners[…].state.pipes`, module scope of server.js");
  });

  test("is its variable, though one Map has it for many keys", async () => {
    const program = new SmallProgram();
    const [routes, rendered] = [program.map(), program.array()];
    times(300, (i) => program.add(routes, program.heap.string(`/${i}`), rendered));
    program.variable("app", program.object("App", { router: program.object("Router", { routes }) }));
    program.variable("pages", program.object("Pages", { rendered }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(rendered, program.object("Page", {}, 300))),
    );
    assert.match(leak.title, /^Array `pages\.rendered`, /);
  });
});

test("a property whose name is empty is a property, though V8 has it among fields of its own", async () => {
  const program = new SmallProgram();
  const entries = program.array();
  const mounts = program.object("Object");
  program.heap.internal(mounts, "", program.object("Driver", { entries }));
  program.variable("storage", program.object("Storage", { mounts }));
  const leak = await leakAfter(program, () => times(40, () => program.push(entries, program.object("Page", {}, 300))));
  assert.equal(leak.title, "Array `storage.mounts[…].entries`, module scope of server.js");
  assert.ok(leak.path.some(({ words }) => words === 'property `""`'));
});

suite("what the program calls an object that only what is replaced refers to", () => {
  //  marked -defaults-> {} (another each time) -renderer-> {} -rules-> Array -> rule() -context-> scope -own-> renderer
  test("is the way over that, and not by what the object itself keeps", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const marked = program.variable("marked", program.object("Parser"));
    const rules = program.array();
    const renderer = program.object("Object", { rules });
    let defaults: NodeRow | null = null;
    const leak = await leakAfter(program, () => {
      if (defaults !== null) heap.unlink(marked, "defaults").free(defaults);
      defaults = program.object("Object", { renderer });
      heap.property(marked, "defaults", defaults);
      times(40, () => {
        const scope = program.newScope(program.scope);
        heap.variable(scope, "own", renderer);
        program.push(rules, program.function("rule", scope, 2));
      });
    });
    assert.equal(
      leak.title.replace(/, keeps .*/, ""),
      "Array `marked.defaults.renderer.rules`, module scope of server.js",
    );
  });
});

suite("what the program calls an object that several of its files have in a variable", () => {
  const SERVER = "const { bus } = require('./chat');\n";

  /** The leak in a Map that modules have in variables called `bus`; modules of the same heap, in the order given. */
  async function leakIn(...modules: readonly (readonly [file: string, source: string])[]) {
    const programs: SmallProgram[] = [];
    for (const [file, source] of modules) programs.push(new SmallProgram(source, file, programs[0]?.heap));
    const [program] = programs as [SmallProgram];
    const bus = program.map();
    for (const each of programs) each.variable("bus", bus);
    return leakAfter(program, () => times(40, () => program.add(bus, program.object("Job", {}, 300))));
  }

  test("is the variable that declares it, whichever the heap has first", async () => {
    const chat = ["/app/chat.js", "const bus = new Map();\n"] as const;
    for (const modules of [
      [["/app/a.js", SERVER], chat],
      [chat, ["/app/a.js", SERVER]],
    ] as const) {
      const leak = await leakIn(...modules);
      assert.equal(leak.title, "Map `bus`, module scope of chat.js:1");
    }
  });

  test("is the same one in every run where nothing tells", async () => {
    const files = ["/app/b.js", "/app/c.js", "/app/a.js"].map((file) => [file, SERVER] as const);
    const leak = await leakIn(...files);
    assert.equal(leak.title, "Map `bus`, module scope of a.js:1");
    const other = await leakIn(...files.toReversed());
    assert.equal(other.fingerprint, leak.fingerprint);
  });

  test("is the one that declares it among a hundred that do not", async () => {
    const files = Array.from({ length: 100 }, (_, i) => [`/app/${i}.js`, SERVER] as const);
    const leak = await leakIn(...files, ["/app/late.js", "\nvar bus = new Map();\n"]);
    assert.equal(leak.title, "Map `bus`, module scope of late.js:2");
  });
});

suite("what the program calls an object that functions know of", () => {
  /** The title of a list that a function has in a variable, and the program by a way from the top of its file. */
  async function titleOf(variable: string, ...properties: readonly string[]): Promise<string> {
    const program = new SmallProgram("function subscribe() {}\n");
    const observers = program.array();
    const scope = program.newScope(program.scope);
    program.heap.variable(scope, "list", observers);
    program.heap.property(program.main, "end", program.function("end", scope, 1));
    const subject = properties.reduceRight((inner, name) => program.object("Subject", { [name]: inner }), observers);
    program.variable(variable, subject);
    const subscribe = (): void => void program.push(observers, program.object("Subscriber", {}, 300));
    return (await leakAfter(program, () => times(40, subscribe))).title;
  }

  test("is a property of what its file has in a variable", async () => {
    assert.match(await titleOf("route", "observers"), /^Array `route\.observers`, module scope of server\.js/);
  });

  test("is what the function has it in where that is further away", async () => {
    assert.match(await titleOf("app", "router", "observers"), /^Array `list`, scope around end/);
  });
});

suite("what the program calls an object that libraries know of", () => {
  test("is a property of its class rather than by way of a library's WeakMap", async () => {
    const program = new SmallProgram("class Service {}\n", "/app/node_modules/framework/internal.js");
    const { heap } = program;
    const table = heap.array("", { size: 100 });
    const values = program.variable("values", program.object("WeakMap"));
    heap.internal(values, "table", table);
    const key = program.variable("STATIC", program.object("Object"));
    const handlers = program.array();
    const wrapper = program.object("Object", { instance: program.object("Service", { handlers }) });
    addWeakMapEntry(heap, { key, table, value: wrapper, counter: 1 });
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(handlers, program.object("Job", {}, 300))),
    );
    assert.match(leak.title, /^Array `Service\.handlers`/);
    assert.equal(leak.kind, "module-array");
  });

  test("is a property of the program's own class rather than of a library's, or of what a library's function has", async () => {
    for (const isOwn of [true, false]) {
      const program = new SmallProgram("class PriceService {}\n");
      const { heap } = program;
      const library = new SmallProgram("function create() {}\n", "/app/node_modules/rx/index.js", heap, 8);
      const ofClass = (name: string, isIn: SmallProgram): NodeRow =>
        heap.object(name, { size: 32, at: { scriptId: isIn === program ? 7 : 8, line: 0, column: 6 } });
      const observers = program.array();
      const subject = ofClass("Subject", library);
      const service = ofClass("PriceService", isOwn ? program : library);
      heap.property(subject, "observers", observers).property(service, "prices", subject);
      const scope = library.newScope(library.scope);
      heap.variable(scope, "instance", program.object("Controller", { service }));
      heap.property(library.main, "handler", library.function("handler", scope, 1));
      const leak = await leakAfter(program, () =>
        times(40, () => program.push(observers, program.object("Subscriber", {}, 300))),
      );
      assert.match(
        leak.title,
        isOwn ? /^Array `PriceService\.prices\.observers`, class in server\.js:1/ : /^Array `instance\.service\.prices/,
      );
    }
  });

  test("is what the program has in a variable rather than what a library calls a function of its", async () => {
    const program = new SmallProgram("function start() {\n  const api = create();\n  return () => api;\n}\n");
    const { heap } = program;
    const library = new SmallProgram("function wrap() {}\n", "/app/node_modules/client/index.js", heap, 8);
    const inner = program.newScope(program.scope);
    program.variable("later", program.function("later", inner, 3));
    const wrap = library.function("wrap", library.scope, 1);
    heap.variable(inner, "api", wrap);
    const handlers = program.array();
    heap.property(wrap, "request", program.object("Object", { handlers }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(handlers, program.object("Handler", {}, 300))),
    );
    assert.match(leak.title, /^Array `api\.request\.handlers`, scope .* in server\.js/);
  });

  test("is a WeakMap's value by the name of that, but none that may be of users' data", async () => {
    for (const [properties, told] of [
      [["alice@example.com"], "WeakMap.get(key)"],
      [["tenants", "alice@example.com", "byKey"], "byKey.get(key)"],
    ] as const) {
      const program = new SmallProgram();
      const { heap } = program;
      const table = heap.array("", { size: 100 });
      const values = heap.object("WeakMap");
      heap.internal(values, "table", table);
      program.variable(
        "registry",
        program.object("Object", Object.fromEntries(properties.map((name) => [name, values]))),
      );
      const jobs = program.array();
      addWeakMapEntry(heap, { key: program.variable("key", program.object("Object")), table, value: jobs, counter: 1 });
      const leak = await leakAfter(program, () => times(40, () => program.push(jobs, program.object("Job", {}, 300))));
      assert.ok(leak.title.startsWith(`Array \`${told}\``), leak.title);
    }
  });

  test("is looked for once of a WeakMap, though all objects of a store may be its keys", () => {
    const { heap, ...program } = new SmallProgram();
    const table = heap.array("", { size: 100 });
    const values = heap.object("WeakMap");
    heap.internal(values, "table", table);
    heap.variable(program.scope, "dependencies", values);
    const known = analysed(heap);
    let looks = 0;
    const nodeId = Object.assign(known.graph.nodeId.slice(), { indexOf: (id: number) => (looks++, known.graph.nodeId.indexOf(id)) }); // prettier-ignore
    const asked: HeapAnalysis = Object.create(known, { graph: { value: { ...known.graph, nodeId } } });
    const names = [1, 2, 3].map(() => weakMapName(asked, heap.id(table)));
    assert.deepEqual([names, looks], [["dependencies", "dependencies", "dependencies"], 1]);
  });

  test("is what a function has it in rather than what one of its methods does, which is `this`", async () => {
    const program = new SmallProgram("function limit() {}\n", "/app/node_modules/limit/index.js");
    const { heap } = program;
    const current = program.map();
    const store = program.object("MemoryStore", { current });
    const [init, limit] = [program.newScope(program.scope), program.newScope(program.scope)];
    heap.variable(init, "this", store).variable(limit, "config", program.object("Object", { store }));
    for (const [name, scope] of [
      ["tick", init],
      ["handle", limit],
    ] as const)
      heap.property(program.main, name, program.function(name, scope, 1));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(current, program.object("Key"), program.object("Hits", {}, 300))),
    );
    assert.match(leak.title, /^Map `config\.store\.current`, scope/);
  });

  test("is what leads there from a variable of the program's rather than what a library's function calls it", async () => {
    const program = new SmallProgram("const pool = new Pool();\n");
    const { heap } = program;
    const driver = new SmallProgram("function connect() {}\n", "/app/node_modules/driver/index.js", heap, 8);
    const statements = program.map();
    const [clients, connection] = [program.array(), program.object("Connection", { statements })];
    program.push(clients, program.object("Client", { connection }));
    program.variable("pool", program.object("Pool", { clients }));
    const connect = driver.newScope(driver.scope);
    heap.variable(connect, "con", connection);
    heap.property(program.main, "onerror", driver.function("onerror", connect, 1));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(statements, program.object("Key"), program.object("Text", {}, 300))),
    );
    assert.match(leak.title, /^Map `pool\.clients\[…\]\.connection\.statements`, module scope/);
  });

  test("is a global of Node's rather than a library's variable for it", async () => {
    for (const file of ["node:internal/bootstrap/switches/is_main_thread", "/app/streams.js"]) {
      const program = new SmallProgram("let stderr;\n", file);
      const { heap } = program;
      const close = program.array();
      const stderr = program.object("Socket", { _events: program.object("Object", { close }) });
      program.variable("stderr", stderr);
      const library = new SmallProgram("const stream = process.stderr;\n", "/app/node_modules/debug/node.js", heap, 8);
      library.variable("stream", stderr);
      const leak = await leakAfter(program, () => times(40, () => program.push(close, program.object("Job", {}, 300))));
      assert.equal(
        leak.title,
        `listeners of "close" on ${file.startsWith("node:") ? "`process.stderr`, a global" : "`stderr`, module scope of streams.js:1"}`,
      );
    }
  });

  test("is a longer way from the program's variable rather than what a minifier calls it in a library", async () => {
    for (const name of ["t", "table", "_this"]) {
      const program = new SmallProgram("const stock = observable();\n");
      const { heap } = program;
      const library = new SmallProgram("function observe() {}\n", "/app/node_modules/mobx/mobx.min.js", heap, 8);
      const data = program.map();
      const table = program.object("Object", { data });
      const values = program.object("Object", { levels: program.object("Object", { table }) });
      const state = program.object("Object", { values });
      program.variable("stock", program.object("Object", { store: program.object("Object", { state }) }));
      const scope = library.newScope(library.scope);
      heap.variable(scope, name, table);
      heap.property(library.main, "observe", library.function("observe", scope, 1));
      const leak = await leakAfter(program, () =>
        times(40, () => program.add(data, program.object("Key"), program.object("Level", {}, 300))),
      );
      assert.match(
        leak.title,
        name === "table" ? /^Map `table\.data`/ : /^Map `stock\.store\.state\.values\.levels\.table\.data`/,
      );
    }
  });

  test("has the names that a module exports, though V8 has them in a table, if functions are among them", async () => {
    for (const [has, title] of [
      ["functions", "Map `winston.loggers.all`, module scope of server.js:1"],
      ["data", "Map `winston[…].all`, module scope of server.js:1"],
    ] as const) {
      const program = new SmallProgram("const winston = require('winston');\n");
      const { heap } = program;
      const all = program.map();
      const exported = program.object("Object", { loggers: program.object("Container", { all }) });
      if (has === "functions") heap.property(exported, "createLogger", program.function("create", program.scope, 1));
      heap.property(exported, "__proto__", program.object("Object"));
      heap.internal(exported, "properties", heap.array("(object properties)"));
      heap.property(program.main, "module", program.object("Module", { exports: exported }));
      program.variable("winston", exported);
      const leak = await leakAfter(program, () =>
        times(40, () => program.add(all, program.object("Key"), program.object("Logger", {}, 300))),
      );
      assert.equal(leak.title, title);
    }
  });

  test("is its class rather than what a function of Node's calls it inside", async () => {
    const program = new SmallProgram("function WritableState(stream) {}\n", "node:internal/streams/writable");
    const { heap } = program;
    const close = program.array();
    const socket = program.object("Socket", { _events: program.object("Object", { close }) });
    const inner = program.newScope(program.scope);
    heap.variable(inner, "stream", socket);
    heap.property(program.main, "onwrite", program.function("onwrite", inner, 1));
    const leak = await leakAfter(program, () => times(40, () => program.push(close, program.object("Job", {}, 300))));
    assert.match(leak.title, /^listeners of "close" on `Socket`/);
  });
});

suite("what the program calls an object that a function is bound to", () => {
  const leaking = async (keep: (program: SmallProgram, listeners: NodeRow) => void): Promise<Suspect> => {
    const program = new SmallProgram("const [user, setUser] = signal();\n");
    const listeners = program.array();
    keep(program, listeners);
    return leakAfter(program, () => times(40, () => program.push(listeners, program.object("Effect", {}, 300))));
  };

  test("is a property of what its `this` is, and no static of a function", async () => {
    const leak = await leaking((program, listeners) => {
      const bound = program.heap.closure("native_bind", { size: 24 });
      program.heap.internal(bound, "bound_this", program.object("Object", { listeners }));
      program.variable("user", bound);
    });
    assert.equal(leak.title, "Array `user[[BoundThis]].listeners`, module scope of server.js:1");
    assert.ok(leak.path.some(({ words }) => words === "the `this` that it is bound to"));
    assert.equal(leak.kind, "module-array");
  });

  test("is rather the class that it is of than a long way through functions that are bound", async () => {
    const program = new SmallProgram();
    const rooms = program.map();
    const close = program.heap.closure("native_bind", { size: 24 });
    program.heap.internal(close, "bound_this", program.object("Rooms", { rooms }));
    const engine = program.object("Engine", { _events: program.object("Object", { close }) });
    program.variable("app", program.object("App", { io: program.object("Object", { engine }) }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(rooms, program.object("Key"), program.object("Room", {}, 300))),
    );
    assert.equal(leak.title, "Map `Rooms.rooms`");
  });

  test("is one of its arguments", async () => {
    const leak = await leaking((program, listeners) => {
      const bound = program.heap.closure("native_bind", { size: 24 });
      const bindings = program.heap.array("(bound arguments)", { size: 32 });
      program.heap.internal(bound, "bindings", bindings).internal(bindings, "1", listeners);
      program.variable("setUser", bound);
    });
    assert.equal(leak.title, "Array `setUser[[BoundArgs]][1]`, module scope of server.js:1");
    assert.ok(leak.path.some(({ words }) => words === "argument 2 that it is bound to"));
  });
});
