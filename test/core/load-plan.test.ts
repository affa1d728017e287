import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { planFor, threadsBeside } from "#core/load-plan.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-plan-"));
after(() => rmSync(folder, { recursive: true }));

/** Files of so many megabytes, of which nothing is written. */
function filesOf(...megabytes: number[]): string[] {
  return megabytes.map((size, i) => {
    const file = join(folder, `${i}`);
    writeFileSync(file, "");
    truncateSync(file, size * 2 ** 20);
    return file;
  });
}

/** What is planned for files, with one thread beside this one. */
function planned(megabytes: readonly number[], others = 1) {
  const { orders, last, isTogether, small, memory, lent } = planFor(filesOf(...megabytes), others, {});
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
    const files = filesOf(20, 1, 20);
    assert.equal(threadsBeside(files, {}), Math.min(2, availableParallelism()) - 1);
    assert.equal(threadsBeside(files, { memory: "low" }), 0);
    assert.equal(threadsBeside(files.slice(1), {}), 0);
    assert.equal(threadsBeside(files, { workersFrom: Infinity }), 0);
  });
});
