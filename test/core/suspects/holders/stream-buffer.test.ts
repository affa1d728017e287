import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("chunks queued in a stream", () => {
  test("are told by the stream", async () => {
    const leak = await leakOfEveryKind("`outbox`");
    assert.equal(leak.kind, "stream-buffer");
    assert.equal(leak.growth.entryWord, "chunks");
    assert.deepEqual(leak.growth.entries, [60, 60]);
  });

  test("are none if a program queues them itself", async () => {
    const program = new SmallProgram();
    const buffered = program.array();
    program.variable("outbox", program.object("Outbox", { state: program.object("State", { buffered }) }));
    const leak = await leakAfter(program, () => times(40, () => program.push(buffered, program.object("C", {}, 300))));
    assert.equal(leak.kind, "module-array");
  });
});
