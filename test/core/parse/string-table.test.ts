import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { encodeStrings } from "#core/parse/encode-strings.js";
import { mergeStrings } from "#core/parse/merge-strings.js";
import { StringSection } from "#core/parse/string-section.js";
import { EncodedStrings } from "#core/parse/string-table.js";
import { arbitraryText } from "../../support/arbitrary-graph.js";

const PLACE = { file: "a", chunkStart: 0, textBytes: 0 };

function tableOf(texts: readonly string[]): EncodedStrings {
  return new EncodedStrings(encodeStrings(texts, "a").data);
}

/** The table of a strings section, read in chunks of one size. */
function tableRead(json: string | Uint8Array, chunk: number): EncodedStrings {
  const section = new StringSection({ ...PLACE });
  const bytes = Buffer.from(json as string);
  for (let at = 0; at < bytes.length; at += chunk) section.take(bytes, at, Math.min(at + chunk, bytes.length));
  assert.ok(section.done);
  return new EncodedStrings(mergeStrings(section.data(), PLACE).data);
}

suite("a table of strings", () => {
  test("gives each text back, and finds it again", () => {
    fc.assert(
      fc.property(fc.array(arbitraryText, { maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (texts, chunk) => {
        for (const table of [tableOf(texts), tableRead(JSON.stringify(texts), chunk)]) {
          assert.equal(table.length, texts.length);
          texts.forEach((text, index) => {
            assert.equal(table.text(index), text);
            assert.equal(table.indexOf(text), texts.indexOf(text), "the first of equal texts");
          });
        }
      }),
    );
  });

  test("knows numbers without decoding them", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(arbitraryText, fc.stringMatching(/^\d{0,9}[a ]?$/)), { minLength: 1 }), (texts) => {
        const table = tableOf(texts);
        texts.forEach((text, index) => assert.equal(table.isNumber(index), /^[0-9]+$/.test(text), text));
      }),
    );
  });

  test("finds texts by a part of them", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "ba", '"', "\\", "\n", "é") });
    const part = fc.constantFrom("a", "ab", "bab", "aaaa");
    fc.assert(
      fc.property(fc.array(text), part, fc.integer({ min: 1, max: 50 }), (texts, part, chunk) => {
        const indexes = [...texts.keys()].filter((index) => texts[index]!.includes(part));
        for (const table of [tableOf(texts), tableRead(JSON.stringify(texts), chunk)])
          assert.deepEqual(table.withPart(part), indexes);
      }),
    );
  });

  test("finds no part behind the last string, also where a page begins there", () => {
    const page = 64 << 10;
    for (const length of [page - 3, page - 2, 10]) {
      const table = tableRead(`["${"x".repeat(length)}"] yes`, page);
      assert.deepEqual([table.withPart("yes"), table.withPart("xx")], [[], [0]]);
    }
  });

  test("does not find what is not in it", () => {
    assert.equal(tableOf(["a", "b"]).indexOf("c"), -1);
    assert.equal(tableOf([]).indexOf(""), -1);
    assert.throws(() => tableOf(["a"]).text(1), RangeError);
  });

  test("gives a text the same hash in every file, however it is written", () => {
    const spellings = ['["é/\\n"]', '["x","\\u00e9\\/\\u000A"]', '[ "\\u00E9/\\n" ]'];
    const hashes = spellings.map((json) => {
      const table = tableRead(json, 3);
      return table.hash(table.length - 1);
    });
    assert.equal(new Set(hashes).size, 1);
    assert.notEqual(tableOf(["ab"]).hash(0), tableOf(["ba"]).hash(0));
  });

  test("decodes what is not quite JSON or UTF-8 leniently", () => {
    const table = tableRead(
      Buffer.concat([Buffer.from('["a\n\tb","\\q\\u12","'), Buffer.from([0xff, 0xc3, 0xa9]), Buffer.from('"]')]),
      4,
    );
    assert.deepEqual(
      [0, 1, 2].map((index) => table.text(index)),
      ["a\n\tb", "qu12", "\ufffdé"],
    );
  });

  test("keeps strings that are longer than a page, among short ones", () => {
    const long = "0123456789".repeat(1_000_000);
    const texts = ["a", long, "b", long + "\n", "c", ...Array.from({ length: 3000 }, (_none, i) => `${i}`.repeat(50))];
    const table = tableRead(JSON.stringify(texts), 1 << 16);
    for (const index of [0, 1, 2, 3, 4, 5, 1500, 3004]) assert.ok(table.text(index) === texts[index], `text ${index}`);
    assert.equal(table.indexOf(long), 1);
  });

  test("keeps many strings over many pages", () => {
    const texts = Array.from({ length: 20_000 }, (_none, i) => `name ${i} ${"x".repeat(i % 90)}`);
    const table = tableRead(JSON.stringify(texts), 5000);
    assert.ok(table.data.pages.length > 2);
    texts.forEach((text, index) => {
      if (table.text(index) !== text || table.indexOf(text) !== index) assert.fail(`text ${index}`);
    });
    assert.equal(table.withPart("name ").length, texts.length, "each once, also those that a page ends in");
    assert.deepEqual(table.withPart("name 7777 "), [7777]);
  });
});
