import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { reportAfter, SmallProgram } from "../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../support/suspects.js";

const LIBRARY = "/app/node_modules/validator/lib/core.js";

/** Two tables of one file, of which the second gains so many entries for each that the first gains. */
function twoTables(file: string, many = 1): Promise<LeakReport> {
  const program = new SmallProgram("function main() {}\n", file);
  const schemas = program.variable("schemas", program.array());
  const functions = program.variable("functions", program.array());
  return reportAfter(program, () =>
    times(40, () => {
      program.push(schemas, program.object("Schema", {}, 500));
      times(many, () => program.push(functions, program.object("Validate", {}, 200)));
    }),
  );
}

suite("tables of one library that gain as many entries each time", () => {
  test("are one finding, named by the largest", async () => {
    const report = await twoTables(LIBRARY);
    const leak = onlyLeak(report);
    assert.match(leak.title, /^Array `schemas`/);
    assert.deepEqual(leak.alsoHeldBy, []);
    assert.equal(leak.growAlong.length, 1);
    assert.match(leak.growAlong[0]!, /^Array `functions`/);
    const { growth, suspects } = report.totals;
    assert.ok(
      suspects.every((bytes, i) => bytes > growth[i]! * 0.9),
      "both count for it",
    );
  });

  test("are two where one gains more than the other", async () => {
    assert.equal(leaksOf(await twoTables(LIBRARY, 2)).length, 2);
  });

  test("are two where they are the program's own", async () => {
    assert.equal(leaksOf(await twoTables("/app/lib/core.js")).length, 2);
  });
});
