import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("slices that keep the text they were cut from", () => {
  test("are told of what holds them", async () => {
    const leak = await leakKeptWithIt("`titles`");
    assert.equal(leak.kind, "sliced-strings");
    assert.match(leak.title, /^Array `titles`, .*keeps slices/);
  });

  test("are none if a text has many slices, which may be all of it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const lines = program.variable("lines", program.array());
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => {
        const text = heap.string(`${round}.${i} `.padEnd(400, "x"), { size: 416 });
        const page = program.array();
        for (let part = 0; part < 4; part++) {
          const slice = heap.node("sliced string", "(sliced string)", { size: 32 });
          heap.internal(slice, "parent", text);
          program.push(page, slice);
        }
        program.push(lines, page);
      }),
    );
    assert.equal(leak.kind, "module-array");
  });

  test("are told also where a slice is a property of what is kept", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const sessions = program.variable("sessions", program.array());
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => {
        const slice = heap.node("sliced string", "(sliced string)", { size: 32 });
        heap.internal(slice, "parent", heap.string(`${round}.${i} `.padEnd(400, "x"), { size: 416 }));
        program.push(sessions, program.object("Session", { id: slice }));
      }),
    );
    assert.equal(leak.kind, "sliced-strings");
  });
});
