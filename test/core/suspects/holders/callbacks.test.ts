import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportOn } from "../../../support/real-reports.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, onlyLeak, times } from "../../../support/suspects.js";

suite("functions that were handed in and are never taken out", () => {
  test("are told with one of them, and with whom the list is for", async () => {
    const leak = onlyLeak(await reportOn("callbacks"));
    assert.equal(leak.kind, "callbacks");
    assert.match(leak.title, /^Array `subscribers`, scope (?:of createStore|around \w+)\(\) in tiny-store\.mjs:3, /);
    assert.match(
      leak.title,
      /, made for `cart` of callbacks\.mjs:5, keeps callbacks such as `redraw` \(callbacks\.mjs:9\)$/,
    );
  });

  test("are told of the keys of a Map as well", async () => {
    const program = new SmallProgram();
    const hooks = program.variable("hooks", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(hooks, program.function("hook", program.newScope(), 1), program.heap.string("x"))),
    );
    assert.equal(leak.kind, "callbacks");
  });

  test("are told by the functions that they were bound from", async () => {
    for (const [code, kind] of [
      ["function redraw() {}\n", "callbacks"],
      ["class redraw {}\n", "module-array"],
    ] as const) {
      const program = new SmallProgram(code);
      const { heap } = program;
      const target = program.variable("target", program.function("redraw", program.scope, 1));
      const list = program.variable("list", program.array());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const bound = heap.closure("native_bind", { size: 300 });
          heap.internal(bound, "bound_function", target);
          program.push(list, bound);
        }),
      );
      assert.equal(leak.kind, kind);
      if (kind === "callbacks") assert.match(leak.title, /, keeps callbacks such as `redraw` \(server\.js:1\)$/);
    }
  });

  test("are told where several are handed in together, by the first", async () => {
    const program = new SmallProgram();
    const subscribers = program.variable("subscribers", program.set());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const pair = program.array();
        for (const name of ["run", "invalidate"]) program.push(pair, program.function(name, program.newScope(), 1));
        program.add(subscribers, pair);
      }),
    );
    assert.equal(leak.kind, "callbacks");
    assert.match(leak.title, /, keeps callbacks such as `run` \(server\.js:1\)$/);
  });

  test("are told with the program's function where a library has put one of its own around that", async () => {
    for (const file of ["/app/node_modules/store/index.js", "/app/store.js"]) {
      const program = new SmallProgram("function redraw() {}\n");
      const { heap } = program;
      const library = new SmallProgram("function notify() { callback(); }\n", file, heap, 8);
      const listeners = program.variable("listeners", program.set());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const scope = library.newScope(library.scope);
          heap.variable(scope, "callback", program.function("redraw", program.newScope(program.scope), 1));
          program.add(listeners, library.function("notify", scope, 1));
        }),
      );
      const called = file.includes("node_modules")
        ? "`notify` (store/index.js:1) for `redraw` (server.js:1)"
        : "`notify` (store.js:1)";
      assert.ok(leak.title.endsWith(`, keeps callbacks such as ${called}`), leak.title);
    }
  });

  test("are told in the objects that a library made for them, and none of the program's own list", async () => {
    const inLibrary = "/app/node_modules/client/index.js";
    for (const [file, body, kind] of [
      [inLibrary, 0, "callbacks"],
      ["/app/client.js", 0, "module-array"],
      [inLibrary, 2000, "module-array"],
    ] as const) {
      const program = new SmallProgram("function addToken() {}\n");
      const { heap } = program;
      const library = new SmallProgram("class Interceptors {}\n", file, heap, 8);
      const handlers = program.array();
      const interceptors = heap.object("Interceptors", { size: 32, at: { scriptId: 8, line: 0, column: 0 } });
      heap.property(interceptors, "handlers", handlers).property(library.main, "interceptors", interceptors);
      program.variable("api", program.object("Object", { interceptors }));
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const scope = heap.context({ size: 400 });
          const fulfilled = program.function("addToken", scope, 1);
          program.push(handlers, program.object("Object", { fulfilled, body: program.object("Body", {}, body + 8) }));
        }),
      );
      assert.equal(leak.kind, kind);
      const ending = {
        callbacks: ", keeps callbacks such as `addToken` (server.js:1)",
        "module-array": file === inLibrary ? ", for `addToken` (server.js:1)" : "module scope of server.js",
      }[kind];
      assert.ok(leak.title.endsWith(ending), leak.title);
    }
  });

  test("are told where a library's object leads to them by a function of its own", async () => {
    const program = new SmallProgram("const cart = observable();\nfunction total() {}\n");
    const { heap } = program;
    const library = new SmallProgram(
      "class Atom {}\nfunction run() { view(); }\n",
      "/app/node_modules/store/index.js",
      heap,
      8,
    );
    const at = { scriptId: 8, line: 0, column: 0 };
    const observers = program.set();
    const cart = program.variable("cart", heap.object("Atom", { size: 32, at }));
    heap.property(cart, "observers", observers);
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const scope = library.newScope(library.scope);
        heap.variable(scope, "view", program.function("total", heap.context({ size: 400 }), 2));
        const reaction = heap.object("Reaction", { size: 60, at });
        heap.property(reaction, "run", library.function("run", scope, 2));
        program.add(observers, reaction);
      }),
    );
    assert.equal(leak.kind, "callbacks");
    assert.match(leak.title, /^Set `cart\.observers`, .*, keeps callbacks such as `total` \(server\.js:2\)$/);
  });

  test("are told in plain objects in a variable of a library's file, and in objects of its class wherever they are", async () => {
    for (const isOfClass of [false, true]) {
      const program = new SmallProgram("function addHeader() {}\n");
      const { heap } = program;
      const library = new SmallProgram("class Tap {}\n", "/app/node_modules/stack/index.js", heap, 8);
      const list = isOfClass ? program.array() : library.array();
      if (isOfClass) program.variable("client", program.object("Object", { hooks: list }));
      else library.variable("entries", list);
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const middleware = program.function("addHeader", heap.context({ size: 400 }), 1);
          const entry = isOfClass
            ? heap.object("Tap", { size: 32, at: { scriptId: 8, line: 0, column: 0 } })
            : program.object("Object");
          heap.property(entry, "middleware", middleware);
          (isOfClass ? program : library).push(list, entry);
        }),
      );
      assert.match(leak.title, /, keeps callbacks such as `addHeader` \(server\.js:1\)$/);
    }
  });

  test("are told if the list is a new one each time", async () => {
    const program = new SmallProgram();
    const channel = program.variable("channel", program.object("Channel", { list: program.array() }));
    const all: number[] = [];
    const leak = await leakAfter(program, () => {
      times(40, () => all.push(program.function("hook", program.newScope(), 1)));
      const copy = program.array();
      program.push(copy, ...all);
      program.heap.unlink(channel, "list").property(channel, "list", copy);
    });
    assert.equal(leak.kind, "callbacks");
  });

  test("are told in the objects that unsubscribe them, by a method of their own or of a prototype", async () => {
    // What has both is what others subscribe to, as a group of an observable's is.
    for (const methods of [["unsubscribe"], ["next"], ["unsubscribe", "subscribe"]]) {
      const program = new SmallProgram();
      const functions = methods.map((name) => [name, program.function(name, program.scope, 2)] as const);
      const base = program.object("Object", Object.fromEntries(functions));
      const prototype = program.object("Subscription", { ["__proto__"]: base });
      const observers = program.variable("observers", program.array());
      const leak = await leakAfter(program, () =>
        times(40, () => program.push(observers, program.object("Subscriber", { ["__proto__"]: prototype }, 300))),
      );
      const isSubscription = methods.join() === "unsubscribe";
      assert.equal(leak.kind, isSubscription ? "callbacks" : "module-array");
      if (isSubscription) assert.match(leak.title, /, keeps subscriptions such as Subscriber$/);
    }
  });

  test("are told in plain objects that unsubscribe them by the program's function, where a library has the list", async () => {
    const program = new SmallProgram("function effect() {}\n");
    const { heap } = program;
    const library = new SmallProgram("const entries = new Map();\n", "/app/node_modules/store/index.js", heap, 8);
    const entries = library.variable("entries", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const effect = program.function("effect", heap.context({ size: 400 }), 1);
        const unsubscribe = library.function("unsubscribe", library.scope, 1);
        program.add(entries, heap.string("id"), program.object("Object", { effect, unsubscribe }));
      }),
    );
    assert.match(leak.title, /^Map `entries`, .*, keeps subscriptions for `effect` \(server\.js:1\)$/);
  });

  test("are none if they are a small part of what is kept", async () => {
    const program = new SmallProgram();
    const jobs = program.variable("jobs", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        program.push(jobs, program.function("job", program.newScope(), 1));
        program.push(jobs, program.object("Result", {}, 4000));
      }),
    );
    assert.equal(leak.kind, "module-array");
  });

  test("are none where classes are kept, which nobody calls from there", async () => {
    const source = "class Report {}\nfunction define() {}\n";
    const program = new SmallProgram(source);
    const models = program.variable("models", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const model = program.function("Report", program.scope, 1);
        program.heap.property(model, "columns", program.object("Columns", {}, 300));
        program.push(models, model);
      }),
    );
    assert.equal(leak.kind, "module-array");
  });
});
