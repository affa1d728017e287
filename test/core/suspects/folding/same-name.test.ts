import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { foldSameName } from "#core/suspects/folding/same-name.js";
import type { Finding } from "#core/suspects/growth/finding.js";
import { NO_PATH } from "#core/suspects/naming/access-words.js";
import { SmallProgram, reportAfter } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

/** What is said of Arrays in properties of these names, of one object of the program's. */
async function titlesOf(names: readonly string[]): Promise<string[]> {
  const program = new SmallProgram();
  const arrays = names.map(() => program.array());
  const tenants = names.map((name, i) => [name, program.object("Tenant", { users: arrays[i]! })] as const);
  program.variable("usage", program.object("Usage", Object.fromEntries(tenants)));
  const report = await reportAfter(program, () =>
    arrays.forEach((array) => times(40, () => program.push(array, program.object("User", {}, 300)))),
  );
  return leaksOf(report).map(({ title }) => title);
}

suite("holders that the program knows by one name", () => {
  test("are one, also if the names of properties differ by a number", async () => {
    const titles = await titlesOf(["t1", "t2", "t3", "t4"]);
    assert.equal(titles.length, 1);
    assert.match(titles[0]!, /^4 Array `usage\[…\]\.users`, module scope of server\.js, each growing$/);
  });

  test("are several if there are few of them, or they have names of their own", async () => {
    assert.equal((await titlesOf(["t1", "t2"])).length, 2);
    assert.equal((await titlesOf(["buyers", "sellers", "guests"])).length, 3);
  });

  test("are one and the same if what others refer to as well is counted for its scope", () => {
    const path = { ...NO_PATH, expression: "byId", words: ["byId"], anchor: "variable" };
    const of = (grown: number, container: number, bytes: number) =>
      ({
        path,
        grown,
        container,
        judgement: "growing",
        bytes: [bytes, bytes],
        members: 1,
        entries: { counts: [60, 100, 140], word: "entries" },
        folded: [],
        alsoHeldBy: [],
        growAlong: [],
      }) as unknown as Finding;
    const [one, ...none] = foldSameName([of(1, 7, 9000), of(2, 7, 960)], () => "Map");
    assert.deepEqual([none.length, one!.members, one!.bytes, one!.folded], [0, 1, [9960, 9960], [2]]);
    assert.deepEqual(one!.entries?.counts, [60, 100, 140]);
    const [two] = foldSameName([of(1, 7, 9000), of(2, 8, 960)], () => "Map");
    assert.deepEqual([two!.members, two!.entries], [2, null]);
  });
});
