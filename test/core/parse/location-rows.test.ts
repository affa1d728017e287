import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LocationRows } from "#core/parse/location-rows.js";

const STRIDE = 7;
const FIELDS = { stride: 4, objectIndex: 0, scriptId: 1, line: 2, column: 3 };

test("locations come in the order of their nodes, whatever that of the file; of several for one node the first", () => {
  const nodeCount = 200;
  const row = fc.tuple(fc.nat(nodeCount - 1), fc.nat(), fc.nat(), fc.nat());
  fc.assert(
    fc.property(fc.array(row, { maxLength: 400 }), (rows) => {
      const section = new LocationRows(FIELDS, STRIDE, { file: "x", chunkStart: 0, textBytes: 0, shared: false });
      const block = Float64Array.from(rows.flatMap(([node, ...place]) => [node * STRIDE, ...place]));
      assert.equal(section.takeBlock(block, block.length, true), block.length);
      const firstOfNode = new Map([...rows].reverse().map(([node, ...place]) => [node, place]));
      const expected = [...firstOfNode].sort(([a], [b]) => a - b).map(([node, place]) => [node, ...place]);
      const { node, scriptId, line, column } = section.sorted(nodeCount);
      assert.deepEqual([...node].map((each, i) => [each, scriptId[i], line[i], column[i]]), expected); // prettier-ignore
    }),
  );
});

test("a place that V8 does not know is no damage, and none", () => {
  const section = new LocationRows(FIELDS, STRIDE, { file: "x", chunkStart: 0, textBytes: 0, shared: false });
  const unknown = 2 ** 32 - 1;
  // The only function of an empty ES module, and the generator that runs it, in Node 20.
  const rows = [1, 122, unknown, unknown, 2, 122, unknown, unknown, 3, 123, 4, 5];
  const block = Float64Array.from(rows, (value, i) => (i % 4 === 0 ? value * STRIDE : value));
  assert.equal(section.takeBlock(block, block.length, true), block.length);
  const { node, scriptId, line, column } = section.sorted(10);
  assert.deepEqual([[...node], [...scriptId], [...line], [...column]], [[3], [123], [4], [5]]);
});

test("a place before the file's first line or column is that where the file begins", () => {
  const section = new LocationRows(FIELDS, STRIDE, { file: "x", chunkStart: 0, textBytes: 0, shared: false });
  // The function that a test runner puts around a file, and has begin so far before it that the file begins at 0.
  const rows = [1, 122, 0, 2 ** 32 - 196, 2, 122, 2 ** 32 - 3, 7];
  const block = Float64Array.from(rows, (value, i) => (i % 4 === 0 ? value * STRIDE : value));
  assert.equal(section.takeBlock(block, block.length, true), block.length);
  const { node, line, column } = section.sorted(10);
  assert.deepEqual([[...node], [...line], [...column]], [[1, 2], [0, 0], [0, 7]]); // prettier-ignore
});
