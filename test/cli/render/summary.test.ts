import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderSummary } from "#cli/render/summary.js";
import { fakeSummary } from "../../support/fake-report.js";
import { matchesGolden } from "../../support/golden.js";

const look = { columns: 80, color: false, top: 20 };

describe("renderSummary", () => {
  it("prints the classes of a heap", () => {
    matchesGolden("cli-summary.txt", renderSummary(fakeSummary(), look));
  });

  it("shows as many classes as asked for and counts the others", () => {
    const text = renderSummary(fakeSummary(), { ...look, top: 2 });
    assert.match(text, /Item/);
    assert.doesNotMatch(text, /\(string\)/);
    assert.match(text, /… 1 more class; --top 3 shows all/);
  });

  it("notes what was cut short, and takes an empty heap", () => {
    const text = renderSummary(
      fakeSummary({ classes: [], totalBytes: 0, warnings: [{ code: "x", message: "strings were\u0007 cut" }] }),
      look,
    );
    assert.match(text, /note: strings were\\u0007 cut/);
    assert.doesNotMatch(text, /NaN|undefined/);
  });
});
