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

  test("are none if they are part of a stream of Node's, which needs them", async () => {
    const NODES = 8; // number of a script
    for (const [scriptId, kind] of [
      [NODES, "module-array"],
      [7, "buffer-view"],
    ] as const) {
      const program = new SmallProgram();
      const { heap } = program;
      const zlib = new SmallProgram("", "node:zlib", heap, NODES);
      heap.property(program.scope, "zlib", zlib.main);
      const active = program.variable("active", program.array());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const buffer = program.object("ArrayBuffer");
          const bytes = heap.native("system / JSArrayBufferData", { size: 16_384 });
          heap.internal(buffer, "backing_store", bytes);
          const stream = heap.object("Gzip", { at: { scriptId, line: 1, column: 0 } });
          heap.property(stream, "_outBuffer", program.object("Buffer", { buffer }));
          program.push(active, stream);
        }),
      );
      assert.equal(leak.kind, kind);
    }
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
