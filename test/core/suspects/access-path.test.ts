import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../support/small-program.js";
import { leakAfter, times } from "../../support/suspects.js";

/** The title of an Array that 300 listeners know by way of its state, and after them whatever `also` makes of that. */
async function titleBehindListeners(also: (program: SmallProgram, state: number) => void): Promise<string> {
  const program = new SmallProgram();
  const [pipes, listeners] = [program.array(), program.array()];
  const state = program.object("ReadableState", { pipes });
  times(300, () => program.push(listeners, program.object("Listener", { state })));
  program.variable("listeners", listeners);
  also(program, state);
  const leak = await leakAfter(program, () => times(40, () => program.push(pipes, program.object("Out", {}, 300))));
  return leak.title;
}

suite("what the program calls an object that many refer to alike", () => {
  test("is the shortest way, though all of them come before it", async () => {
    const title = await titleBehindListeners((program, state) =>
      program.variable("upstream", program.object("Readable", { state })),
    );
    assert.equal(title, "Array `upstream.state.pipes`, module scope of server.js");
  });

  test("is theirs where nothing else names it", async () => {
    const title = await titleBehindListeners((program, state) => program.object("Readable", { state }));
    assert.equal(title, "Array `listeners[…].state.pipes`, module scope of server.js");
  });
});
