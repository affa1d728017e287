import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { foldPath } from "#cli/render/path.js";
import { step } from "../../support/fake-report.js";

/** Twelve steps, of which some are variables, folded to two and three. */
function folded(...variables: number[]): string {
  const path = Array.from({ length: 12 }, (_, i) =>
    variables.includes(i) ? step(`v${i}`, { edge: { type: "context", name: `v${i}` } }) : step(`s${i}`),
  );
  return foldPath(path, 2, 3)
    .map((shown) => ("omitted" in shown ? `(${shown.omitted})` : shown.words))
    .join(" ");
}

suite("a long path", () => {
  test("is cut in the midst", () => {
    assert.equal(folded(), "s0 s1 (7) s9 s10 s11");
  });

  test("keeps the last variable, if it would show none", () => {
    assert.equal(folded(3, 5), "s0 s1 (3) v5 (3) s9 s10 s11");
    assert.equal(folded(3), "s0 s1 s2 v3 (5) s9 s10 s11");
    assert.equal(folded(8), "s0 s1 (6) v8 s9 s10 s11");
  });

  test("keeps none besides one that it shows", () => {
    assert.equal(folded(1, 5), "s0 v1 (7) s9 s10 s11");
    assert.equal(folded(5, 9), "s0 s1 (7) v9 s10 s11");
  });
});
