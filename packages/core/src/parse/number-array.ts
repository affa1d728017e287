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
import { NumberKernel, kernelOrNull } from "./number-kernel.js";
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
const BLOCK_LENGTH = 8192;
/** No double needs more characters; a longer number is an attempt to fill the memory. */
const NUMBER_LIMIT = 512;
/** Bytes that must be left for a number of a run: the hot loop reads four at once and looks at the one behind them. */
const RUN_MARGIN = 8;
/** Bytes that a kernel gets at a time; it is not asked for a few, and not again at once where it found hardly any number. */
const KERNEL_BYTES = 1 << 15;
const LEAST_KERNEL_BYTES = 1 << 10;
const JSON_NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/** Reads an array of JSON numbers, exact as far as doubles are, in chunks cut anywhere. */
export class NumberArray implements ValueReader {
  done = false;
  readonly #place: ReadingPlace;
  readonly #section: string;
  readonly #sink: NumberSink;
  readonly #block = new Float64Array(BLOCK_LENGTH);
  /** The chunk, to be read four bytes at once. */
  #words: DataView = new DataView(new ArrayBuffer(0));
  #kernel: NumberKernel | null | undefined; // not known before it is worth one
  /** Place in the chunk from which on the kernel is asked. */
  #kernelFrom = 0;
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

  /**
   * To be called before the first byte is read: numbers were read elsewhere, whole rows of them, and the next byte
   * begins a number; or it is the bracket, if that was the `whole` array.
   */
  skip(whole: boolean): void {
    this.#expect = whole ? Expect.CommaOrEnd : Expect.Number;
  }

  take(bytes: Uint8Array, at: number, end: number): number {
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#kernelFrom = at;
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

  /** Reads `[at, end)` into the block, until the block is full or the array ends. */
  #scan(bytes: Uint8Array, at: number, end: number): number {
    while (at < end && this.#count < BLOCK_LENGTH && !this.done) {
      const byte = bytes[at]!;
      const expect = this.#expect;
      const numberMayCome = expect === Expect.Number || expect === Expect.FirstOrEnd;
      const arrayMayEnd = expect === Expect.CommaOrEnd || expect === Expect.FirstOrEnd;
      const digit = byte >= DIGIT_0 && byte <= DIGIT_9;
      if (numberMayCome && digit && at + RUN_MARGIN <= end) {
        at = this.#scanByKernel(bytes, at, end);
        if (bytes[at] === LINE_FEED && bytes[at - 1] !== COMMA) this.#expect = Expect.CommaOrEnd;
        else at = this.#scanRun(bytes, at, end);
        continue;
      } else if (numberMayCome && (digit || byte === MINUS)) {
        at = this.#scanAnyNumber(bytes, at, this.#count++);
        this.#expect = Expect.CommaOrEnd;
        continue;
      }
      if (byte === COMMA && expect === Expect.CommaOrEnd) this.#expect = Expect.Number;
      else if (byte === OPEN_BRACKET && expect === Expect.Open) this.#expect = Expect.FirstOrEnd;
      else if (byte === CLOSE_BRACKET && arrayMayEnd) this.done = true;
      else if (!isWhitespace(byte)) throw this.#unexpected(byte, at);
      at++;
    }
    return at;
  }

  /**
   * As much of a run of numbers as a kernel can read. The rest begins with the first digit of one as well, or with the line
   * feed behind one, where nobody knows yet what comes behind that.
   */
  #scanByKernel(bytes: Uint8Array, at: number, end: number): number {
    const length = Math.min(end - at, KERNEL_BYTES);
    if (at < this.#kernelFrom || length < LEAST_KERNEL_BYTES) return at;
    if (this.#kernel === undefined)
      this.#kernel = kernelOrNull((module) => new NumberKernel(module, KERNEL_BYTES + 1, BLOCK_LENGTH));
    const kernel = this.#kernel;
    if (kernel === null) return at;
    kernel.bytes.set(bytes.subarray(at, at + length));
    kernel.bytes[length] = 0;
    const scan = { at: 0, count: 0 };
    kernel.scan(scan, length, this.#block.length - this.#count);
    this.#block.set(kernel.block.subarray(0, scan.count), this.#count);
    this.#count += scan.count;
    if (scan.at < LEAST_KERNEL_BYTES) this.#kernelFrom = at + length;
    return at + scan.at;
  }

  /**
   * The hot loop where there is no kernel, and behind what it reads: a run of numbers, from the first digit of one up to
   * what is neither a digit nor a comma. A line feed before a comma belongs to the run, because V8 up to 12 ends its rows
   * so.
   *
   * Most numbers have one to four digits, and the processor cannot guess how many: a loop over them costs a wrong
   * guess a number. So four bytes are taken as one word, and the digits in it are counted and added up by arithmetic.
   */
  #scanRun(bytes: Uint8Array, at: number, end: number): number {
    // An imported constant is a load from memory each time, a local one is part of the code.
    const zero = DIGIT_0;
    const nine = DIGIT_9;
    const comma = COMMA;
    const lineFeed = LINE_FEED;
    const words = this.#words;
    const block = this.#block;
    const room = block.length;
    const last = end - RUN_MARGIN;
    let count = this.#count;
    let expect: Expect = Expect.Number;
    while (at <= last && count < room) {
      // The first character is the lowest byte; a digit becomes its value. `marks` has the top bit of each byte that
      // is above 9 (reliable up to the first such byte, where the sum may carry over).
      const word = words.getUint32(at, true) ^ 0x30303030;
      const marks = ((word + 0x76767676) | word) & 0x80808080;
      const start = at;
      let value: number;
      let byte: number;
      if (marks !== 0) {
        const zeros = Math.clz32(marks & -marks); // 24, 16, 8 or 0 for 0, 1, 2 or 3 digits
        if (zeros === 24) break;
        value = fourDigits(word << (zeros + 8)); // shifts out what is behind the digits; zeros come in before them
        at = (at + ((31 - zeros) >>> 3)) | 0;
        byte = bytes[at]!;
      } else {
        value = fourDigits(word);
        at = (at + 4) | 0;
        byte = bytes[at]!;
        while (byte >= zero && byte <= nine) {
          value = (Math.imul(value, 10) + byte - zero) | 0;
          at = (at + 1) | 0;
          byte = bytes[at]!;
        }
        if (at - start > 9) byte = 0; // does not fit an int32
      }
      if (byte === lineFeed && at + 1 < end && bytes[at + 1] === comma) {
        at = (at + 1) | 0;
      } else if (byte !== comma) {
        expect = Expect.CommaOrEnd;
        if (byte === 0 || isNumberByte(byte)) at = this.#scanAnyNumber(bytes, start, count);
        else block[count] = value;
        count = (count + 1) | 0;
        break;
      }
      block[count] = value;
      count = (count + 1) | 0;
      at = (at + 1) | 0;
    }
    this.#count = count;
    this.#expect = expect;
    return at;
  }

  /** Any number of JSON that begins at `at`, into the block. The byte behind it is in the chunk. */
  #scanAnyNumber(bytes: Uint8Array, at: number, count: number): number {
    let end = at;
    while (isNumberByte(bytes[end]!)) end++;
    this.#block[count] = this.#anyNumber(
      Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("latin1"),
      at,
    );
    return end;
  }

  #anyNumber(text: string, at: number): number {
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
      throw this.#unexpected(this.#cutNumber.charCodeAt(0), at);
    }
    this.#block[this.#count++] = this.#anyNumber(this.#cutNumber, at);
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

  #unexpected(byte: number, at: number): Error {
    const expect = this.#expect;
    const where = `in its section "${this.#section}" at byte ${this.#place.chunkStart + at}`;
    const wanted =
      expect === Expect.Open ? "an array" : expect === Expect.CommaOrEnd ? "a comma or a bracket" : "a number";
    return fault("bad-number", this.#place.file, `is damaged ${where}: ${shown(byte)} stands where ${wanted} should`);
  }
}

/** The number whose four digits are the bytes of a word, the lowest first. */
function fourDigits(word: number): number {
  const pairs = (Math.imul(word, 10) + (word >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}

/** Digits, and `+ - . e E`. */
function isNumberByte(byte: number): boolean {
  return (
    (byte >= DIGIT_0 && byte <= DIGIT_9) || byte === 0x2e || byte === 0x2b || byte === MINUS || (byte | 0x20) === 0x65
  );
}
