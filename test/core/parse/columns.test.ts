import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { areShared, discard, resized } from "#core/parse/columns.js";

suite("columns", () => {
  test("that are discarded are empty at once, save those that other threads see", () => {
    const [one, other] = [new Uint32Array(4), new Float64Array(4)];
    const shared = new Uint32Array(new SharedArrayBuffer(16));
    discard(one, other, other.subarray(1), shared);
    assert.deepEqual([one.length, other.length, shared.length], [0, 0, 4]);
    discard(one, new Uint8Array(0));
  });

  test("are seen by other threads if all of them are shared", () => {
    const [shared, own] = [new Uint8Array(new SharedArrayBuffer(4)), new Uint8Array(4)];
    assert.ok(areShared({ shared, count: 3, none: null }));
    assert.ok(!areShared({ shared, own }));
  });

  test("are copied when they get another length, into shared memory if wanted", () => {
    const column = Uint32Array.of(1, 2, 3);
    assert.equal(resized(column, 3), column);
    const longer = resized(column, 5, "shared");
    assert.deepEqual([...longer], [1, 2, 3, 0, 0]);
    assert.ok(longer.buffer instanceof SharedArrayBuffer);
    assert.equal(column.length, 0);
    assert.deepEqual([...resized(Uint32Array.of(1, 2, 3), 2)], [1, 2]);
    assert.ok(resized(longer, 4).buffer instanceof ArrayBuffer);
  });
});
