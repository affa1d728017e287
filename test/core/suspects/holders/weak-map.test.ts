import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addWeakMapEntry } from "../../../support/arbitrary-heap.js";
import { SmallPage } from "../../../support/small-page.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("a WeakMap whose keys live on", () => {
  test("is told by the key, where one key's value grows", async () => {
    const leak = await leakKeptWithIt("`notes.get(application)`");
    assert.equal(leak.kind, "weak-map");
    assert.match(leak.title, /^Array .*where the key `application` lives on$/);
  });

  test("is told beside the one that keeps the keys, which is to blame alone", async () => {
    const leak = await leakKeptWithIt("`guests`");
    assert.equal(leak.kind, "weak-map");
    assert.match(leak.title, /^Set `guests`, .*keeps the keys of WeakMap `profiles`/);
    assert.deepEqual(leak.alsoHeldBy, []);
  });

  test("is told by the key that is an element, which the browser and the page have as one object", async () => {
    const page = new SmallPage("const changes = new WeakMap();\n");
    const { heap, program } = page;
    const table = heap.array("", { size: 100 });
    heap.internal(program.variable("changes", program.object("WeakMap")), "table", table);
    const field = program.variable("field", page.native("<input>", page.document));
    const list = program.array();
    addWeakMapEntry(heap, { key: field, table, value: list, counter: 1 });
    const leak = await leakAfter(program, () => times(40, () => program.push(list, program.object("Change", {}, 300))));
    assert.equal(leak.kind, "weak-map");
    assert.match(leak.title, /^Array `changes\.get\(field\)`, .* where the key `field` lives on$/);
  });

  test("is told with where the WeakMap is and whom its scope is for, where a library has it; of two of those once", async () => {
    const program = new SmallProgram("const state = {};\nfunction main() {}\n");
    const { heap } = program;
    const library = new SmallProgram("function memoise() {}\n", "/app/node_modules/memo/index.js", heap, 8);
    const state = program.variable("state", program.object("Object"));
    const items = program.object("Object");
    heap.property(state, "items", items);
    const scope = library.newScope(library.scope);
    program.variable("selectItem", library.function("memoised", scope, 1));
    const answers = ["byArguments", "byInputs"].map((name, counter) => {
      const table = heap.array("", { size: 100 });
      const map = program.object("WeakMap");
      heap.internal(map, "table", table).variable(scope, name, map);
      const value = program.map();
      addWeakMapEntry(heap, { key: counter === 0 ? state : items, table, value, counter });
      return value;
    });
    const leak = await leakAfter(program, () =>
      times(40, () => {
        for (const each of answers) program.add(each, program.object("Key", {}, 40), program.object("Answer", {}, 300));
      }),
    );
    assert.equal(leak.kind, "weak-map");
    assert.match(
      leak.title,
      /^Map `by\w+\.get\(state.*\)`, .* lives on \(its WeakMap: scope .* in memo\/index\.js:1, made for `selectItem` of server\.js\)$/,
    );
    assert.equal(leak.growAlong.length, 1);
  });

  test("is told by the WeakMap, too, where the key is one of the engine's own objects", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const prototype = program.object("Object");
    heap.property(heap.global(), "Object", program.object("Object", { prototype }));
    const table = heap.array("", { size: 100 });
    const forms = program.object("WeakMap");
    heap.internal(forms, "table", table);
    program.variable("trie", program.object("Trie", { forms }));
    let last = program.object("Trie");
    addWeakMapEntry(heap, { key: prototype, table, value: last, counter: 1 });
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const next = program.object("Trie", { text: program.object("Text", {}, 300) });
        heap.property(last, "child", next);
        last = next;
      }),
    );
    assert.match(leak.title, /^linked .*forms\.get\(globalThis\.Object\.prototype\)/);
    assert.match(leak.title, /\(its WeakMap: `trie\.forms`, module scope of server\.js\)$/);
  });

  test("is none whose table gets more room for as many entries: those that are gone stay in it for a while", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const keys = Array.from({ length: 8 }, (_, i) => program.variable(`key${i}`, program.object("Key")));
    const values = program.variable("targets", program.object("WeakMap"));
    let table = -1;
    const report = await reportAfter(program, (round) => {
      if (table >= 0) heap.unlink(values, "table").free(table);
      table = heap.array("", { size: 4000 * 2 ** round });
      heap.internal(values, "table", table);
      for (const [counter, key] of keys.entries())
        addWeakMapEntry(heap, { key, table, value: program.object("Value", {}, 16), counter });
    });
    assert.equal(report.verdict, "no-leak", report.sentence);
    assert.deepEqual(
      report.suspects.map(({ verdict }) => verdict),
      ["settled"],
    );
  });

  test("is none if an ordinary Map has the values", async () => {
    const program = new SmallProgram();
    const values = program.variable("values", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(values, program.object("Key"), program.object("Value", {}, 300))),
    );
    assert.equal(leak.kind, "map-cache");
  });
});
