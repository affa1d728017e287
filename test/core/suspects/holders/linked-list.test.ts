import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a linked list", () => {
  test("is told by the variable that holds its head, and by what links it", async () => {
    const leak = await leakOfEveryKind("`newest`");
    assert.equal(leak.kind, "linked-list");
    assert.match(leak.title, /`older`/);
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
    assert.equal(leak.growth.entryWord, "links");
  });

  test("may be of functions, each put around the one before it: then wrapping once helps", async () => {
    const program = new SmallProgram("function wrapper() {}\n");
    const { heap } = program;
    const db = program.variable("db", program.object("Object"));
    let query = program.function("wrapper", program.scope, 1);
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const wrapper = program.function("wrapper", program.newScope(program.scope), 1);
        heap.property(wrapper, "__original", query).property(wrapper, "log", program.object("Log", {}, 300));
        heap.unlink(db, "query").property(db, "query", wrapper);
        query = wrapper;
      }),
    );
    assert.match(leak.title, /linked by `__original`$/);
    assert.match(leak.advice, /^Each function put here keeps the one before it, in `__original`: wrap it once/);
  });

  test("is told without a key by which users' data would be printed", async () => {
    const program = new SmallProgram();
    let newest = program.object("Visit");
    const leak = await leakAfter(program, (round) => {
      times(40, () => {
        newest = program.object("Visit", { "alice@example.com": newest }, 300);
      });
      if (round > 0) program.heap.unlink(program.scope, "newest");
      program.variable("newest", newest);
    });
    assert.equal(leak.kind, "linked-list");
    assert.match(leak.title, /linked by `…`$/);
  });

  test("is none if objects only refer to one parent", async () => {
    const program = new SmallProgram();
    const list = program.variable("list", program.array());
    const parent = program.variable("parent", program.object("Node"));
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(list, program.object("Node", { older: parent }, 300))),
    );
    assert.equal(leak.kind, "module-array");
  });

  test("is none if a few objects are nested", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    let root: number | undefined;
    const leak = await leakAfter(program, (round) => {
      if (root !== undefined) heap.unlink(program.scope, "root").free(root);
      const leaf = program.object("Config", {}, 10_000 * (round + 1));
      root = program.variable("root", program.object("Config", { inner: program.object("Config", { inner: leaf }) }));
    });
    assert.notEqual(leak.kind, "linked-list");
  });

  test("is told where its links share what they keep, so that the first one has most of it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    let logger = program.object("Logger");
    let text = heap.string("", { size: 20 });
    const leak = await leakAfter(program, (round) => {
      times(40, () => {
        // Each text has the one before it in itself, which the logger before refers to as well.
        const joined = heap.node("concatenated string", "(concatenated string)", { size: 400 });
        heap.internal(joined, "first", text);
        text = joined;
        logger = program.object("Logger", { parent: logger, text });
      });
      if (round > 0) heap.unlink(program.scope, "logger");
      program.variable("logger", logger);
    });
    assert.equal(leak.kind, "linked-list");
    assert.match(leak.title, /^linked list of Logger from `logger`, .*, linked by `parent`$/);
  });

  test("of a library's is told with the function of the program's that a link is there to call", async () => {
    for (const file of ["/app/node_modules/signals/index.js", "/app/signals.js"]) {
      const program = new SmallProgram("const theme = signal();\nfunction watch() {}\n");
      const { heap } = program;
      const library = new SmallProgram("class Link {}\n", file, heap, 8);
      const newLink = (previous: NodeRow | null): NodeRow => {
        const link = heap.object("Link", { size: 48, at: { scriptId: 8, line: 0, column: 0 } });
        const fn = program.function("refresh", program.newScope(program.scope), 2);
        heap.property(link, "effect", program.object("Effect", { fn }, 300));
        return previous === null ? link : (heap.property(link, "previous", previous), link);
      };
      let newest = newLink(null);
      const theme = program.variable("theme", program.object("Signal", { observers: newest }));
      heap.property(library.main, "link", newest);
      const leak = await leakAfter(program, () =>
        times(40, () => {
          heap.unlink(theme, "observers");
          newest = newLink(newest);
          heap.property(theme, "observers", newest);
        }),
      );
      assert.equal(leak.kind, "linked-list");
      const isLibrarys = file.includes("node_modules");
      const ending = isLibrarys ? ", keeps callbacks such as `refresh` (server.js:2)" : "";
      assert.ok(leak.title.endsWith(`linked by \`previous\`${ending}`), leak.title);
      assert.match(leak.advice, isLibrarys ? /^Take a function out/ : /^Cut the list/);
    }
  });

  test("are called back as well where links are plain objects of what a library's class has", async () => {
    const program = new SmallProgram("const theme = signal();\neffect(() => theme.value);\n");
    const { heap } = program;
    const library = new SmallProgram("class Signal {}\n", "/app/node_modules/signals/index.js", heap, 8);
    heap.property(library.main, "link", program.object("Object"));
    const theme = program.variable(
      "theme",
      heap.object("Signal", { size: 48, at: { scriptId: 8, line: 0, column: 0 } }),
    );
    const map = heap.node("object shape", "system / Map");
    let newest: NodeRow | null = null;
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const fn = program.function("refresh", program.newScope(program.scope), 2);
        const link = program.object("Object", { target: program.object("Effect", { fn }, 300) });
        heap.internal(link, "map", map);
        if (newest !== null) heap.property(link, "previous", newest).unlink(theme, "targets");
        heap.property(theme, "targets", link);
        newest = link;
      }),
    );
    assert.match(
      leak.title,
      /^linked list of Object from `theme\.targets`.*, keeps callbacks such as `refresh` \(server\.js:2\)$/,
    );
  });
});
