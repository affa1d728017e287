import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("the answers of a memoised function", () => {
  test("are told with the function's name", async () => {
    const leak = await leakKeptWithIt("`answers`");
    assert.equal(leak.kind, "memoised");
    assert.match(
      leak.title,
      /^Map `answers`, scope of memoise\(\) in .*, made for `factors`.*, answers of a memoised function$/,
    );
  });

  test("are told where the cache hangs on the function itself", async () => {
    const program = new SmallProgram();
    const render = program.variable("render", program.function("memoized", program.scope, 4));
    const data = program.map();
    program.heap.property(render, "cache", program.object("MapCache", { data }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(data, program.object("Key"), program.object("Page", {}, 300))),
    );
    assert.equal(leak.kind, "memoised");
    assert.match(leak.title, /`render\.cache\.data`.*the cache of the function `render`$/);
  });

  test("are told where the function is bound to its cache", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const find = program.variable("find", heap.closure("native_bind", { size: 48 }));
    const rows = program.map();
    const values = heap.array("(bound arguments)", { size: 32 });
    heap.internal(find, "bindings", values).internal(values, "1", program.object("Store", { cache: rows }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(rows, program.object("Key"), program.object("Row", {}, 300))),
    );
    assert.equal(leak.kind, "memoised");
    assert.match(leak.title, /^Map `find\[\[BoundArgs\]\]\[1\]\.cache`.*, the cache of the function `find`$/);
  });

  test("are none if the cache is a static of a class", async () => {
    const program = new SmallProgram();
    const matcher = program.variable("Matcher", program.function("Matcher", program.scope, 4));
    const cache = program.map();
    program.heap.property(matcher, "#cache", cache);
    program.heap.property(matcher, "<symbol>", program.heap.node("hidden", "system / ClassPositions"));
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(cache, program.object("Key"), program.object("Page", {}, 300))),
    );
    assert.equal(leak.kind, "class-static");
    assert.match(leak.title, /^Map `Matcher\.#cache`, module scope of server\.js$/);
  });

  test("are none if what hangs on a function is no cache, or a cache on no function", async () => {
    for (const [isFunction, name] of [[true, "instances"] as const, [false, "cache"] as const]) {
      const program = new SmallProgram();
      const owner = isFunction ? program.function("Widget", program.scope, 4) : program.object("Widget");
      const data = program.map();
      program.variable("render", owner);
      program.heap.property(owner, name, data);
      const leak = await leakAfter(program, () =>
        times(40, () => program.add(data, program.object("Key"), program.object("Page", {}, 300))),
      );
      assert.equal(leak.kind, isFunction ? "class-static" : "map-cache");
    }
  });
});
