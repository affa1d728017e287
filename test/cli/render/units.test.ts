import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bytes, count, counted, parseSize, signedBytes, signedCount } from "#cli/render/units.js";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("bytes", () => {
  it("uses decimal units, as DevTools does, with one digit behind the point", () => {
    const shown: [number, string][] = [
      [0, "0 B"],
      [1, "1 B"],
      [999, "999 B"],
      [1000, "1.0 kB"],
      [1024, "1.0 kB"],
      [12_345, "12.3 kB"],
      [108_400_000, "108.4 MB"],
      [5_000_000_000, "5.0 GB"],
      [2 ** 53, "9.0 PB"],
    ];
    for (const [size, words] of shown) assert.equal(plain(bytes(size)), words);
  });

  it("goes to the next unit rather than print a thousand of one", () => {
    assert.equal(plain(bytes(999.6)), "1.0 kB");
    assert.equal(plain(bytes(999_949)), "999.9 kB");
    assert.equal(plain(bytes(999_950)), "1.0 MB");
    assert.equal(plain(bytes(999_999_999)), "1.0 GB");
  });

  it("has a minus for less, and none for nothing", () => {
    assert.equal(plain(bytes(-1500)), "-1.5 kB");
    assert.equal(plain(bytes(-0)), "0 B");
    assert.equal(plain(bytes(-0.2)), "0 B");
  });
});

describe("signedBytes and signedCount", () => {
  it("have a plus for more, and none for nothing", () => {
    assert.equal(plain(signedBytes(56_300_000)), "+56.3 MB");
    assert.equal(plain(signedBytes(-20)), "-20 B");
    assert.equal(plain(signedBytes(0)), "0 B");
    assert.equal(signedCount(1234), "+1,234");
    assert.equal(signedCount(-1234), "-1,234");
    assert.equal(signedCount(0), "0");
  });
});

describe("count and counted", () => {
  it("group digits by three", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => assert.equal(count(number), number.toLocaleString("en-US"))),
    );
  });

  it("groups digits by thousands and knows one from many", () => {
    assert.equal(count(11_000_000), "11,000,000");
    assert.equal(counted(1, "class", "classes"), "1 class");
    assert.equal(counted(1200, "class", "classes"), "1,200 classes");
    assert.equal(counted(0, "node"), "0 nodes");
  });
});

describe("parseSize", () => {
  it("reads decimal and binary units in any case", () => {
    const sizes: [string, number][] = [
      ["512", 512],
      ["0", 0],
      ["512B", 512],
      ["10kB", 10_000],
      ["10KB", 10_000],
      ["10 kb", 10_000],
      ["1MB", 1_000_000],
      ["1.5MB", 1_500_000],
      [".5MB", 500_000],
      ["64KiB", 65_536],
      ["2MiB", 2_097_152],
      ["1gib", 1_073_741_824],
      ["3M", 3_000_000],
      ["1T", 1e12],
    ];
    for (const [text, size] of sizes) assert.equal(parseSize(text), size, text);
  });

  it("refuses what is no size", () => {
    const words = ["", "kB", "ten", "-1", "1e6", "1,5MB", "1.MB", "10 0", "10XB", "10iB", "0x10", "Infinity"];
    for (const text of [...words, "9".repeat(400), "10000TB"]) assert.equal(parseSize(text), undefined, text);
  });
});
