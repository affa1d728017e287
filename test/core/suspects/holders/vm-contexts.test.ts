import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("contexts of vm", () => {
  test("are told of what holds their sandboxes", async () => {
    const leak = await leakKeptWithIt("`sandboxes`");
    assert.equal(leak.kind, "vm-contexts");
    assert.match(leak.title, /^Map `sandboxes`, .*keeps vm contexts$/);
    assert.deepEqual(leak.growth.entryCounts, [4, 10, 16]);
  });

  test("are none if what is kept was only made in the program's own realm", async () => {
    const program = new SmallProgram();
    const callbacks = program.variable("callbacks", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const callback = program.function("later", program.newScope(), 3); // its scope is in the realm
        program.heap.property(callback, "page", program.object("Page", {}, 300));
        program.push(callbacks, callback);
      }),
    );
    assert.equal(leak.kind, "callbacks");
  });
});
