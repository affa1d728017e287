import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { plainText } from "#cli/render/plain-text.js";
import { prepareWidths, width } from "#cli/render/text-width.js";
import { shorten, shortenPath, wrap } from "#cli/render/wrap.js";

await prepareWidths();

describe("width", () => {
  it("is one column for each letter, save those that terminals make wider or join", () => {
    for (const text of ["", "a b", "1.2\u00a0MB", "ab…", "a → b", "x · y", "é"]) assert.equal(width(text), text.length);
    assert.deepEqual([width("缓存"), width("e\u0301"), width("👩🏽…")], [4, 1, 3]);
  });
});

describe("shorten", () => {
  it("leaves alone what fits", () => {
    assert.equal(shorten("cache", 5), "cache");
    assert.equal(shorten("", 0), "");
  });

  it("cuts from the middle and keeps more of the beginning", () => {
    assert.equal(shorten("abcdefghijklmnopqrstuvwxyz", 10), "abcdef…xyz");
    assert.equal(shorten("abc", 2), "a…");
    assert.equal(shorten("abc", 1), "…");
    assert.equal(shorten("abc", 0), "");
  });

  it("never cuts through what a reader takes for one letter", () => {
    assert.equal(shorten("👩🏽👩🏽👩🏽👩🏽👩🏽", 7), "👩🏽👩🏽…👩🏽");
    assert.equal(shorten("e\u0301".repeat(20), 5), `${"e\u0301".repeat(3)}…e\u0301`);
    assert.equal(shorten("缓存管理器实例", 8), "缓存…例");
  });

  it("takes no time for a name of a hundred million letters", () => {
    assert.equal(shorten("x".repeat(100_000_000), 5), "xxx…x");
  });

  it("takes no longer for a letter of many that are put together", () => {
    const name = "👩🏽e\u0301".repeat(5000);
    assert.ok(width(name) > 1000);
    assert.equal(shorten(name, 5), "👩🏽e\u0301…e\u0301");
    const lines = wrap([{ text: name }], 80);
    assert.equal(lines.join(""), name);
    assert.ok(lines.every((line) => width(line) <= 80));
  });

  it("is never wider than it may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.nat(60), (text, columns) => {
        assert.ok(width(shorten(plainText(text), columns)) <= columns);
      }),
    );
  });
});

describe("shortenPath", () => {
  it("keeps the end of a path", () => {
    assert.equal(shortenPath("a.heapsnapshot", 14), "a.heapsnapshot");
    assert.equal(shortenPath("/somewhere/deep/b.heapsnapshot", 18), "…ep/b.heapsnapshot");
    assert.equal(shortenPath("缓存/缓存", 6), "…/缓存");
    assert.equal(shortenPath("abc", 1), "…");
    assert.equal(shortenPath("abc", 0), "");
  });
});

describe("wrap", () => {
  it("breaks at spaces and hangs what follows under the first line", () => {
    assert.deepEqual(wrap([{ text: "one two three four" }], 14, "note: "), [
      "note: one two", // 8 columns are left of 14
      "      three",
      "      four",
    ]);
  });

  it("breaks a word only if no line could hold it", () => {
    assert.deepEqual(wrap([{ text: "a bbbbbbbbbbbb c" }], 10), ["a", "bbbbbbbbbb", "bb c"]);
  });

  it("breaks such a word where a name in it ends, if that leaves no line nearly empty", () => {
    const lines = (text: string): string[] => wrap([{ text }], 20);
    assert.deepEqual(lines("tracer.processor.finishedSpans"), ["tracer.processor", ".finishedSpans"]);
    assert.deepEqual(lines("/somewhere/deep/in/a/server.cjs"), ["/somewhere/deep/in/", "a/server.cjs"]);
    assert.deepEqual(lines("a.bcdefghijklmnopqrstuvwxyz"), ["a.bcdefghijklmnopqrs", "tuvwxyz"]);
    assert.deepEqual(lines("one.two...threefourfive"), ["one.two", "...threefourfive"]);
  });

  it("keeps a number and its unit together", () => {
    assert.deepEqual(wrap([{ text: "grew by 5.0\u00a0MB" }], 12), ["grew by", "5.0 MB"]);
  });

  it("paints words, not the lines around them, and does not count the paint", () => {
    const paint = (text: string) => `\u001b[1m${text}\u001b[22m`;
    assert.deepEqual(wrap([{ text: "aaaa bbbb", paint }, { text: "cc" }], 9), ["\u001b[1maaaa bbbb\u001b[22m", "cc"]);
  });

  it("loses no letter, leaves no space behind, and is never too wide", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 120 }),
        fc.integer({ min: 12, max: 60 }),
        (given, columns) => {
          const text = plainText(given);
          const lines = wrap([{ text }], columns, "  ");
          for (const line of lines) {
            assert.ok(width(line) <= columns, line);
            assert.equal(line, line.trimEnd());
          }
          assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
        },
      ),
    );
  });
});
