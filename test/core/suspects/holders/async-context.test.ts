import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("stores of an AsyncLocalStorage", () => {
  test("are told by what waits with them", async () => {
    const leak = await leakKeptWithIt("`callbacks`");
    assert.equal(leak.kind, "async-context");
    assert.match(leak.title, /^Map `callbacks`, .*, each with the store of an AsyncLocalStorage$/);
    assert.deepEqual(leak.growth.entryCounts, [20, 50, 80]);
  });

  test("are told by the store's class, in both ways that Node keeps them", async () => {
    for (const isFrame of [false, true]) {
      const program = new SmallProgram();
      const { heap } = program;
      const waiting = program.variable("waiting", program.array());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const store = program.object("RequestContext", {}, 400);
          const promise = program.object("Promise");
          if (isFrame) {
            const frame = program.object("AsyncContextFrame");
            heap.internal(frame, "table", heap.array("", { size: 100 })).internal(promise, "reactions", frame);
            heap.internal(frame, "0", store);
          } else heap.property(promise, "<symbol kResourceStore>", store);
          program.push(waiting, promise);
        }),
      );
      assert.equal(leak.kind, "async-context");
      assert.match(leak.title, /`waiting`, .*, a RequestContext$/);
    }
  });

  test("are a list where each refers to the one before it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    let span = program.object("Span", {}, 400);
    const leak = await leakAfter(program, (round) => {
      times(40, () => (span = program.object("Span", { parent: span }, 400)));
      const promise = program.object("Promise", { "<symbol kResourceStore>": span });
      if (round > 0) heap.unlink(program.scope, "wake");
      program.variable("wake", program.object("Resolver", { promise }));
    });
    assert.equal(leak.kind, "async-context");
    assert.match(leak.title, /`wake.*, with the store of an AsyncLocalStorage, a list of Span linked by `parent`$/);
    assert.match(leak.advice, /^Each store refers to the one before it/);
  });

  test("are not to blame where they are small", async () => {
    const program = new SmallProgram();
    const waiting = program.variable("waiting", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const promise = program.object("Promise", { result: program.object("Page", {}, 400) });
        program.heap.property(promise, "<symbol kResourceStore>", program.object("RequestContext"));
        program.push(waiting, promise);
      }),
    );
    assert.equal(leak.kind, "module-array");
  });
});
