import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { openSources } from "#core/sources/source-files.js";
import { json, OUT, scope, script, SOURCES, TOLD, told, withMap } from "../../support/compiled-sources.js";
import { withFolder } from "../../support/folder.js";

suite("what is wrong with sources", () => {
  const places = (...columns: number[]) => columns.map((column) => ({ line: 1, column }));
  const files = { "dist/out.js": OUT, "dist/out.js.map": json(), ...SOURCES };
  const unknown = ["unknown", "unknown"];

  test("is a file that is not the text that ran, by its head or by its functions", async () => {
    const [r, arrow] = [OUT.indexOf("(e)") + 1, OUT.indexOf("()=>") + 1];
    const same = script("/srv/dist/out.js", { head: OUT.slice(0, 20), functions: places(r, arrow) });
    assert.deepEqual(await told(files, same), TOLD);
    for (const other of [{ head: "var t=new Map" }, { functions: places(r, 2) }, { functions: places(r, 999) }])
      assert.deepEqual(
        await told(
          files,
          { ...same, ...other },
          { faults: /^changed-source: DIR\/dist\/out\.js is not the text that ran/ },
        ),
        unknown,
      );
  });

  test("is none where the snapshot only lost what is not ASCII", async () => {
    const text = `/* größe 😀 */${OUT}`;
    for (const head of ["/* gr\u00f6\u00dfe \uf600 */var s=new", "/* gr??????e ??? */var s=new"])
      await told({ "dist/out.js": text }, script("/srv/dist/out.js", { head }));
  });

  test("is none where Node put blanks in place of a script's types, and a line behind it", async () => {
    const text = "const s: Map<string, A> = new Map<string, A>();function r(e: A): void {}f(()=>s);";
    const ran = "const s                 = new Map           ();function r(e   )       {}f(()=>s);";
    const places = (typed: string, head: string) => {
      const functions = [{ line: 1, column: typed.indexOf("(e") + 1 }];
      return told({ "app.mts": typed }, script("file:///srv/app.mts", { head, functions }));
    };
    const head = `${ran}\n\n//# sourceURL=file:///srv/app.mts`;
    assert.deepEqual((await places(text, head))[0], `DIR/app.mts:1:7 s | ${text}`);
    const faults = /^changed-source: DIR\/app\.mts is not the text that ran/;
    await told({ "app.mts": text }, script("file:///srv/app.mts", { head: ran.replace("s  ", "t  ") }), { faults });
    await told({ "app.js": text }, script("file:///srv/app.js", { head: ran }), {
      faults: /^changed-source: DIR\/app\.js is not/,
    });
  });

  test("is a script of which there is no file, or several", async () => {
    assert.deepEqual(
      await told({}, undefined, { faults: /^no-source: no file in DIR is called like \/srv\/dist\/out\.js$/ }),
      unknown,
    );
    const two = { "a/dist/out.js": OUT, "b/dist/out.js": `${OUT} ` };
    assert.deepEqual(
      await told(two, undefined, { faults: /^ambiguous-source: .* may be DIR\/a\/dist\/out\.js or DIR\/b\/dist/ }),
      unknown,
    );
    assert.match((await told({ ...two, "b/dist/out.js": OUT }))[0]!, /^DIR\/a\/dist\/out\.js/, "of copies any will do");
  });

  test("is a map that is broken: one warning, and the file's own places", async () => {
    const own = [`DIR/dist/out.js:1:5 s | ${OUT}`, `DIR/dist/out.js:1:24 r | ${OUT}`];
    for (const map of [
      "",
      "{",
      "[]",
      "null",
      "{}",
      '{"version":3,"mappings":5,"sources":[],"names":[]}',
      '{"version":3,"mappings":"AAAA","names":[]}',
      '{"version":2,"mappings":"AAAA","sources":["a"],"names":[]}',
      '{"version":3,"sections":[{}]}',
      `{"version":3,"sections":[${'{"offset":{"line":0,"column":0},"map":{"version":3,"sections":['.repeat(20_000)}`,
      '{"version":3,"mappings":"!!!!,,,","sources":["a"],"names":[]}',
      '{"version":3,"mappings":"AAAAAAAAAAAA","sources":[5,null],"names":[{}],"sourcesContent":[{}]}',
      '{"version":3,"mappings":"A//////////////////////","sources":["a"],"names":[]}',
      '{"version":3,"mappings":"AAgggggggggggggggB","sources":["a"],"names":[],"sourceRoot":7}',
    ])
      for (const line of await told({ "dist/out.js": OUT, "dist/out.js.map": map }, undefined, {
        faults: /^$|^bad-source-map: DIR\/dist\/out\.js\.map/,
      }))
        assert.ok(own.includes(line) || /^(?:7\/)?[a5]:\d+:1 /.test(line), `${map.slice(0, 60)}: ${line}`);
    const empty = json().replace(/"mappings":"[^"]*"/, '"mappings":""');
    for (const [map, faults] of [
      ["{", /is not JSON$/],
      [empty, /it has no mappings$/],
    ] as const)
      assert.deepEqual(await told({ "dist/out.js": OUT, "dist/out.js.map": map }, undefined, { faults }), own);
    assert.deepEqual(
      await told({ "dist/out.js": withMap(OUT, "data:application/json,%7B") }, undefined, {
        faults: /^bad-source-map: the map in DIR/,
      }),
      own.map((line) => line),
    );
  });

  test("is an address that would have to be fetched, or leads out of the folder", async () => {
    for (const address of ["https://x.test/out.js.map", "//x.test/out.js.map", "../../../etc/passwd", "/etc/passwd"])
      assert.match(
        (
          await told({ "dist/out.js": withMap(OUT, address) }, undefined, {
            faults: /^no-source-map: the source map of DIR\/dist\/out\.js is not in DIR$/,
          })
        )[0]!,
        /^DIR\/dist\/out\.js/,
        address,
      );
  });

  test("is nothing that a map can name outside of the folder", () =>
    withFolder({ "outside/secret.ts": "let secret;", "root/dist/out.js": OUT }, async (parent) => {
      const folder = join(parent, "root");
      symlinkSync(join(parent, "outside"), join(folder, "linked"), "junction");
      for (const source of [
        "../../outside/secret.ts",
        `${parent}/outside/secret.ts`,
        "../linked/secret.ts",
        `file://${parent}/outside/secret.ts`,
        "../../../../../etc/passwd",
      ]) {
        writeFileSync(join(folder, "dist/out.js.map"), json({ call: () => source, withTexts: false }));
        const sources = await openSources(folder);
        const found = sources.declaration(script("/dist/out.js"), "s", scope)!.original;
        assert.deepEqual([found.name, found.text], ["sessions", null], source);
      }
    }));

  test("never ends in a crash, whatever a map holds", () =>
    withFolder({ "dist/out.js": OUT }, async (folder) => {
      const value = fc.oneof(
        fc.constantFrom<unknown>(null, 3, -1, "a.ts", "AAAA;;AACA,A", {}, [], ["a"], [null], 1e9),
        fc.string(),
      );
      const map = fc.record(
        {
          version: fc.constantFrom<unknown>(3, "3", 2),
          mappings: value,
          sources: value,
          names: value,
          sourcesContent: value,
          sourceRoot: value,
          sections: fc.option(value, { nil: undefined }),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(map, async (hostile) => {
          writeFileSync(join(folder, "dist/out.js.map"), JSON.stringify(hostile));
          const sources = await openSources(folder);
          sources.declaration(script("/dist/out.js"), "s", scope);
          sources.place(script("/dist/out.js"), { line: 1, column: 24 }, "r");
          assert.ok(sources.faults.length <= 1);
        }),
      );
    }));
});
