import type { Where } from "../parse/columns.js";
import { BACKSLASH, QUOTE } from "../parse/json-bytes.js";
import { decodeString, hashText, isAllDigits } from "../parse/string-bytes.js";
import {
  EncodedStrings,
  type StringIndex,
  type StringTable,
  type StringTableData,
  pageOf,
} from "../parse/string-table.js";
import { ColumnAside, type ColumnPlace, type ColumnsGoingAside, read } from "./columns-aside.js";

/** Bytes that are read of a text at first; most names are shorter. */
const FIRST_BYTES = 1 << 8;
/** Decoded texts that are kept. */
const CACHE_SIZE = 4096;

type Numbers = "start" | "hash" | "slots";
const NUMBERS: readonly Numbers[] = ["start", "hash", "slots"];

/**
 * The strings of a snapshot in a file, where they take no memory: each is read when it is asked for, which is too slow for
 * all of them, and right for the few that are asked for of an earlier heap. Hashes are asked for by the hundred thousand:
 * those are brought all together, until they are put back.
 */
export class StringsAside implements StringTable {
  readonly length: number;
  readonly #file: number;
  readonly #pageFirst: Uint32Array;
  readonly #pages: readonly ColumnPlace[];
  readonly #numbers: Readonly<Record<Numbers, ColumnPlace>>;
  readonly #where: Where;
  readonly #hash: ColumnAside<Uint32Array>;
  readonly #one = new Uint32Array(1);
  readonly #cache = new Map<StringIndex, string>();

  private constructor(
    file: number,
    pageFirst: Uint32Array,
    pages: readonly ColumnPlace[],
    numbers: Readonly<Record<Numbers, ColumnPlace>>,
    where: Where,
  ) {
    this.length = numbers.start.length;
    this.#file = file;
    this.#pageFirst = pageFirst;
    this.#pages = pages;
    this.#numbers = numbers;
    this.#where = where;
    this.#hash = new ColumnAside(file, numbers.hash, where);
  }

  /**
   * Puts a table into a file, if that has room for it; else it stays in memory. The data given may be empty afterwards.
   * @param where what is brought back lies
   */
  static put(data: StringTableData, file: number, going: ColumnsGoingAside, where: Where = "own"): StringTable {
    const { pages, pageFirst, start, hash, slots } = data;
    const pageNames = pages.map((_, i) => `page ${i}`);
    going.put({ start, hash, slots, ...Object.fromEntries(pages.map((page, i) => [pageNames[i]!, page])) });
    const put = (name: string): ColumnPlace | null => {
      const column = going.columns[name]!;
      return ArrayBuffer.isView(column) ? null : column;
    };
    const places = [...NUMBERS, ...pageNames].map(put);
    if (places.every((place) => place !== null)) {
      const [first, second, third, ...ofPages] = places as [ColumnPlace, ColumnPlace, ColumnPlace];
      return new StringsAside(file, pageFirst, ofPages, { start: first, hash: second, slots: third }, where);
    }
    const back = (name: string): never => new ColumnAside(file, going.columns[name]!, where).rows as never;
    return new EncodedStrings({
      pages: pageNames.map(back),
      pageFirst,
      start: back("start"),
      hash: back("hash"),
      slots: back("slots"),
    });
  }

  text(index: StringIndex): string {
    const known = this.#cache.get(index);
    if (known !== undefined) return known;
    if (!(index >= 0 && index < this.length)) throw new RangeError(`no string ${index} among ${this.length}`);
    const text = decodeString(this.#bytesOf(index), 0);
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(index, text);
    return text;
  }

  isNumber(index: StringIndex): boolean {
    return isAllDigits(this.#bytesOf(index), 0);
  }

  indexOf(text: string): StringIndex {
    const wanted = hashText(text);
    const mask = this.#numbers.slots.length - 1;
    for (let slot = wanted & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#number("slots", slot);
      if (entry === 0) return -1;
      if (this.#number("hash", entry - 1) === wanted && this.text(entry - 1) === text) return entry - 1;
    }
  }

  withPart(part: string): StringIndex[] {
    return this.brought("own").withPart(part);
  }

  hash(index: StringIndex): number {
    return this.#hash.rows[index]!;
  }

  /** Gives back the memory of what was brought by the way. */
  putBack(): void {
    this.#hash.putBack();
  }

  /** The same table in memory. */
  brought(where: Where = this.#where): EncodedStrings {
    const rows = (place: ColumnPlace): never => new ColumnAside(this.#file, place, where).rows as never;
    const { start, hash, slots } = this.#numbers;
    const pages = this.#pages.map(rows);
    return new EncodedStrings({
      pages,
      pageFirst: this.#pageFirst,
      start: rows(start),
      hash: rows(hash),
      slots: rows(slots),
    });
  }

  #number(of: Numbers, row: number): number {
    read(this.#file, this.#one, this.#numbers[of].position + 4 * row);
    return this.#one[0]!;
  }

  /** The bytes of a string, the closing quote included. */
  #bytesOf(index: StringIndex): Uint8Array {
    const page = this.#pages[pageOf(this.#pageFirst, index)]!;
    const start = this.#number("start", index);
    for (let length = FIRST_BYTES; ; length *= 8) {
      const bytes = new Uint8Array(Math.min(length, page.length - start));
      read(this.#file, bytes, page.position + start);
      let end = 0;
      while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
      if (end < bytes.length) return bytes;
    }
  }
}
