import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { suite, test } from "node:test";
import { planFor, threadsBeside } from "#core/load-plan.js";

const bytesOf = (megabytes: readonly number[]): number[] => megabytes.map((size) => size * 2 ** 20);

/** What is planned for files, with one thread beside this one. */
function planned(megabytes: readonly number[], others = 1) {
  const { orders, last, isTogether, small, memory, lent } = planFor(
    megabytes.map((_, i) => `${i}`),
    bytesOf(megabytes),
    others,
    {},
  );
  const indexes = (list: readonly { readonly index: number }[]): number[] => list.map(({ index }) => index);
  const [part] = lent;
  if (part !== undefined) assert.equal(part.memory, memory!.memory);
  return [indexes(orders), last?.index, isTogether, indexes(small), lent.length];
}

suite("the plan of loading", () => {
  test("has this thread begin with the last heap where the others have one each, and end with it where it is left", () => {
    assert.deepEqual(planned([20, 20]), [[0], 1, false, [], 0]);
    assert.deepEqual(planned([20, 20, 20]), [[0, 1], 2, true, [], 1]);
    assert.deepEqual(planned([20, 20, 20, 20]), [[0, 1, 2], 3, false, [], 0]);
    assert.deepEqual(planned([20, 20, 20, 20], 2), [[0, 1, 2], 3, true, [], 2]);
    assert.deepEqual(planned([20, 20, 20], 0), [[0, 1, 2], undefined, false, [], 0]);
  });

  test("leaves small files to this thread, wherever they stand", () => {
    assert.deepEqual(planned([20, 1, 20, 20]), [[0, 2], 3, true, [1], 1]);
    assert.deepEqual(planned([20, 20, 1]), [[0, 1], undefined, false, [2], 0]);
  });

  test("lends no memory where one has not enough for all, and has no thread help then", () => {
    assert.deepEqual(planned([600, 600, 600]), [[0, 1], 2, true, [], 1]);
    assert.deepEqual(planned([3000, 3000, 3000]), [[0, 1], 2, false, [], 0]);
  });

  test("asks for no more threads than there is work for, and for none to take less memory", () => {
    const sizes = bytesOf([20, 1, 20]);
    assert.equal(threadsBeside(sizes, {}), Math.min(2, availableParallelism()) - 1);
    assert.equal(threadsBeside(sizes, { memory: "low" }), 0);
    assert.equal(threadsBeside(sizes.slice(1), {}), 0);
    assert.equal(threadsBeside(sizes, { workersFrom: Infinity }), 0);
  });
});
