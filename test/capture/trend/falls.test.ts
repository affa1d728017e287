import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fallsOf } from "#capture/trend/falls.js";

describe("fallsOf", () => {
  //   9        8
  //  / \  5   / \
  // 3   4/ \ 2   \
  //         2     1
  it("goes from each high to the next low and passes over small swings", () => {
    const values = [3, 9, 4, 5, 2, 8, 1];
    assert.deepEqual(fallsOf(values, 4), [
      { from: 1, to: 4 },
      { from: 5, to: 6 },
    ]);
    assert.deepEqual(fallsOf(values, 1), [
      { from: 1, to: 2 },
      { from: 3, to: 4 },
      { from: 5, to: 6 },
    ]);
  });

  it("finds none in what only rises, and the one that is still going on", () => {
    assert.deepEqual(fallsOf([1, 2, 3], 1), []);
    assert.deepEqual(fallsOf([3, 2], 1), [{ from: 0, to: 1 }]);
    assert.deepEqual(fallsOf([], 1), []);
  });

  it("finds falls that are deep enough, in order, and as many whatever is added to all values", () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 50 }), (values, least) => {
        const falls = fallsOf(values, least);
        let last = -1;
        for (const { from, to } of falls) {
          assert.ok(from > last && to > from);
          assert.ok(values[from]! - values[to]! >= least);
          last = to;
        }
        const lifted = values.map((value) => value + 1000);
        assert.deepEqual(fallsOf(lifted, least), falls);
      }),
    );
  });
});
