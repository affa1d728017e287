import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("functions compiled from text", () => {
  test("are told of what holds them", async () => {
    const leak = await leakKeptWithIt("`templates`");
    assert.equal(leak.kind, "generated-functions");
    assert.match(leak.title, /^Array `templates`, .*keeps functions compiled from text$/);
  });

  test("are none if they stem from one script of the program's", async () => {
    const program = new SmallProgram();
    const handlers = program.variable("handlers", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const handler = program.function("handler", program.newScope(program.scope), 3);
        program.heap.property(handler, "route", program.object("Route", {}, 300));
        program.push(handlers, handler);
      }),
    );
    assert.equal(leak.kind, "callbacks");
  });
});
