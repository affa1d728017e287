import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { SmallPage } from "../../../support/small-page.js";
import { reportAfter } from "../../../support/small-program.js";
import { reportOn } from "../../../support/real-reports.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/** Charts are only added to an array, and so many listeners to the window: each of them is for its chart, or for none. */
function chartsWith(listeners: number, areTheirs: boolean): Promise<LeakReport> {
  const page = new SmallPage("function draw() { window.addEventListener('resize', () => chart.fit()); }\n");
  const { program, heap } = page;
  const charts = program.variable("charts", program.array());
  const resize = page.listenersOf(page.window);
  return reportAfter(program, () =>
    times(40, (i) => {
      const chart = program.object("Chart", {}, 600);
      program.push(charts, chart);
      if (i >= listeners) return;
      times(Math.ceil(listeners / 40), () => {
        const scope = areTheirs ? program.newScope(program.scope) : page.scopeWith("view");
        if (areTheirs) heap.variable(scope, "chart", chart);
        page.listen(resize, page.function("", "() => chart", scope));
      });
    }),
  );
}

test("timers that entries of a holder refer to are told with that", async () => {
  const leak = onlyLeak(await reportOn("sessions-with-timers"));
  assert.match(leak.title, /^Map `logins`/);
  assert.match(leak.alsoHeldBy[0]!, /^timers calling /);
});

suite("listeners for what another holder has", () => {
  test("are told with that, as many as there are of it, or several for each", async () => {
    for (const listeners of [40, 120]) {
      const leak = onlyLeak(await chartsWith(listeners, true));
      assert.match(leak.title, /^Array `charts`/);
      assert.deepEqual(leak.alsoHeldBy.length, 1);
      assert.match(leak.alsoHeldBy[0]!, /^listeners of "resize" on `window`/);
    }
  });

  test("are a bug of their own where they are for something else, or in another number", async () => {
    assert.equal(leaksOf(await chartsWith(40, false)).length, 2);
    assert.equal(leaksOf(await chartsWith(30, true)).length, 2);
  });
});
