import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pairByFile, type Place } from "#core/diff/named-places.js";

suite("places of one file and name", () => {
  test("are paired however many there are, as the functions of a large program", () => {
    const functions = Array.from({ length: 200_000 }, (_, node): Place => ({
      node,
      file: "/app.js",
      name: `f${node}`,
    }));
    const pairs = pairByFile(functions, functions);
    assert.equal(pairs.length, functions.length);
    assert.deepEqual(pairs.at(-1), [functions.length - 1, functions.length - 1]);
  });
});
