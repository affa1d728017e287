import assert from "node:assert/strict";
import { suite, test } from "node:test";
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
