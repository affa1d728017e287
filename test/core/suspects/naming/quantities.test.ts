import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesInWords, countInWords } from "#core/suspects/naming/quantities.js";

test("bytes are told in decimal units, with two or three figures", () => {
  const table: readonly [bytes: number, words: string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [999.6, "1.0 kB"],
    [1000, "1.0 kB"],
    [1949, "1.9 kB"],
    [99_949, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [-5_300_000, "-5.3 MB"],
    [4.2e9, "4.2 GB"],
    [1.5e15, "1500 TB"],
  ];
  for (const [bytes, words] of table) assert.equal(bytesInWords(bytes), words);
});

test("counts are grouped by thousands, and averages said to be so", () => {
  assert.equal(countInWords(3), "3");
  assert.equal(countInWords(1_234_567), "1,234,567");
  assert.equal(countInWords(2.9), "3");
  assert.equal(countInWords(2.6), "about 3");
});
