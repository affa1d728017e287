import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isModuleLoading } from "#core/suspects/folding/module-loading.js";
import type { Finding } from "#core/suspects/growth/finding.js";
import { NO_PATH } from "#core/suspects/naming/access-words.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

suite("modules that are loaded again and again", () => {
  test("are one suspect, however many of Node's caches they fill", async () => {
    const program = new SmallProgram("", "node:internal/modules/cjs/loader");
    const cache = program.variable("relativeResolveCache", program.object("Object"));
    const children = program.variable("moduleParentCache", program.map());
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => {
        const module = program.object("Module", { exports: program.object("Object", {}, 400) });
        program.heap.property(cache, `/app/plugin.js?${round}.${i}`, module);
        program.add(children, program.object("Key", {}, 200), program.object("Parent", {}, 200));
      }),
    );
    assert.equal(leak.kind, "module-cache");
    assert.equal(leak.verdict, "growing");
    assert.ok(leak.growth.bytes.every((bytes) => bytes >= 40 * 800));
  });

  test("are none where Node was given hooks for loading them", async () => {
    const program = new SmallProgram("", "node:internal/modules/customization_hooks");
    const hooks = program.variable("resolveHooks", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(hooks, program.object("ModuleHooks", {}, 400))),
    );
    assert.notEqual(leak.kind, "module-cache");
    assert.match(leak.title, /`resolveHooks`/);
  });

  test("are none where it is what a function of Node's loader was called with, such as the globals of a REPL", () => {
    const file = "node:internal/modules/helpers";
    for (const kind of ["function", "module"] as const) {
      const scope = { kind, file, functionName: "", position: null, script: 0, context: 0, begins: null };
      const path = { ...NO_PATH, words: ["object", "results"], anchor: "variable" as const, file, scope };
      assert.equal(isModuleLoading({ path } as Partial<Finding> as Finding), kind === "module");
    }
  });

  test("are told by the file that loads them, whichever way leads there", async () => {
    const fingerprints = new Set<string>();
    for (const way of ["require", "module"]) {
      const program = new SmallProgram();
      const { heap } = program;
      const children = program.array();
      const loader = program.object("Module", { children, filename: heap.string("/app/lib/plugins.js") });
      if (way === "module") program.variable("module", loader);
      else
        program.variable(
          "require",
          program.object("Object", { cache: program.object("Object", { "/app/x1234.js": loader }) }),
        );
      const leak = await leakAfter(program, () =>
        times(40, () => program.push(children, program.object("Module", {}, 400))),
      );
      assert.equal(leak.kind, "module-cache");
      assert.match(leak.title, /^modules loaded by plugins\.js/);
      assert.equal(leak.holder.location?.file, "/app/lib/plugins.js");
      fingerprints.add(leak.fingerprint);
    }
    assert.equal(fingerprints.size, 1);
  });

  test("are not what a module exports, which is told by that module's file", async () => {
    for (const word of ["exports", "<symbol node:module_export>"]) {
      const program = new SmallProgram();
      const { heap } = program;
      const answers = program.object("Object");
      const module = program.object("Module", { filename: heap.string("/app/node_modules/store/index.js") });
      heap.property(module, word, program.object("Object", { store: program.object("Object", { answers }) }));
      program.variable(
        "require",
        program.object("Object", { cache: program.object("Object", { "/app/x1234.js": module }) }),
      );
      const leak = await leakAfter(program, (round) =>
        times(40, (i) => heap.property(answers, `answer to ${round}.${i}`, program.object("Answer", {}, 400))),
      );
      assert.equal(leak.kind, "module-object");
      assert.equal(leak.title, "Object `module.exports.store.answers`, module scope of store/index.js, keeps Answer");
    }
  });

  test("are told with one of them, without what follows its name", async () => {
    for (const url of ["file:///app/conf.mjs?v=7#secret", "data:text/javascript,secret"]) {
      const program = new SmallProgram("", "node:internal/modules/esm/loader");
      const { heap } = program;
      const cache = program.variable("loadCache", program.map("LoadCache"));
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const job = program.object("ModuleJob", { url: heap.string(url) }, 400);
          program.add(cache, heap.string(url), program.object("Object", { javascript: job }));
        }),
      );
      assert.match(leak.title, url.startsWith("file:") ? /, such as conf\.mjs$/ : /esm\/loader$/);
    }
  });

  test("grew, of two snapshots, only where one file was loaded again: a program that starts loads others", async () => {
    for (const isAgain of [true, false]) {
      const program = new SmallProgram("", "node:internal/modules/esm/loader");
      const { heap } = program;
      const cache = program.variable("loadCache", program.map("LoadCache"));
      const load = (round: number): void =>
        times(40, (i) => {
          const url = heap.string(`file:///app/part${isAgain ? "" : i}.mjs?v=${round}.${i}`);
          program.add(cache, url, program.object("ModuleJob", { url }, 400));
        });
      const report = await reportAfter(program, load, 2);
      assert.equal(report.suspects[0]!.verdict, isAgain ? "grew" : "settled");
    }
  });

  test("are none as long as each time others are loaded, and each once", async () => {
    const words = ["user", "order", "stock", "price", "search", "mail", "report", "cart", "audit", "chart"];
    for (const [name, verdict] of [
      [(round: number, i: number) => `${words[round]}-${words[i]}.js`, "no-leak"],
      [(round: number, i: number) => `${words[i]}.js?v=${round}`, "leak"], // the same ones again
      [(round: number, i: number) => `page-${round}${i}c0ffee.js`, "leak"], // as many as the program makes
    ] as const) {
      const program = new SmallProgram("", "node:internal/modules/cjs/loader");
      const { heap } = program;
      const cache = program.variable("relativeResolveCache", program.object("Object"));
      const report = await reportAfter(program, (round) =>
        times(10, (i) => {
          const filename = heap.string(`/app/${name(round, i)}`);
          heap.property(cache, `${round}.${i}`, program.object("Module", { filename }, 400));
        }),
      );
      assert.equal(report.verdict, verdict, String(name));
      assert.equal(report.suspects[0]!.verdict, verdict === "leak" ? "growing" : "decaying");
    }
  });

  test("are none where Node loads one of its own, late and once", async () => {
    for (const [rounds, isLeak] of [
      [[0, 4, 40], false],
      [[0, 40], false],
      [[0, 40, 40], true],
    ] as const) {
      const program = new SmallProgram("class BuiltinModule {}\n", "node:internal/bootstrap/realm");
      const { heap } = program;
      const BuiltinModule = program.variable("BuiltinModule", program.function("BuiltinModule", program.scope, 1));
      const modules = program.map();
      heap.property(BuiltinModule, "map", modules);
      const http = heap.object("BuiltinModule", { size: 32, at: { scriptId: 7, line: 0, column: 0 } });
      heap.property(http, "id", heap.string("_http_outgoing"));
      program.add(modules, heap.string("http"), http);
      const report = await reportAfter(
        program,
        (round) =>
          times(rounds[round] ?? 0, (i) => heap.property(http, `p${round}.${i}`, program.object("Part", {}, 1000))),
        rounds.length,
      );
      assert.equal(report.verdict === "leak", isLeak, String(rounds));
      assert.match(report.suspects[0]!.title, /`node:_http_outgoing`/);
    }
  });

  test("are told with Node's own module that loads them, where that was loaded late itself", async () => {
    const program = new SmallProgram("class BuiltinModule {}\n", "node:internal/bootstrap/realm");
    const { heap } = program;
    const BuiltinModule = program.variable("BuiltinModule", program.function("BuiltinModule", program.scope, 1));
    const modules = program.map();
    heap.property(BuiltinModule, "map", modules);
    const exported = program.object("Object");
    const id = heap.string("internal/modules/esm/loader");
    const loader = heap.object("BuiltinModule", { size: 32, at: { scriptId: 7, line: 0, column: 0 } });
    heap.property(loader, "id", id).property(loader, "exports", exported);
    program.add(modules, heap.string("loader"), loader);
    const leak = await leakAfter(program, () =>
      times(40, (i) => heap.property(exported, `part${heap.string("x")}.${i}`, program.object("LoadCache", {}, 300))),
    );
    assert.equal(leak.kind, "module-cache");
    assert.match(leak.title, /`node:internal\/modules\/esm\/loader`/);
  });

  test("are none while a program starts: that dies away", async () => {
    const program = new SmallProgram("", "node:internal/modules/cjs/loader");
    const cache = program.variable("relativeResolveCache", program.object("Object"));
    const report = await reportAfter(program, (round) =>
      times([30, 300, 60][round]!, (i) => {
        const module = program.object("Module", { exports: program.object("Object", {}, 400) });
        program.heap.property(cache, `/app/part${round}.${i}.js`, module);
      }),
    );
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(
      report.suspects.map(({ kind, verdict }) => [kind, verdict]),
      [["module-cache", "decaying"]],
    );
  });

  test("are none if a program keeps a cache of its own", async () => {
    const program = new SmallProgram("const cache = new Map();\n", "/app/modules.js");
    const cache = program.variable("cache", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(cache, program.object("Key"), program.object("Module", {}, 400))),
    );
    assert.equal(leak.kind, "map-cache");
  });
});
