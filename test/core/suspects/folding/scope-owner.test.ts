import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Suspect } from "@leakdiff/core";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

const SOURCE = "const audit = on(shop);\nfunction main() {}\n";

/** What `on` of node:events returns: its functions share a scope, in which a queue has the events that nobody read. */
function unreadEvents(hold: (program: SmallProgram, iterator: NodeRow) => void): Promise<Suspect> {
  const program = new SmallProgram(SOURCE);
  const { heap } = program;
  const script = heap.code("system / Script");
  heap.internal(script, "name", heap.string("node:events")).internal(script, "source", heap.string("function on() {}"));
  const scope = program.newScope(program.newScope());
  const shared = heap.code("next");
  const next = heap.closure("next", { size: 64, at: { scriptId: 9, line: 40, column: 0 } });
  heap.internal(shared, "script", script).internal(next, "shared", shared).internal(next, "context", scope);
  const list = program.array();
  const block = heap.object("FixedCircularBuffer", { size: 32, at: { scriptId: 9, line: 60, column: 0 } });
  heap.property(block, "list", list);
  heap.variable(scope, "unconsumedEvents", program.object("FixedQueue", { tail: block }));
  hold(program, program.object("Object", { next }));
  return leakAfter(program, () => times(40, () => program.push(list, program.object("Event", {}, 300))));
}

suite("what Node made for somebody", () => {
  test("is told with what the program calls it, and where", async () => {
    const leak = await unreadEvents((program, iterator) => program.variable("audit", iterator));
    assert.match(leak.title, /^Array `unconsumedEvents\.tail\.list`, scope .*, made for `audit` of server\.js:1$/);
    assert.equal(leak.holder.location?.file, "/app/server.js");
  });

  test("is told by Node's class where the program has no name for it", async () => {
    const leak = await unreadEvents((program, iterator) => program.heap.property(program.main, "pending", iterator));
    assert.match(leak.title, /^Array `FixedCircularBuffer\.list`/);
  });
});

test("what a library made for somebody is to be looked at where that one is: nobody mends its files", async () => {
  for (const file of ["/app/node_modules/store/index.js", "/app/store.js"]) {
    const program = new SmallProgram("function main() {}\nconst prices = createStore();\n");
    const { heap } = program;
    const library = new SmallProgram("function createStore() {}\n", file, heap, 8);
    const subscribers = program.set();
    const scope = library.newScope(library.scope);
    heap.variable(scope, "subscribers", subscribers);
    program.variable("prices", program.object("Store", { set: library.function("set", scope, 1) }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(subscribers, program.object("View", {}, 300))),
    );
    assert.match(leak.title, /^Set `subscribers`, scope around .*, made for `prices` of server\.js:2(?:$|, keeps)/);
    const isLibrarys = file.includes("node_modules");
    assert.equal(leak.holder.location?.file, isLibrarys ? "/app/server.js" : file);
    if (isLibrarys) assert.equal(leak.holder.location?.line, 2);
  }
});

suite("what a function of the same file made for somebody", () => {
  /** The title of a Set in a scope of `createStore`, whose function `set` the program has where `hold` puts it. */
  async function titleWith(hold: (program: SmallProgram, set: NodeRow) => void): Promise<string> {
    const program = new SmallProgram("function createStore() {}\n", "/app/bundle.js");
    const { heap } = program;
    const subscribers = program.set();
    const scope = program.newScope(program.scope);
    heap.variable(scope, "subscribers", subscribers);
    hold(program, program.function("set", scope, 1));
    return (await leakAfter(program, () => times(40, () => program.add(subscribers, program.object("View", {}, 300)))))
      .title;
  }

  test("is told with the variable, for in a bundle it may be far away", async () => {
    const title = await titleWith((program, set) => program.variable("prices", program.object("Store", { set })));
    assert.equal(title, "Set `subscribers`, scope around set() in bundle.js:1, made for `prices`");
  });

  test("is told without the class where it is known by a method of that", async () => {
    const title = await titleWith((program, set) => {
      const prototype = program.object("Object", { set });
      const View = program.object("Object", { prototype });
      program.variable("templates", program.object("Templates", { View }));
    });
    assert.match(title, /, made for `templates`$/);
  });

  test("is told where the variable is a parameter, and the body has a scope in that of the parameters", async () => {
    const program = new SmallProgram("function createStore() {}\n", "/app/bundle.js");
    const items = program.array();
    const parameters = program.newScope(program.scope);
    program.heap.variable(parameters, "value", items);
    const set = program.function("set", program.newScope(parameters), 1);
    program.variable("cart", program.object("Store", { set }));
    const leak = await leakAfter(program, () => times(40, () => program.push(items, program.object("Item", {}, 300))));
    assert.equal(leak.title, "Array `value`, scope around set() in bundle.js:1, made for `cart`");
  });

  test("is told without where only a call of that file has them that waits, in a variable of which V8 has no name", async () => {
    const title = await titleWith((program, set) => {
      const { heap } = program;
      const registers = heap.array("");
      const call = program.object("Object");
      heap.internal(program.scope, "extension", heap.node("hidden", "system / SourceTextModule"));
      heap.internal(call, "function", program.function("", program.scope, 1)).internal(call, "context", program.scope);
      heap.internal(call, "parameters_and_registers", registers).internal(registers, "3", set);
      heap.property(program.main, "call", call);
    });
    assert.equal(title, "Set `subscribers`, scope around set() in bundle.js:1");
  });

  test("is told without where each call of one function has a scope in it", async () => {
    const program = new SmallProgram("function connect() {}\n", "/app/bundle.js");
    const items = program.array();
    const connection = program.newScope(program.scope);
    program.heap.variable(connection, "items", items);
    for (const name of ["first", "second"])
      program.variable(name, program.function("stop", program.newScope(connection), 1));
    const leak = await leakAfter(program, () => times(40, () => program.push(items, program.object("Item", {}, 300))));
    assert.equal(leak.title, "Array `items`, scope around stop() in bundle.js:1");
  });

  test("is told without where the program only hands it to a function that it binds", async () => {
    const program = new SmallProgram("function createStore() {}\n", "/app/store.js");
    const { heap } = program;
    const subscribers = program.set();
    const scope = program.newScope(program.newScope());
    heap.variable(scope, "subscribers", subscribers);
    const other = new SmallProgram("const done = notify.bind(null, store);\n", "/app/server.js", heap, 8);
    const done = other.variable("done", heap.closure("native_bind", { size: 64 }));
    const bindings = heap.array("", { size: 32 });
    heap.internal(done, "bindings", bindings);
    heap.internal(bindings, "0", program.object("Store", { set: program.function("set", scope, 1) }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(subscribers, program.object("View", {}, 300))),
    );
    assert.equal(leak.title, "Set `subscribers`, scope around set() in store.js:1");
  });

  test("is told without where the function is just one of somebody's listeners", async () => {
    const title = await titleWith((program, set) => {
      const events = program.object("Object", { change: set });
      program.variable("bus", program.object("Emitter", { _events: events }));
    });
    assert.equal(title, "Set `subscribers`, scope around set() in bundle.js:1");
  });
});
