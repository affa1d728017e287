import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { reportOn } from "../../../support/real-reports.js";
import { leakAfter, onlyLeak, times } from "../../../support/suspects.js";
import { reportAfter } from "../../../support/small-program.js";

suite("marks of performance", () => {
  test("are told as such", async () => {
    const page = new SmallPage("");
    const timing = page.collection("blink::UserTiming", page.native("Performance", page.window));
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.add(timing, page.native("PerformanceMark", undefined, { size: 200 }))),
    );
    assert.equal(leak.kind, "performance-marks");
  });

  test("are told of Node as well", async () => {
    const leak = onlyLeak(await reportOn("performance-marks"));
    assert.equal(leak.kind, "performance-marks");
  });

  test("are none if they are what the browser itself notes", async () => {
    const page = new SmallPage("");
    const performance = page.collection("Performance", page.window);
    const report = await reportAfter(page.program, () =>
      times(40, () => page.add(performance, page.native("LargestContentfulPaint", undefined, { size: 200 }))),
    );
    assert.equal(report.verdict, "no-leak");
  });
});
