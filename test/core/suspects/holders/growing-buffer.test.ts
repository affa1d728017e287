import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportOn } from "../../../support/real-reports.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, onlyLeak, times } from "../../../support/suspects.js";

suite("bytes that get more and more", () => {
  test("are told by the WebAssembly memory that has them, though its buffer is another one each time", async () => {
    const leak = onlyLeak(await reportOn("wasm-memory"));
    assert.equal(leak.kind, "growing-buffer");
    assert.match(leak.title, /^WebAssembly memory `decoder\.instance\.exports\.memory`, /);
    assert.equal((await reportOn("clean-wasm-memory")).verdict, "no-leak");
  });

  test("are told by the variable of the buffer where that is resized", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const buffer = program.object("ArrayBuffer");
    const bytes = heap.native("system / JSArrayBufferData");
    heap.internal(buffer, "backing_store", bytes);
    program.variable("arena", program.object("Arena", { buffer }));
    const leak = await leakAfter(program, (round) => heap.resize(bytes, 40_000 * (round + 1)));
    assert.equal(leak.kind, "growing-buffer");
    assert.match(leak.title, /^growing ArrayBuffer `arena\.buffer`, /);
  });

  test("are none where there are more and more buffers", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const frames = program.variable("frames", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const buffer = program.object("ArrayBuffer");
        heap.internal(buffer, "backing_store", heap.native("system / JSArrayBufferData", { size: 400 }));
        program.push(frames, buffer);
      }),
    );
    assert.equal(leak.kind, "module-array");
  });
});
