import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { plainJson, plainText } from "#cli/render/plain-text.js";

const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0\u115f\u3164]|\ufe0f/u;

describe("plainText", () => {
  it("shows what a terminal would obey", () => {
    assert.equal(plainText("\u001b[2Jgone"), "\\u001b[2Jgone");
    assert.equal(plainText("a\nb\tc\rd\u0007\u0000"), "a\\u000ab\\u0009c\\u000dd\\u0007\\u0000");
    assert.equal(plainText("\u009b31mred\u007f"), "\\u009b31mred\\u007f");
    assert.equal(plainText("\u2028\u2029"), "\\u2028\\u2029");
  });

  it("shows what would turn a line around or hide in it", () => {
    assert.equal(plainText("user\u202ecod.exe"), "user\\u202ecod.exe");
    assert.equal(plainText("\u2066\u2069\u200e\u061c"), "\\u2066\\u2069\\u200e\\u061c");
    assert.equal(plainText("ca\u200bche\ufeff\u00ad\u2060"), "ca\\u200bche\\ufeff\\u00ad\\u2060");
    assert.equal(plainText("a\u00a0b\u3000c\u3164"), "a\\u00a0b\\u3000c\\u3164");
    assert.equal(plainText("\u{e0041}"), "\\u{e0041}");
    assert.equal(plainText("\u0301e\u0301"), "\\u0301e\u0301");
    assert.equal(plainText("half \ud83d"), "half \\ud83d");
  });

  it("leaves names of all languages alone", () => {
    for (const name of ["__proto__", "Größe", "缓存", "кэш", "कैश", "ذاكرة", "e\u0301", "🫠 cache", "👩🏽", "C:\\app"]) {
      assert.equal(plainText(name), name);
    }
    assert.equal(plainText("❤\ufe0f"), "❤");
  });

  it("takes piles of marks down", () => {
    assert.equal(plainText(`Z${"\u0300".repeat(5000)}!`), `Z${"\u0300".repeat(3)}…!`);
  });

  it("lets nothing harmful through, and changes nothing when it is done twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const plain = plainText(text);
        assert.doesNotMatch(plain, HARMFUL);
        assert.equal(plainText(plain), plain);
      }),
    );
  });
});

describe("plainJson", () => {
  it("means the same JSON, without anything harmful in it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const json = plainJson(JSON.stringify(value, null, 2));
        assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)));
        assert.doesNotMatch(json.replaceAll("\n", ""), HARMFUL);
      }),
    );
  });
});
