import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { countsAsLeak } from "@leakdiff/core";
import { isLeak } from "#core/suspects/growth/growth-verdict.js";

const VERDICTS = ["growing", "stepped", "grew", "settled", "decaying", "turnover"] as const;

suite("what counts as a leak", () => {
  test("is what may still grow", () => {
    const counted = VERDICTS.filter((verdict) => countsAsLeak({ verdict }));
    assert.deepEqual(counted, ["growing", "stepped", "grew"]);
  });

  test("is what is looked for: a report and the search for suspects are of one mind", () => {
    for (const verdict of VERDICTS) assert.equal(countsAsLeak({ verdict }), isLeak({ judgement: verdict }));
  });
});
