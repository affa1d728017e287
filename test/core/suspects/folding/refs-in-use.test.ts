import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

/** Titles of what leaks where `shown` keeps all pictures, and a cache has a WeakRef of each, or of what it is told. */
async function titles(targetOf: (program: SmallProgram, picture: NodeRow) => NodeRow | null): Promise<string[]> {
  const program = new SmallProgram();
  const shown = program.variable("shown", program.array());
  const cache = program.variable("cache", program.map());
  const report = await reportAfter(program, () =>
    times(40, (i) => {
      const picture = program.object("Picture", {}, 200);
      program.push(shown, picture);
      const ref = program.object("WeakRef");
      const target = targetOf(program, picture);
      if (target !== null) program.heap.weak(ref, "target", target);
      program.add(cache, program.heap.string(`picture ${i}`), ref);
    }),
  );
  assert.ok(report.totals.unexplained.every((bytes) => bytes === 0));
  return leaksOf(report).map(({ title }) => title);
}

suite("a collection of WeakRefs", () => {
  test("goes with who holds their targets", async () => {
    assert.deepEqual(await titles((_, picture) => picture), ["Array `shown`, module scope of server.js"]);
  });

  test("is told where the targets are gone, or were there all the time", async () => {
    for (const target of [() => null, ({ scope }: SmallProgram) => scope]) {
      const [first, second] = await titles(target);
      assert.match(first!, /`shown`/);
      assert.match(second!, /^Map `cache`.*keeps WeakRefs$/);
    }
  });
});
