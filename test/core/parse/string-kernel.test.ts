import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { hashText } from "#core/parse/string-bytes.js";
import { StringKernel, stringKernel } from "#core/parse/string-kernel.js";
import { StringSection } from "#core/parse/string-section.js";
import { EncodedStrings } from "#core/parse/string-table.js";

/** Bytes that the loop in WebAssembly has at a time; with chunks that are far shorter it is not used at all. */
const SLICE = 64 << 10;

/** The texts and hashes of a strings section that is read in chunks of one size, or what is wrong with it. */
function read(bytes: Uint8Array, chunk: number): { texts: string[]; hashes: number[] } | string {
  const place = { file: "a", chunkStart: 0, textBytes: 0 };
  const section = new StringSection(place);
  try {
    for (let at = 0; at < bytes.length && !section.done; at += chunk) {
      place.chunkStart = at;
      section.take(bytes.subarray(at, at + chunk), 0, Math.min(chunk, bytes.length - at));
    }
  } catch (error) {
    return (error as Error).message;
  }
  const table = new EncodedStrings({ ...section.data(), slots: new Uint32Array(1) });
  const rows = Array.from({ length: table.length }, (_, index) => index);
  return { texts: rows.map((index) => table.text(index)), hashes: rows.map((index) => table.hash(index)) };
}

/** What strings are made of: whatever JSON may say in more than one way, and what it may not say at all. */
const part = fc.oneof(
  fc.string({ unit: "binary-ascii", maxLength: 9 }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom(
    "\\n",
    '\\"',
    "\\\\",
    "\\/",
    "\\u0041",
    "\\ud83d\\uDE00",
    "\\u00e9",
    "\\u12",
    "\\u",
    "\\x",
    "\\é",
    "é",
    "😀",
  ),
);
const body = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));

interface Section {
  readonly first: number;
  readonly bodies: readonly string[];
  readonly between: string;
  readonly damage: { readonly at: number; readonly byte: number } | undefined;
}

const section: fc.Arbitrary<Section> = fc.record({
  first: fc.oneof(fc.nat({ max: 40 }), fc.integer({ min: SLICE - 120, max: SLICE + 10 })),
  bodies: fc.array(body, { minLength: 1, maxLength: 30 }),
  between: fc.constantFrom('","', '",\n"', '" ,"'),
  damage: fc.option(fc.record({ at: fc.nat(), byte: fc.constantFrom(0x22, 0x5c, 0x2c, 0xff, 0x5d) }), {
    nil: undefined,
  }),
});

/** As V8 writes it, or nearly, with a first string that moves the others over the end of a slice. */
function bytesOf({ first, bodies, between, damage }: Section): Buffer {
  const all = Array.from({ length: Math.ceil(10_000 / (bodies.join(between).length + 3)) }, () => bodies).flat();
  const bytes = Buffer.from(`["${["x".repeat(first), ...all].join(between)}"]`);
  if (damage !== undefined) bytes[damage.at % bytes.length] = damage.byte;
  return bytes;
}

suite("the loop over strings in WebAssembly", () => {
  test("finds and hashes what the plain loop does, wherever a slice or a chunk ends", () => {
    assert.ok(stringKernel() instanceof StringKernel, "this engine can run the loop");
    fc.assert(
      fc.property(section, fc.integer({ min: 8192, max: 3 * SLICE }), (section, chunk) => {
        const bytes = bytesOf(section);
        assert.deepEqual(read(bytes, chunk), read(bytes, 1000));
      }),
    );
  });

  test("finds all strings of a slice at once, also those that are to be hashed elsewhere", () => {
    const page = Buffer.from('"ключ","key","значение","","ü"').subarray(1);
    const found = stringKernel()!.scan(page, 0, page.length, 100, { start: 0, running: 0, coded: false });
    assert.deepEqual([...found.coded], [0, 2, 4]);
    assert.deepEqual([found.starts.length, found.at, found.inString], [5, page.length, false]);
  });

  test("hashes the text, not how it is written", () => {
    const texts = ["a\nb", 'say "hi"', "\\", "\u0001", "é", "😀", "plain", "", "\u007f"];
    const all = Array.from({ length: 1000 }, () => texts).flat();
    const escaped = JSON.stringify(all).replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    for (const json of [JSON.stringify(all), escaped]) {
      const found = read(Buffer.from(json), json.length + 1000);
      assert.ok(typeof found === "object");
      assert.deepEqual(found.texts, all);
      assert.deepEqual(found.hashes, all.map(hashText));
    }
  });
});
