import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
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

  test("is none if an ordinary Map has the values", async () => {
    const program = new SmallProgram();
    const values = program.variable("values", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(values, program.object("Key"), program.object("Value", {}, 300))),
    );
    assert.equal(leak.kind, "map-cache");
  });
});
