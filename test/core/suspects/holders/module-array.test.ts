import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("an Array that only grows", () => {
  test("is told with its elements", async () => {
    const leak = await leakOfEveryKind("`journal`");
    assert.equal(leak.kind, "module-array");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
    assert.equal(leak.growth.entryWord, "elements");
  });

  test("is told to be unpiped if it is what a stream is piped into, and only then", async () => {
    for (const state of ["_readableState", "house"]) {
      const program = new SmallProgram();
      const pipes = program.array();
      program.variable("upstream", program.object("Readable", { [state]: program.object("State", { pipes }) }));
      const leak = await leakAfter(program, () => times(40, () => program.push(pipes, program.object("S", {}, 300))));
      assert.equal(/unpipe/.test(leak.advice), state === "_readableState");
    }
  });

  test("is told with what to do about responses if it has the sockets of Node's agent, and only then", async () => {
    for (const file of ["node:_http_agent", "/app/agent.js"]) {
      const program = new SmallProgram();
      const { heap } = program;
      new SmallProgram("class Agent {}\n", file, heap, 9);
      const agent = heap.object("Agent", { size: 32, at: { scriptId: 9, line: 0, column: 0 } });
      const inUse = program.array();
      heap.property(agent, "sockets", program.object("Object", { "shop:443": inUse }));
      program.variable("agent", agent);
      const leak = await leakAfter(program, () =>
        times(40, () => program.push(inUse, program.object("Socket", {}, 300))),
      );
      assert.equal(/read its response/.test(leak.advice), file.startsWith("node:"));
    }
  });

  test("is told with its scope if V8 does not tell the variable, as of code that was evaluated", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const list = program.array();
    const scope = program.newScope(program.scope);
    program.variable("track", program.function("track", scope, 3));
    heap.hidden(scope, 0, list);
    const leak = await leakAfter(program, () => times(40, () => program.push(list, program.object("Job", {}, 300))));
    assert.equal(leak.title, "Array in the scope around track() in server.js:3");
    assert.equal(leak.holder.module, "/app/server.js");
  });

  test("is none if a Set keeps the same", async () => {
    const program = new SmallProgram();
    const set = program.variable("list", program.set());
    const leak = await leakAfter(program, () => times(30, () => program.add(set, program.object("Page", {}, 500))));
    assert.notEqual(leak.kind, "module-array");
  });
});
