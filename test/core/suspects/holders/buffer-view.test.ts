import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("views that keep a whole buffer", () => {
  test("are told of what holds them", async () => {
    const leak = await leakKeptWithIt("`headers`");
    assert.equal(leak.kind, "buffer-view");
    assert.match(leak.title, /^Array `headers`, .*keeps views/);
  });

  test("are none if the ArrayBuffers themselves are kept", async () => {
    const program = new SmallProgram();
    const uploads = program.variable("uploads", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const buffer = program.object("ArrayBuffer");
        const bytes = program.heap.native("system / JSArrayBufferData", { size: 400 });
        program.heap.internal(buffer, "backing_store", bytes);
        program.push(uploads, program.object("Upload", { buffer }));
      }),
    );
    assert.equal(leak.kind, "module-array");
  });
});
