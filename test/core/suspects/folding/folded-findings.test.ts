import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { FoldedFindings } from "#core/suspects/folding/folded-findings.js";
import type { Finding } from "#core/suspects/growth/finding.js";

suite("findings that are folded into others", () => {
  test("take along what was folded into them: no bytes are lost on the way", () => {
    const finding = (grown: number, bytes: number) => ({ grown, folded: [], bytes: [bytes] }) as unknown as Finding;
    const [list, copy, table, other] = [finding(1, 100), finding(2, 200), finding(3, 400), finding(4, 800)];
    const folded = new FoldedFindings([list, copy, table, other]);
    folded.fold(list, copy);
    folded.fold(copy, table);
    assert.deepEqual(
      [list, copy, table, other].map((each) => folded.isLeft(each)),
      [false, false, true, true],
    );
    assert.deepEqual(folded.all(), [{ ...table, bytes: [700], folded: [2, 1] }, other]);
  });
});
