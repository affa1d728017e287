import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  json,
  mapOf,
  OUT,
  PIECES,
  scope,
  script,
  SOURCES,
  TOLD,
  told,
  withMap,
} from "../../support/compiled-sources.js";
import { withFolder } from "../../support/folder.js";
import { openSources } from "#core/sources/source-files.js";

suite("names and places in the source", () => {
  test("are what the map beside the file says", async () => {
    assert.deepEqual(await told({ "dist/out.js": withMap(OUT), "dist/out.js.map": json(), ...SOURCES }), TOLD);
    assert.deepEqual(await told({ "dist/out.js": OUT, "dist/out.js.map": json(), ...SOURCES }), TOLD, "by its name");
    const elsewhere = { "dist/out.js": withMap(OUT, "../maps/o%20t.map"), "maps/o t.map": json(), ...SOURCES };
    assert.deepEqual(await told(elsewhere), TOLD, "by its address");
    const inline = `data:application/json;base64,${Buffer.from(json()).toString("base64")}`;
    assert.deepEqual(await told({ "dist/out.js": withMap(OUT, inline), ...SOURCES }), TOLD, "in the file");
  });

  test("need no text in the map if the source is there, and no source if the text is", async () => {
    const bare = { "dist/out.js": OUT, "dist/out.js.map": json({ withTexts: false }) };
    assert.deepEqual(await told({ ...bare, ...SOURCES }), TOLD);
    assert.deepEqual(
      await told({ "dist/out.js": OUT, "dist/out.js.map": json() }),
      TOLD.map((line) => line.replace("DIR/", "")),
    );
    assert.deepEqual(await told(bare), ["src/store.ts:2:14 sessions | null", "src/store.ts:3:17 remember | null"]);
  });

  test("are found however the map calls its sources", async () => {
    for (const call of [
      (source: string) => `webpack://shop/./${source}?1a2b`,
      (source: string) => `webpack:///${source}`,
      (source: string) => `turbopack:///[project]/${source}`,
      (source: string) => `file:///home/somebody/shop/${source}`,
      (source: string) => `/home/somebody/shop/${source}`,
      (source: string) => `../${source.replace("store", "st%6Fre")}`,
      (source: string) => `../../../../${source}`,
    ])
      assert.deepEqual(
        await told({ "dist/out.js": OUT, "dist/out.js.map": json({ call }), ...SOURCES }),
        TOLD,
        call("src/store.ts"),
      );
    const sourceRoot = { sourceRoot: "../src/", call: () => "store.ts" };
    assert.deepEqual(await told({ "dist/out.js": OUT, "dist/out.js.map": json(sourceRoot), ...SOURCES }), TOLD);
  });

  test("come from the text that the map leads to where it has no names", async () => {
    const nameless = PIECES.map(({ from, in: source, at }) => ({ from, in: source, at }));
    const files = { "dist/out.js": OUT, "dist/out.js.map": json({}, nameless), ...SOURCES };
    assert.deepEqual(await told(files), TOLD);
    const statements = [
      { from: "var s", in: "src/store.ts", at: "const sessions" },
      { from: "function r", in: "src/store.ts", at: "function remember" },
    ];
    const coarse = { "dist/out.js": OUT, "dist/out.js.map": json({}, statements), ...SOURCES };
    assert.deepEqual(await told(coarse), TOLD, "also where it leads to the whole declaration");
  });

  test("are a class's where a compiler made a function of it, which begins where its constructor does", async () => {
    const sources = { "src/subject.ts": "export class Subject<T> {\n  constructor(readonly value: T) {}\n}\n" };
    const out = "function e(t){this.value=t}";
    const map = mapOf(out, sources, [{ from: "function e", in: "src/subject.ts", at: "constructor" }]);
    const files = { "dist/out.js": out, "dist/out.js.map": JSON.stringify(map), ...sources };
    await withFolder(files, async (folder) => {
      const opened = await openSources(folder);
      const place = opened.place(script("/srv/dist/out.js"), { line: 1, column: out.indexOf("(t)") + 1 }, "e");
      assert.deepEqual([place?.name, place?.line], ["Subject", 2]);
    });
  });

  test("are a class's where the compiled one has no name, and V8 tells none or that of a variable", async () => {
    const out = "const c=new class{constructor(t){this.host=t}}(a);";
    for (const [source, at, name] of [
      ["class Client {\n  constructor(readonly host: string) {}\n}\n", "constructor", "Client"],
      ["class Client {\n  #host = location;\n}\n", "class", "Client"], // a compiler made it a constructor
      ["export default class {\n  #host = location;\n}\n", "class", null],
      ["function connect(host: string) {}\n", "function", null],
    ] as const) {
      const sources = { "src/clients.ts": source };
      const map = mapOf(out, sources, [{ from: "constructor", in: "src/clients.ts", at }]);
      const files = { "dist/out.js": out, "dist/out.js.map": JSON.stringify(map), ...sources };
      await withFolder(files, async (folder) => {
        const opened = await openSources(folder);
        for (const called of ["c.host", ""]) {
          const place = opened.place(script("/srv/dist/out.js"), { line: 1, column: out.indexOf("(t)") + 1 }, called);
          assert.equal(place?.name, name, source);
        }
      });
    }
  });

  test("are `this` where a compiler made a function of a class, whose constructor has it in a variable", async () => {
    for (const [source, name] of [
      ["export class Store {\n  constructor() { this.get = () => this; }\n}\n", "this"],
      ["export const constructor = new Map();\n", "constructor"],
    ] as const) {
      const sources = { "src/store.ts": source };
      const map = mapOf(OUT, sources, [{ from: "s=new", in: "src/store.ts", at: "constructor" }]);
      const files = { "dist/out.js": OUT, "dist/out.js.map": JSON.stringify(map), ...sources };
      await withFolder(files, async (folder) => {
        const opened = await openSources(folder);
        const found = opened.declaration(script("/srv/dist/out.js"), "s", scope);
        assert.equal(found?.original.name, name);
      });
    }
  });

  test("are none of a source that has changed since, where the map leads into the midst of a word", async () => {
    const map = mapOf(OUT, SOURCES, [{ from: "s=new", in: "src/store.ts", at: "ssions" }], { withTexts: false });
    await withFolder({ "dist/out.js": OUT, "dist/out.js.map": JSON.stringify(map), ...SOURCES }, async (folder) => {
      const opened = await openSources(folder);
      assert.equal(opened.declaration(script("/srv/dist/out.js"), "s", scope)?.original.name, "s");
    });
  });

  test("are in the library's package if its map leads to sources that it was published without", async () => {
    const packed = "node_modules/@shop/store/lib/out.js";
    const call = (source: string): string => `../../${source}`;
    const files = { [packed]: OUT, [`${packed}.map`]: json({ call }), "package.json": "{}" };
    assert.deepEqual(
      await told(files, script(`/srv/${packed}`)),
      TOLD.map((line) => line.replace("DIR/", "DIR/node_modules/@shop/store/")),
    );
  });

  test("are those in the text where the map has one that a compiler made of it", async () => {
    const made = PIECES.map((piece) => ({ ...piece, name: `_${piece.name}` }));
    assert.deepEqual(await told({ "dist/out.js": OUT, "dist/out.js.map": json({}, made), ...SOURCES }), TOLD);
    const others = PIECES.map((piece) => ({ ...piece, name: `made_${piece.name}` }));
    const names = await told({ "dist/out.js": OUT, "dist/out.js.map": json({}, others), ...SOURCES });
    assert.match(names.join(), /made_sessions.*made_remember/);
  });

  test("are those of private fields as well, also where the map leads to the word before one", async () => {
    const source = "class Metrics {\n  static #recent = [];\n  #own = 1;\n}\n";
    const compiled = "class r{static#e=[];#t=1}";
    const map = mapOf(compiled, { "metrics.ts": source }, [
      { from: "class", in: "metrics.ts", at: "class" },
      { from: "static", in: "metrics.ts", at: "static", name: "static" },
      { from: "#t", in: "metrics.ts", at: "#own" },
    ]);
    await withFolder({ "out.js": compiled, "out.js.map": JSON.stringify(map) }, async (folder) => {
      const sources = await openSources(folder);
      const field = (name: string): string | null =>
        sources.privateField(script("/srv/out.js"), { line: 1, column: 1 }, name);
      assert.deepEqual(["#e", "#t"].map(field), ["#recent", "#own"]);
    });
  });

  test("are those of private fields of which a compiler made something else", async () => {
    const source = "class Other {}\nclass Metrics {\n  #own = 1;\n  get() { return this.#own; }\n}\n";
    const compiled = "var _own;\nclass Metrics{constructor(){_own.set(this,1)}}";
    const map = mapOf(compiled, { "metrics.ts": source }, [{ from: "class", in: "metrics.ts", at: "class Metrics" }]);
    await withFolder({ "out.js": compiled, "out.js.map": JSON.stringify(map) }, async (folder) => {
      const sources = await openSources(folder);
      const field = (name: string): string | null =>
        sources.privateField(script("/srv/out.js"), { line: 2, column: 1 }, name);
      assert.deepEqual(["#own", "#other"].map(field), ["#own", null]);
    });
  });

  test("are those of private fields which a compiler made of a bundle's, in which they were renamed", async () => {
    const source = "class Metrics {\n  #recent = 1;\n}\n";
    const middle = "class m{#t=1}\n";
    const compiled = "var _t;\nclass r{constructor(){_t.set(this,1)}}";
    const inner = mapOf(middle, { "metrics.ts": source }, [
      { from: "class", in: "metrics.ts", at: "class" },
      { from: "#t", in: "metrics.ts", at: "#recent", name: "#recent" },
    ]);
    const outer = mapOf(compiled, { "lib.js": middle }, [{ from: "class", in: "lib.js", at: "class" }]);
    const files = {
      "out.js": compiled,
      "out.js.map": JSON.stringify(outer),
      "lib.js": middle,
      "lib.js.map": JSON.stringify(inner),
    };
    await withFolder(files, async (folder) => {
      const sources = await openSources(folder);
      const field = (name: string): string | null =>
        sources.privateField(script("/srv/out.js"), { line: 2, column: 1 }, name);
      assert.deepEqual(["#t", "#recent", "#other"].map(field), ["#recent", "#recent", null]);
    });
  });

  test("stay what they are where nobody renamed them", async () => {
    const source = "let s = new Map<string, string>();\nfunction r(e: string) {}\n";
    const pieces = [
      { from: "var s", in: "a.ts", at: "let s" },
      { from: "function r", in: "a.ts", at: "function r" },
    ];
    const map = JSON.stringify(mapOf(OUT, { "a.ts": source }, pieces));
    assert.deepEqual(
      (await told({ "dist/out.js": OUT, "dist/out.js.map": map })).map((line) => line.replace(/ \|.*/, "")),
      ["a.ts:1:5 s", "a.ts:2:10 r"],
    );
  });

  test("are followed through a bundle of a bundle", async () => {
    const middle = "export const table = new Map;export function note(user){}\n";
    const inner = mapOf(
      middle,
      SOURCES,
      [
        { from: "table", in: "src/store.ts", at: "sessions" },
        { from: "note", in: "src/store.ts", at: "remember" },
      ],
      { call: (source) => `../${source}` },
    );
    const outer = mapOf(
      OUT,
      { "lib/store.js": middle },
      [
        { from: "s=new", in: "lib/store.js", at: "table", name: "table" },
        { from: "r(e)", in: "lib/store.js", at: "note", name: "note" },
      ],
      { call: (source) => `../${source}` },
    );
    const files = {
      "dist/out.js": withMap(OUT),
      "dist/out.js.map": JSON.stringify(outer),
      "lib/store.js": withMap(middle, "store.js.map"),
      "lib/store.js.map": JSON.stringify(inner),
      ...SOURCES,
    };
    assert.deepEqual(await told(files), TOLD);
    assert.deepEqual(
      await told({ ...files, "dist/out.js.map": JSON.stringify({ ...outer, sourcesContent: undefined }) }),
      TOLD,
    );
    const itself = {
      ...files,
      "lib/store.js.map": JSON.stringify({
        ...inner,
        sources: ["store.js"],
        sourcesContent: [withMap(middle, "store.js.map")],
      }),
    };
    assert.match((await told(itself))[0]!, /store\.js/, "and a map that leads to itself comes to an end");
  });

  test("are read off a map of sections", async () => {
    const map = mapOf(OUT, SOURCES, PIECES, { call: (source) => `../${source}` });
    const sections = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map }] };
    assert.deepEqual(await told({ "dist/out.js": OUT, "dist/out.js.map": JSON.stringify(sections), ...SOURCES }), TOLD);
  });

  test("are those of the file itself where it was not compiled", async () => {
    assert.deepEqual(await told({ "dist/out.js": OUT }), [
      `DIR/dist/out.js:1:5 s | ${OUT}`,
      `DIR/dist/out.js:1:24 r | ${OUT}`,
    ]);
  });
});
