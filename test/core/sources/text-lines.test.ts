import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { TextLines } from "#core/sources/text-lines.js";

suite("lines of a text", () => {
  test("end as V8 ends them", () => {
    const lines = new TextLines("a\nbc\r\nd\re\u2028f\u2029");
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7].map((line) => lines.line(line, 10)),
      ["a", "bc", "d", "e", "f", "", null],
    );
    assert.equal(lines.line(2, 1), "b");
  });

  test("are cut around a place in them", () => {
    const lines = new TextLines(`short\n${"0123456789".repeat(50)}\nend`);
    assert.equal(lines.line(1, 20, 5), "short");
    assert.equal(lines.line(2, 20, 2), "01234567890123456789");
    assert.equal(lines.line(2, 20, 101), "…8901234567890123456");
    assert.equal(lines.line(2, 20, 500), "…789");
    assert.equal(lines.line(2, 500, 499), "0123456789".repeat(50));
  });

  test("have places that are positions and positions that are places", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "\n", "\r\n", "\u2028")).map((parts) => parts.join("")),
        (text) => {
          const lines = new TextLines(text);
          for (let offset = 0; offset <= text.length; offset++) {
            const { line, column } = lines.place(offset);
            assert.equal(lines.offset(line, column), offset);
          }
        },
      ),
    );
    const lines = new TextLines("ab\nc");
    for (const [line, column] of [
      [0, 1],
      [1, 0],
      [1, 9],
      [3, 1],
      [-1, 1],
    ] as const)
      assert.equal(lines.offset(line, column), -1);
  });
});
