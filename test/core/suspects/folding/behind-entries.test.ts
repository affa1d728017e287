import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/**
 * Views that a store still calls. Each has a list of updates, and the framework lists those anew each time.
 *
 *     scope of server.js -views-> Set -> View -updates-> Array <- Array <-waiting- Framework <-framework- scope of server.js
 * @param busy how many of the views get updates
 */
function views({ busy = Infinity, updates = 3 } = {}): Promise<LeakReport> {
  const program = new SmallProgram(
    "const views = new Set();\nconst framework = { waiting: [] };\nfunction main() {}\n",
  );
  const { heap } = program;
  const framework = program.variable("framework", program.object("Framework"));
  const set = program.variable("views", program.set());
  const lists: NodeRow[] = [];
  let waiting: NodeRow | undefined;
  return reportAfter(program, () => {
    times(40, () => {
      lists.push(program.array());
      program.add(set, program.object("View", { updates: lists.at(-1)! }, 600));
    });
    if (waiting !== undefined) {
      heap.unlink(framework, "waiting");
      program.freeArray(waiting);
    }
    waiting = program.array();
    heap.property(framework, "waiting", waiting);
    program.push(waiting, ...lists);
    for (const list of lists.slice(0, busy))
      times(updates, () => program.push(list, program.object("Update", {}, 100)));
  });
}

suite("what grows behind the entries of a container that gains entries, and something else knows it", () => {
  test("is a consequence, and goes with them", async () => {
    assert.match(onlyLeak(await views()).title, /^Set `views`/);
  });

  test("is told as well where it is so for some entries only, or most is there", async () => {
    assert.equal(leaksOf(await views({ busy: 12 })).length, 2);
    assert.equal(leaksOf(await views({ busy: 40, updates: 30 })).length, 2);
  });
});
