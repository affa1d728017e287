import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EXIT, exitCode } from "#cli/gate.js";
import { fakeReport, fakeSuspect, noLeak, settledSuspect, twoSnapshots } from "../support/fake-report.js";

describe("exitCode", () => {
  it("is 1 when something leaks and 0 when nothing grew", () => {
    assert.equal(exitCode(fakeReport(), false), 1);
    assert.equal(exitCode(noLeak(), false), 0);
  });

  it("is 0 for what settled or decays", () => {
    assert.equal(exitCode(noLeak({ suspects: [settledSuspect(), settledSuspect({ verdict: "decaying" })] }), false), 0);
  });

  it("is 1 for two snapshots only if somebody holds the growth", () => {
    assert.equal(exitCode(twoSnapshots(), false), 1);
    assert.equal(exitCode(twoSnapshots({ suspects: [] }), false), 0);
  });

  it("is 2 when there is no answer, whatever was found by the way", () => {
    assert.equal(exitCode(fakeReport({ verdict: "cannot-tell" }), false), 2);
    assert.equal(exitCode(fakeReport({ verdict: "cannot-tell" }), true), 2);
  });

  it("is 0 for a leak that --exit-zero forgives", () => {
    assert.equal(exitCode(fakeReport(), true), 0);
    assert.equal(exitCode(twoSnapshots(), true), 0);
  });

  it("is 0 where all that leaks is known, and 1 for anything else", () => {
    const report = fakeReport();
    const known = report.suspects.map(({ fingerprint }) => fingerprint);
    assert.equal(exitCode(report, false, known), 0);
    assert.equal(exitCode(report, false, ["map-cache-000000000000"]), 1);
    const another = fakeReport({ suspects: [...report.suspects, fakeSuspect({ fingerprint: "timers-000000000000" })] });
    assert.equal(exitCode(another, false, known), 1);
    assert.equal(exitCode(fakeReport({ verdict: "cannot-tell" }), false, known), 2);
  });

  it("never says 0 to a report that says leak", () => {
    assert.equal(exitCode(fakeReport({ suspects: [] }), false), 1);
  });
});

describe("EXIT", () => {
  it("keeps the codes that scripts rely on", () => {
    assert.deepEqual(EXIT, { nothingGrew: 0, leak: 1, trouble: 2, interrupted: 130 });
  });
});
