import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("a private field of an instance", () => {
  test("is told with its class and where that is", async () => {
    const leak = await leakKeptWithIt("`telemetry.#events`");
    assert.equal(leak.kind, "private-field");
    assert.match(leak.title, /a private field of Telemetry \(kept-with-it\.mjs:\d+\)$/);
  });

  test("is none if a public property of the private object grows", async () => {
    const program = new SmallProgram();
    const list = program.array();
    const log = program.object("Log", { list });
    program.variable("telemetry", program.object("Telemetry", { "#log": log }));
    const leak = await leakAfter(program, () => times(40, () => program.push(list, program.object("Event", {}, 300))));
    assert.equal(leak.kind, "module-array");
    assert.match(leak.title, /`telemetry\.#log\.list`/);
  });
});
