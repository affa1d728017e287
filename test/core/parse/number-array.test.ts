import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { NumberArray, type NumberSink } from "#core/parse/number-array.js";

/** Keeps all numbers, and takes rows of three, so that blocks hand numbers over. */
class Kept implements NumberSink {
  readonly numbers: number[] = [];
  takeBlock(block: Float64Array, count: number, plain: boolean): number {
    const used = count - (count % 3);
    const taken = [...block.subarray(0, used)];
    if (plain) assert.ok(taken.every((number) => number >>> 0 === number));
    this.numbers.push(...taken);
    return used;
  }
  end(left: number): void {
    assert.ok(left < 3);
  }
  reached(): string {
    return "";
  }
}

/** Reads a text in chunks of the given sizes, over and over. */
function numbersIn(text: string, sizes: readonly number[]): number[] {
  const sink = new Kept();
  const place = { file: "a", chunkStart: 0, textBytes: 0 };
  const array = new NumberArray(place, "nodes", sink);
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = Math.min(at + sizes[turn % sizes.length]!, bytes.length);
    // Digits before and behind the chunk are nobody's.
    const chunk = Buffer.concat([Buffer.from("7"), bytes.subarray(at, end), Buffer.from("7")]);
    assert.equal(array.take(chunk, 1, chunk.length - 1), chunk.length - 1);
    at = end;
  }
  assert.ok(array.done);
  return sink.numbers;
}

const number = fc.oneof(
  fc.integer({ min: 0, max: 15 }).map((digits) => "1234567890123456".slice(0, digits + 1)),
  fc.nat({ max: 99_999 }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
);
const space = fc.constantFrom("", "", "", "", "\n", " ", "\r\n\t");

suite("an array of numbers", () => {
  test("is read as JSON.parse reads it, however it is cut and laid out", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(space, number, space), { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
        (parts, sizes) => {
          const whole = parts.slice(0, parts.length - (parts.length % 3));
          const text = `[${whole.map((part) => part.join("")).join(",")}]`;
          const expected = (JSON.parse(text) as number[]).map((value) => value + 0);
          assert.deepEqual(numbersIn(text, sizes), expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is read over many blocks, rows cut between them", () => {
    const numbers = Array.from({ length: 30_000 }, (_none, i) => (i * 7919) % 10 ** ((i % 9) + 1));
    numbers[20_000] = -5;
    for (const layout of [JSON.stringify(numbers), `[${numbers.join("\n,")}\n]`]) {
      assert.deepEqual(numbersIn(layout, [1 << 16]), numbers);
      assert.deepEqual(numbersIn(layout, [1000, 1001]), numbers);
    }
  });

  test("is read in chunks that are long enough for a kernel, whatever stands between the plain numbers", () => {
    const plain = fc.oneof(fc.nat({ max: 9999 }), fc.nat({ max: 0xffff_ffff })).map(String);
    const few = fc.array(fc.tuple(fc.nat({ max: 2999 }), fc.tuple(space, number, space)), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(plain, { minLength: 1, maxLength: 50 }),
        fc.constantFrom(",", "\n,", ",\n"),
        few,
        fc.array(fc.integer({ min: 1000, max: 9000 }), { minLength: 1, maxLength: 3 }),
        (numbers, between, others, sizes) => {
          const parts = Array.from({ length: 3000 }, (_none, i) => numbers[i % numbers.length]!);
          for (const [at, other] of others) parts[at] = other.join("");
          const text = `[${parts.join(between)}]`;
          const expected = (JSON.parse(text) as number[]).map((value) => value + 0);
          assert.deepEqual(numbersIn(text, sizes), expected);
        },
      ),
    );
  });

  test("may be empty", () => {
    assert.deepEqual(numbersIn("[ ]", [1]), []);
  });
});
