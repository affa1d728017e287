import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as tracer from "@jridgewell/trace-mapping";
import { SourceMap } from "#core/sources/source-map.js";

/** The source, or null, of places in one line that begins with a.js, and has a piece of another file's at column 5000. */
function sourcesAt(next: 0 | 1, columns: readonly number[]): (number | null)[] {
  const pieces = [
    [0, 0, 0, 0],
    [40, 0, 2, 4],
    [5000, next, 9, 0],
  ];
  const map = new SourceMap(
    tracer,
    JSON.stringify({ version: 3, sources: ["a.js", "b.js"], names: [], mappings: [pieces] }),
  );
  return columns.map((column) => map.origin(1, column)?.source ?? null);
}

suite("a source map", () => {
  test("says nothing of a file between two others that was compiled without a map", () => {
    assert.deepEqual(sourcesAt(1, [41, 900, 3000, 5001]), [0, 0, null, 1]);
  });

  test("may have long pieces of one file, such as a text", () => {
    assert.deepEqual(sourcesAt(0, [41, 900, 3000, 5001]), [0, 0, 0, 0]);
  });
});
