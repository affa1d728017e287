import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareHeaps } from "#core/compare-heaps.js";
import { heapsAfter, SmallProgram } from "../../support/small-program.js";
import { times } from "../../support/suspects.js";

suite("what is larger in another process", () => {
  test("is not said to let go of what it had, of which that process knows nothing", async () => {
    const heaps = [0, 40].flatMap((more) => {
      const program = new SmallProgram("", "/app/node_modules/validator/lib/core.js");
      times(more === 0 ? 2001 : 0, () => program.heap.object("Elsewhere"));
      const schemas = program.variable("schemas", program.array());
      const functions = program.variable("functions", program.array());
      return heapsAfter(program.heap, 1, () => {
        times(400 + more, () =>
          program.push(schemas, program.object("Schema", { name: program.heap.string("user") }, 900)),
        );
        times(more, () => program.push(functions, program.object("Validate", {}, 800)));
      });
    });
    const { suspects, snapshots } = await compareHeaps(heaps);
    assert.equal(snapshots[1]!.comparability, "other-process");
    // What grows alike in one library is one finding, if both do.
    const titles = suspects.map(({ title, growAlong }) => [title, ...growAlong].map((each) => /`(.+)`/.exec(each)![1]));
    assert.deepEqual(titles, [["schemas", "functions"]]);
  });
});
