import { BACKSLASH, CLOSE_BRACKET, COMMA, LINE_FEED, OPEN_BRACKET, QUOTE, isWhitespace, shown } from "./json-bytes.js";
import { allocating, moved, newBytes, nextCapacity, resized, shortened, whereKept, whereWorkedOn } from "./columns.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { ValueReader } from "./skip-value.js";
import { type OpenString, type StringKernel, stringKernel } from "./string-kernel.js";
import { HASH_PRIME, HASH_SEED, decodeString, finishHash, hashText } from "./string-bytes.js";
import type { StringTableData } from "./string-table.js";

/** What the next byte must begin, or continue. */
const Expect = { Open: 0, FirstOrEnd: 1, String: 2, InString: 3, CommaOrEnd: 4 } as const;
type Expect = (typeof Expect)[keyof typeof Expect];

/** Bytes of the first page, and of each after many; a string that is longer gets a page as long as it needs. */
const FIRST_PAGE_SIZE = 64 << 10;
const PAGE_SIZE = 4 << 20;
/** With fewer bytes the loop in WebAssembly gains nothing. */
const KERNEL_BYTES = 4096;
/** Past this V8 could not hold the text. */
const STRING_LIMIT = 0x1fff_0000;

/** Reads the `strings` section: keeps its bytes, notes where each string starts, and hashes the texts on the way. */
export class StringSection implements ValueReader {
  done = false;
  count = 0;
  readonly #place: ReadingPlace;
  readonly #pages: Uint8Array[] = [];
  readonly #pageFirst: number[] = [];
  #start = new Uint32Array(0);
  #hash = new Uint32Array(0);
  #expect: Expect = Expect.Open;

  // The last page: `[0, #filled)` holds bytes of the file, read up to `#at`.
  #page: Uint8Array = new Uint8Array(0);
  #filled = 0;
  #at = 0;
  readonly #open: OpenString = { start: 0, running: 0, coded: false };
  #kernel: StringKernel | null | undefined; // not known before it is worth one

  constructor(place: ReadingPlace) {
    this.#place = place;
  }

  take(bytes: Uint8Array, at: number, end: number): number {
    while (at < end && !this.done) {
      if (this.#filled === this.#page.length) this.#turnPage(end - at);
      const taken = Math.min(end - at, this.#page.length - this.#filled);
      this.#page.set(bytes.subarray(at, at + taken), this.#filled);
      const before = this.#filled;
      this.#filled += taken;
      this.#scan(at - before);
      at += this.done ? this.#at - before : taken;
    }
    return at;
  }

  reached(): string {
    return `after ${this.count} strings`;
  }

  /** The bytes, starts and hashes; the slots are left empty. */
  data(): Omit<StringTableData, "slots"> {
    if (this.#pages.length > 0)
      this.#pages[this.#pages.length - 1] = resized(this.#page, this.#at, whereKept(this.#place));
    return {
      pages: this.#pages,
      pageFirst: Uint32Array.from(this.#pageFirst),
      start: moved(shortened(this.#start, this.count), this.count, whereKept(this.#place)),
      hash: moved(shortened(this.#hash, this.count), this.count, whereKept(this.#place)),
    };
  }

  /** Reads on to the end of what the page holds. `offset` turns a place in the page into one in the chunk. */
  #scan(offset: number): void {
    const filled = this.#filled;
    while (this.#at < filled && !this.done) {
      if (this.#expect === Expect.InString) {
        this.#scanStrings();
        if (this.#expect === Expect.InString) return; // the rest comes with the next chunk
        continue;
      }
      const byte = this.#page[this.#at]!;
      if (byte === QUOTE && (this.#expect === Expect.String || this.#expect === Expect.FirstOrEnd)) this.#openString();
      else if (byte === COMMA && this.#expect === Expect.CommaOrEnd) this.#expect = Expect.String;
      else if (byte === OPEN_BRACKET && this.#expect === Expect.Open) this.#expect = Expect.FirstOrEnd;
      else if (byte === CLOSE_BRACKET && (this.#expect === Expect.CommaOrEnd || this.#expect === Expect.FirstOrEnd)) {
        this.done = true;
      } else if (!isWhitespace(byte)) throw this.#unexpected(byte, offset);
      this.#at++;
    }
  }

  #openString(): void {
    if (this.count === this.#start.length) this.#grow();
    this.#open.start = this.#at + 1;
    this.#open.running = HASH_SEED;
    this.#open.coded = false;
    this.#expect = Expect.InString;
  }

  /**
   * The hot loop: on from within a string over all that follow, up to what is neither a string nor a comma, or to the
   * end of the page. A line feed behind a comma belongs there, because V8 up to 12 writes one.
   */
  #scanStrings(): void {
    if (this.#kernel === undefined && this.#filled - this.#at >= KERNEL_BYTES) this.#kernel = stringKernel();
    if (this.#kernel) while (this.#expect === Expect.InString && this.#scanSlice(this.#kernel));
    // The last bytes of what is there may be half an escape.
    if (this.#expect === Expect.InString) this.#scanRest();
  }

  /** @returns false if nothing is left that the loop in WebAssembly can read */
  #scanSlice(kernel: StringKernel): boolean {
    const most = this.#start.length - this.count;
    const found = kernel.scan(this.#page, this.#at, this.#filled, most, this.#open);
    const isFurther = found.at > this.#at;
    this.#start.set(found.starts, this.count);
    this.#hash.set(found.hashes, this.count);
    for (const row of found.coded)
      this.#hash[this.count + row] = hashText(decodeString(this.#page, found.starts[row]!));
    this.count += found.starts.length;
    this.#at = found.at;
    if (!found.inString) this.#expect = Expect.CommaOrEnd;
    return isFurther;
  }

  #scanRest(): void {
    // Local, because an imported constant is a load from memory each time.
    const quote = QUOTE;
    const backslash = BACKSLASH;
    const comma = COMMA;
    const lineFeed = LINE_FEED;
    const prime = HASH_PRIME;
    const page = this.#page;
    const filled = this.#filled;
    const starts = this.#start;
    const hashes = this.#hash;
    let count = this.count;
    let at = this.#at;
    let { start, running, coded } = this.#open;
    let expect: Expect = Expect.InString;
    while (at < filled) {
      const byte = page[at]!;
      if (byte === quote) {
        starts[count] = start;
        hashes[count] = coded ? hashText(decodeString(page, start)) : finishHash(running);
        count++;
        at++;
        const next = at + 1 < filled && page[at + 1] === lineFeed ? at + 2 : at + 1;
        if (next >= filled || page[at] !== comma || page[next] !== quote || count === starts.length) {
          expect = Expect.CommaOrEnd;
          break;
        }
        at = next + 1;
        start = at;
        running = HASH_SEED;
        coded = false;
        continue;
      }
      if (byte === backslash) {
        coded = true;
        if (at + 1 === filled) break;
        at++;
      } else if (byte >= 0x80) {
        coded = true;
      }
      running = Math.imul(running ^ byte, prime);
      at++;
    }
    this.count = count;
    this.#at = at;
    this.#open.start = start;
    this.#open.running = running;
    this.#open.coded = coded;
    this.#expect = expect;
  }

  /** A new page that begins with the string the last page broke off in. */
  #turnPage(coming: number): void {
    const inString = this.#expect === Expect.InString;
    const from = inString ? this.#open.start : this.#at;
    const kept = this.#filled - from;
    if (kept > STRING_LIMIT) throw this.#tooLong(kept);
    const wanted = Math.max(Math.min(FIRST_PAGE_SIZE * 2 ** this.#pages.length, PAGE_SIZE), 2 * kept);
    const left = this.#place.textBytes - this.#place.chunkStart;
    const size = left > 0 ? Math.min(wanted, kept + Math.max(left, coming)) : wanted;
    const page = allocating(this.#place, size, "bytes of strings", () => newBytes(size, whereKept(this.#place), false));
    page.set(this.#page.subarray(from, this.#filled));
    if (kept > 0 && this.#pageFirst.at(-1) === this.count) {
      // nothing but this string was in the page
      this.#pages.pop();
      this.#pageFirst.pop();
    }
    this.#pages.push(page);
    this.#pageFirst.push(this.count);
    this.#page = page;
    this.#at -= from;
    this.#open.start -= from;
    this.#filled = kept;
  }

  #grow(): void {
    const next = nextCapacity(this.#start.length, this.count + 1, null);
    allocating(this.#place, next, "strings", () => {
      this.#start = resized(this.#start, next, whereWorkedOn(this.#place));
      this.#hash = resized(this.#hash, next, whereWorkedOn(this.#place));
    });
  }

  #unexpected(byte: number, offset: number): Error {
    const place = `at byte ${this.#place.chunkStart + offset + this.#at}`;
    const wanted = this.#expect === Expect.Open ? "an array" : `string ${this.count}`;
    const what = `is damaged in its section "strings" ${place}: ${shown(byte)} stands where ${wanted} should`;
    return fault("bad-string", this.#place.file, what);
  }

  #tooLong(bytes: number): Error {
    const what = `has more than ${bytes} bytes in string ${this.count}`;
    return fault("too-large", this.#place.file, what, "take it again with a lower --heap-snapshot-string-limit");
  }
}
