import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("a collection of WeakRefs", () => {
  test("is told of what holds them", async () => {
    const leak = await leakKeptWithIt("`parsed`");
    assert.equal(leak.kind, "weak-refs");
    assert.deepEqual(leak.growth.entryCounts, [200, 500, 800]);
  });

  test("is none if only some entries are", async () => {
    const program = new SmallProgram();
    const pages = program.variable("pages", program.array());
    const leak = await leakAfter(program, () =>
      times(40, (i) => program.push(pages, program.object(i % 4 === 0 ? "WeakRef" : "Page", {}, 200))),
    );
    assert.equal(leak.kind, "module-array");
  });

  test("is none if far more is kept with each entry than a WeakRef", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const signals = program.variable("signals", program.array());
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => {
        program.push(signals, program.object("WeakRef", {}, 24));
        heap.internal(signals, `listener ${round}.${i}`, program.object("Request", {}, 900));
      }),
    );
    assert.equal(leak.kind, "module-array");
  });
});
