import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { tokenize } from "#core/sources/tokens.js";
import { almostCode } from "../../support/arbitrary-code.js";

/** The tokens as texts. */
function pieces(text: string): string[] {
  const { count, start, end } = tokenize(text);
  return Array.from({ length: count }, (_, i) => text.slice(start[i], end[i]));
}

suite("the tokens of a text", () => {
  test("are its words, signs, strings and numbers, without comments", () => {
    assert.deepEqual(pieces("#!node x\nlet a1 = 'it\\'s' /* b */ + \"c\\\"\" // d\n.5e-3"), [
      "let",
      "a1",
      "=",
      "'it\\'s'",
      "+",
      '"c\\""',
      ".5e-3",
    ]);
    assert.deepEqual(pieces("a=>b...c++?.d??e?.5:0xe+1"), [
      "a",
      "=>",
      "b",
      "...",
      "c",
      "++",
      "?.",
      "d",
      "??",
      "e",
      "?",
      ".5",
      ":",
      "0xe",
      "+",
      "1",
    ]);
    assert.deepEqual(pieces("#priv.größe\\u0041"), ["#priv", ".", "größe\\u0041"]);
  });

  test("tell regular expressions from divisions", () => {
    for (const [text, regex] of [
      ["x = /[/]}/g.y", "/[/]}/g"],
      ["if (a) /b/.test(c)", "/b/"],
      ["return /{/", "/{/"],
      ["}\n/{/.test(d)", "/{/"],
      ["x => /\\//", "/\\//"],
      ["[/'/]", "/'/"],
    ] as const)
      assert.ok(pieces(text).includes(regex), text);
    for (const text of ["a / b / c", "f(a) / b / c", "a[0] / b / c", "x.return / b / c", "a++ / b / c", "5 / b / c"])
      assert.equal(pieces(text).filter((piece) => piece === "/").length, 2, text);
    assert.deepEqual(pieces("x = {} / 2").slice(-2), ["/", "2"]);
  });

  test("see into the holes of templates, however deep", () => {
    const text = "`a${ b + `c${{ d }}` }e`.f";
    assert.deepEqual(pieces(text), ["`a", "${", "b", "+", "`c", "${", "{", "d", "}", "}", "}`", "}", "}e`", ".", "f"]);
  });

  test("of any text come in order, overlap nowhere, and brackets belong to one another", () => {
    fc.assert(
      fc.property(almostCode, (text) => {
        const { count, start, end, match } = tokenize(text);
        for (let i = 0; i < count; i++) {
          assert.ok(start[i]! <= end[i]! && end[i]! <= text.length);
          if (i > 0) assert.ok(end[i - 1]! <= end[i]!);
          if (match[i] !== count) assert.equal(match[match[i]!], i);
        }
      }),
    );
  });
});
