import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/**
 * Views that nobody removes from two places. Each has a list of updates.
 *
 *     scope of server.js -views-> Set -> View -updates-> Array -> Update
 *                  \-------all-> Array ---^
 * @param busy how many of the views get updates
 * @param isKept whether the program has the lists of the first views elsewhere, too
 */
function views({ busy = Infinity, updates = 3, isKept = false } = {}): Promise<LeakReport> {
  const program = new SmallProgram("const views = new Set();\nconst all = [];\nfunction main() {}\n");
  const set = program.variable("views", program.set());
  const all = program.variable("all", program.array());
  const kept = program.variable("kept", program.map());
  const lists: NodeRow[] = [];
  return reportAfter(program, (round) => {
    times(40, () => {
      const list = program.array();
      const view = program.object("View", { updates: list }, 600);
      lists.push(list);
      program.add(set, view);
      program.push(all, view);
      if (isKept && round === 0) program.add(kept, program.heap.string("a name"), list);
    });
    for (const list of lists.slice(0, busy))
      times(updates, () => program.push(list, program.object("Update", {}, 100)));
  });
}

suite("what grows behind the entries of a container that gains entries, where another holder has those as well", () => {
  test("is a consequence, and goes with them", async () => {
    assert.match(onlyLeak(await views()).title, /^Set `views`/);
  });

  test("is told as well where the program keeps it elsewhere", async () => {
    const titles = leaksOf(await views({ busy: 40, isKept: true })).map(({ title }) => title);
    assert.equal(titles.length, 2, titles.join("; "));
    assert.match(titles[1]!, /^40 Array `/);
  });

  test("is told as well where it is so for some entries only, or most is there", async () => {
    assert.equal(leaksOf(await views({ busy: 12 })).length, 2);
    assert.equal(leaksOf(await views({ busy: 40, updates: 30 })).length, 2);
  });
});
