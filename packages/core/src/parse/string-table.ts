import { lastUpTo } from "./last-up-to.js";
import { closingQuote, decodeString, hashText, isAllDigits } from "./string-bytes.js";

/** Row of the string table of one snapshot. One text has one index: duplicates are merged while parsing. */
export type StringIndex = number;

/** All of a string table as plain data, so that a worker can hand it over without a copy. */
export interface StringTableData {
  /** Bytes of the section as they stand in the file. No string crosses from one page to the next. */
  readonly pages: readonly Uint8Array[];
  /** page -> StringIndex of the first string in it, ascending */
  readonly pageFirst: Uint32Array;
  /** StringIndex -> place in its page of the first byte behind the opening quote */
  readonly start: Uint32Array;
  /** StringIndex -> hash of the text */
  readonly hash: Uint32Array;
  /** Open addressing, by hash: slot -> StringIndex + 1, or 0. The first of several equal texts is in it. */
  readonly slots: Uint32Array;
}

/** Decoded texts that are kept: enough for the names one report asks for again and again. */
const CACHE_SIZE = 4096;

/**
 * The strings of one snapshot. One text has one index: whoever compares indexes of one table compares texts.
 */
export interface StringTable {
  readonly length: number;
  /** The decoded text. */
  text(index: StringIndex): string;
  /** Whether a text has only digits, found out without decoding it: arrays have a million edges of such names. */
  isNumber(index: StringIndex): boolean;
  /** Index of a text, or -1. */
  indexOf(text: string): StringIndex;
  /**
   * The texts that have `part` in them, ascending; found without decoding any. Of equal texts each may be among them.
   * @param part printable ASCII but quotes, backslashes and slashes, which JSON may write in more than one way
   */
  withPart(part: string): StringIndex[];
  /** 32 bits of the text, the same in every snapshot: for comparing names across files. */
  hash(index: StringIndex): number;
}

/** The strings of a file, kept as its bytes and decoded one at a time when asked for. */
export class EncodedStrings implements StringTable {
  readonly data: StringTableData;
  readonly length: number;
  readonly #cache = new Map<StringIndex, string>();

  constructor(data: StringTableData) {
    this.data = data;
    this.length = data.start.length;
  }

  text(index: StringIndex): string {
    const known = this.#cache.get(index);
    if (known !== undefined) return known;
    if (!(index >= 0 && index < this.length)) throw new RangeError(`no string ${index} among ${this.length}`);
    const page = this.data.pages[pageOf(this.data.pageFirst, index)]!;
    const text = decodeString(page, this.data.start[index]!);
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(index, text);
    return text;
  }

  isNumber(index: StringIndex): boolean {
    return isAllDigits(this.data.pages[pageOf(this.data.pageFirst, index)]!, this.data.start[index]!);
  }

  indexOf(text: string): StringIndex {
    const { slots, hash } = this.data;
    const mask = slots.length - 1;
    const wanted = hashText(text);
    for (let slot = wanted & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const index = slots[slot]! - 1;
      if (hash[index] === wanted && this.text(index) === text) return index;
    }
    return -1;
  }

  withPart(part: string): StringIndex[] {
    const { pages, pageFirst, start } = this.data;
    const found: StringIndex[] = [];
    for (const [i, page] of pages.entries()) {
      const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
      const end = pageFirst[i + 1] ?? this.length;
      let index = pageFirst[i]!;
      for (let at = bytes.indexOf(part, 0, "latin1"); at >= 0; at = bytes.indexOf(part, at, "latin1")) {
        index = lastUpTo(start, index, end, at);
        // Behind the last string of a page is the beginning of the next page's first.
        if (at < closingQuote(page, start[index]!)) found.push(index);
        if (++index === end) break;
        at = start[index]!;
      }
    }
    return found;
  }

  hash(index: StringIndex): number {
    return this.data.hash[index]!;
  }
}

/** The page a string is in. */
export function pageOf(pageFirst: Uint32Array, index: StringIndex): number {
  return lastUpTo(pageFirst, 0, pageFirst.length, index);
}
