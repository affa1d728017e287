import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderRetainers } from "#cli/render/retainers.js";
import { fakeRetainers, step } from "../../support/fake-report.js";
import { matchesGolden } from "../../support/golden.js";

const look = { columns: 80, color: false, top: Infinity };

describe("renderRetainers", () => {
  it("prints why an object is alive", () => {
    matchesGolden("cli-retainers.txt", renderRetainers(fakeRetainers(), look));
  });

  it("says that nothing keeps an object alive", () => {
    const text = renderRetainers(fakeRetainers({ path: [], retainers: [], omitted: 0 }), look);
    assert.match(text, /Nothing keeps it alive/);
  });

  it("says that a root is one, and nothing of its distance", () => {
    const { node } = fakeRetainers();
    const root = { ...node, id: 1, class: "(synthetic)", distance: -1 };
    const text = renderRetainers(
      fakeRetainers({ node: root, path: [step("", { internal: true })], retainers: [] }),
      look,
    );
    assert.match(text, /It is a root/);
    assert.doesNotMatch(text, /from a root|alive because/);
  });

  it("folds a path of thousands of steps", () => {
    const path = Array.from({ length: 5000 }, (_, index) => step(`link ${index}`));
    const lines = renderRetainers(fakeRetainers({ path }), look).split("\n");
    assert.ok(lines.length < 40);
    assert.ok(lines.some((line) => line.includes("… 4,980 more steps …")));
  });

  it("obeys no name", () => {
    const { node } = fakeRetainers();
    const text = renderRetainers(
      fakeRetainers({ node: { ...node, class: "\u001b[2J" }, path: [step("\u202e"), step("a\nb")] }),
      look,
    );
    assert.doesNotMatch(text, /[^\P{Cc}\n]|\p{Cf}/u);
    assert.match(text, /a\\u000ab/);
  });
});
