import {
  CLOSE_BRACKET,
  COMMA,
  DIGIT_0,
  DIGIT_9,
  LINE_FEED,
  MINUS,
  OPEN_BRACKET,
  isWhitespace,
  shown,
} from "./json-bytes.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { ValueReader } from "./skip-value.js";

/** Takes the numbers of one section, a block at a time. */
export interface NumberSink {
  /**
   * Takes whole rows from the first `count` numbers of a block and returns how many numbers that were; the rest
   * comes again in front of the next block. `plain`: each number is an integer of [0, 2^32).
   */
  takeBlock(block: Float64Array, count: number, plain: boolean): number;
  /** Called behind the last block, with what no `takeBlock` took. */
  end(left: number): void;
  /** How far it came, for a file that ends here. */
  reached(): string;
}

/** What the next byte of the array must begin. */
const Expect = { Open: 0, FirstOrEnd: 1, Number: 2, CommaOrEnd: 3 } as const;
type Expect = (typeof Expect)[keyof typeof Expect];

/** Numbers of one block: 64 kB, so that it stays in the cache between the scan and the columns. */
export const BLOCK_LENGTH = 8192;
/** No double needs more characters; a longer number is an attempt to fill the memory. */
const NUMBER_LIMIT = 512;
const JSON_NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/** Reads an array of JSON numbers, exact as far as doubles are, in chunks cut anywhere. */
export class NumberArray implements ValueReader {
  done = false;
  readonly #place: ReadingPlace;
  readonly #section: string;
  readonly #sink: NumberSink;
  readonly #block = new Float64Array(BLOCK_LENGTH);
  #count = 0;
  #plain = true;
  #expect: Expect = Expect.Open;
  /** Characters of a number that the chunk before cut in two. */
  #cutNumber = "";

  constructor(place: ReadingPlace, section: string, sink: NumberSink) {
    this.#place = place;
    this.#section = section;
    this.#sink = sink;
  }

  take(bytes: Uint8Array, at: number, end: number): number {
    if (this.#cutNumber !== "") at = this.#finishCutNumber(bytes, at, end);
    // The scan must see the byte behind each number: one that reaches the end of the chunk waits for the next chunk.
    let whole = end;
    while (whole > at && isNumberByte(bytes[whole - 1]!)) whole--;
    while (at < whole && !this.done) {
      at = this.#scan(bytes, at, whole);
      if (this.#count === BLOCK_LENGTH) this.#emptyBlock();
    }
    if (this.done) {
      this.#emptyBlock();
      this.#sink.end(this.#count);
      return at;
    }
    if (whole < end) this.#keepCutNumber(bytes, whole, end);
    return end;
  }

  reached(): string {
    this.#emptyBlock();
    return this.#sink.reached();
  }

  /** The hot loop: digits and commas of `[at, end)` into the block, until the block is full or the array ends. */
  #scan(bytes: Uint8Array, at: number, end: number): number {
    const block = this.#block;
    let count = this.#count;
    let expect = this.#expect;
    while (at < end && count < BLOCK_LENGTH) {
      let byte = bytes[at]!;
      if (byte >= DIGIT_0 && byte <= DIGIT_9 && (expect === Expect.Number || expect === Expect.FirstOrEnd)) {
        const start = at;
        let value = (byte - DIGIT_0) | 0;
        byte = bytes[++at]!;
        while (byte >= DIGIT_0 && byte <= DIGIT_9) {
          value = (Math.imul(value, 10) + byte - DIGIT_0) | 0;
          byte = bytes[++at]!;
        }
        // Nine digits fit an int32; more, or a byte such as "." or "e", is for the slow way.
        if (at - start < 10 && (byte === COMMA || !isNumberByte(byte))) {
          block[count++] = value;
        } else {
          at = this.#scanLongNumber(bytes, start, count++);
          byte = bytes[at]!;
        }
        if (byte === COMMA) {
          expect = Expect.Number;
          at++;
        } else {
          expect = Expect.CommaOrEnd;
        }
      } else if (byte === LINE_FEED) {
        at++;
      } else if (byte === COMMA && expect === Expect.CommaOrEnd) {
        expect = Expect.Number;
        at++;
      } else if (byte === MINUS && (expect === Expect.Number || expect === Expect.FirstOrEnd)) {
        at = this.#scanLongNumber(bytes, at, count++);
        expect = Expect.CommaOrEnd;
      } else if (byte === CLOSE_BRACKET && (expect === Expect.CommaOrEnd || expect === Expect.FirstOrEnd)) {
        this.done = true;
        at++;
        break;
      } else if (byte === OPEN_BRACKET && expect === Expect.Open) {
        expect = Expect.FirstOrEnd;
        at++;
      } else if (isWhitespace(byte)) {
        at++;
      } else {
        this.#count = count;
        throw this.#unexpected(byte, at, expect);
      }
    }
    this.#count = count;
    this.#expect = expect;
    return at;
  }

  /** Any number of JSON that begins at `at`, into the block. The byte behind it is in the chunk. */
  #scanLongNumber(bytes: Uint8Array, at: number, count: number): number {
    let end = at;
    while (isNumberByte(bytes[end]!)) end++;
    this.#block[count] = this.#longNumber(
      Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("latin1"),
      at,
    );
    return end;
  }

  #longNumber(text: string, at: number): number {
    if (text.length > NUMBER_LIMIT || !JSON_NUMBER.test(text)) throw this.#badNumber(text, at);
    const value = Number(text) + 0; // -0 is 0
    if (value >>> 0 !== value) this.#plain = false;
    return value;
  }

  #keepCutNumber(bytes: Uint8Array, at: number, end: number): void {
    this.#cutNumber += Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("latin1");
    if (this.#cutNumber.length > NUMBER_LIMIT) throw this.#badNumber(this.#cutNumber, at);
  }

  #finishCutNumber(bytes: Uint8Array, at: number, end: number): number {
    let stop = at;
    while (stop < end && isNumberByte(bytes[stop]!)) stop++;
    this.#keepCutNumber(bytes, at, stop);
    if (stop === end) return end;
    if (this.#expect !== Expect.Number && this.#expect !== Expect.FirstOrEnd) {
      throw this.#unexpected(this.#cutNumber.charCodeAt(0), at, this.#expect);
    }
    this.#block[this.#count++] = this.#longNumber(this.#cutNumber, at);
    this.#cutNumber = "";
    this.#expect = Expect.CommaOrEnd;
    if (this.#count === BLOCK_LENGTH) this.#emptyBlock();
    return stop;
  }

  #emptyBlock(): void {
    const used = this.#sink.takeBlock(this.#block, this.#count, this.#plain);
    this.#block.copyWithin(0, used, this.#count);
    this.#count -= used;
    this.#plain = true;
    for (let i = 0; i < this.#count; i++) {
      const left = this.#block[i]!;
      if (left >>> 0 !== left) this.#plain = false;
    }
  }

  #badNumber(text: string, at: number): Error {
    const shownText = text.length > 40 ? text.slice(0, 40) + "..." : text;
    const where = `in its section "${this.#section}" at byte ${this.#place.chunkStart + at}`;
    return fault("bad-number", this.#place.file, `is damaged ${where}: ${shownText} is not a number`);
  }

  #unexpected(byte: number, at: number, expect: Expect): Error {
    const where = `in its section "${this.#section}" at byte ${this.#place.chunkStart + at}`;
    const wanted =
      expect === Expect.Open ? "an array" : expect === Expect.CommaOrEnd ? "a comma or a bracket" : "a number";
    return fault("bad-number", this.#place.file, `is damaged ${where}: ${shown(byte)} stands where ${wanted} should`);
  }
}

/** Digits, and `+ - . e E`. */
function isNumberByte(byte: number): boolean {
  return (
    (byte >= DIGIT_0 && byte <= DIGIT_9) || byte === 0x2e || byte === 0x2b || byte === MINUS || (byte | 0x20) === 0x65
  );
}
