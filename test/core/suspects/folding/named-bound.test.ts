import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

/** What is said of a cache's bound, if it comes last: of an object with properties of which some have no edges. */
async function boundWith(
  names: readonly string[],
  { inside = "", isFraction = false, isVariable = false, areSymbols = false } = {},
): Promise<string | undefined> {
  const program = new SmallProgram();
  const { heap } = program;
  const rows = program.map();
  const [cache, options] = [program.object("Cache", { rows }), program.object("Object")];
  program.variable("cache", cache);
  if (isVariable) {
    const scope = program.newScope(program.scope);
    heap.variable(scope, "rows", rows).property(program.main, "add", program.function("add", scope, 1));
  }
  if (inside !== "") heap.property(cache, inside, options);
  const record = inside === "" ? cache : options;
  const shape = heap.node("object shape", "system / Map");
  const descriptors = heap.node("object shape", "system / DescriptorArray");
  heap.internal(record, "map", shape).internal(shape, "descriptors", descriptors);
  for (const [i, name] of ["rows", ...names].entries()) {
    const symbol = heap.node("symbol", "symbol");
    heap.internal(symbol, "name", heap.string(name));
    heap.internal(descriptors, String(3 * i), areSymbols && i > 0 ? symbol : heap.string(name));
  }
  if (isFraction) heap.hidden(record, 2, heap.node("number", "heap number"));
  const mails = program.variable("mails", program.map());
  const report = await reportAfter(program, () =>
    times(40, () => {
      program.add(rows, heap.string("id"), program.object("Row", {}, 300));
      program.add(mails, heap.string("id"), program.object("Mail", {}, 200));
    }),
  );
  const leaks = leaksOf(report);
  const found = leaks.find(({ title }) => title.includes("`cache.rows`"))!;
  const bound = /Its `(.+)` may be its bound: if it is, it only fills up\.$/.exec(found.advice)?.[1];
  assert.equal(leaks.indexOf(found), bound === undefined ? 0 : 1);
  return bound;
}

suite("what may have a bound", () => {
  test("is told by the name of a whole number beside it, and comes after what has none", async () => {
    for (const name of ["max", "maxSize", "capacity", "limit", "ttl", "_max", "max_entries"])
      assert.equal(await boundWith([name]), name);
  });

  test("is told by what a symbol is for", async () => {
    assert.equal(await boundWith(["max"], { areSymbols: true }), "max");
    assert.equal(await boundWith(["length"], { areSymbols: true }), undefined);
  });

  test("is told by what it was asked for with", async () => {
    assert.equal(await boundWith(["stdTTL"], { inside: "options" }), "options.stdTTL");
    assert.equal(await boundWith(["stdTTL"], { inside: "parent" }), undefined);
  });

  test("is not, where the number is called anything else", async () => {
    for (const name of ["hits", "maxListeners", "maxRetries", "limited"])
      assert.equal(await boundWith([name]), undefined);
  });

  test("is not, where a variable leads to it as well: whoever has that adds to it without asking", async () => {
    assert.equal(await boundWith(["max"], { isVariable: true }), undefined);
  });

  test("is not, where it may be Infinity: no property of the file's has that, either", async () => {
    assert.equal(await boundWith(["max"], { isFraction: true }), undefined);
  });
});
