import { CLOSE_BRACE, COLON, COMMA, NUL, OPEN_BRACE, QUOTE, isWhitespace, quoted, shown } from "./json-bytes.js";
import { remedy, whatKeysSay, whatStartSays } from "./other-files.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import { KeptValue, type ValueReader } from "./skip-value.js";

/** What the next byte of the outermost object must be. */
const Expect = {
  Start: 0,
  KeyOrEnd: 1,
  Key: 2,
  InKey: 3,
  Colon: 4,
  Value: 5,
  InValue: 6,
  CommaOrEnd: 7,
  End: 8,
} as const;
type Expect = (typeof Expect)[keyof typeof Expect];

/** Longest key that is still taken for one. */
const KEY_LIMIT = 4096;

export interface SectionReaders {
  /** The reader for the value of a key. */
  open(key: string): ValueReader;
  /** Whether to stop before the value, which may be read elsewhere. */
  stopsBefore?(key: string): boolean;
  /** Called when that reader is done. */
  close(key: string, reader: ValueReader): void;
}

/** Walks the outermost object of the file, chunk by chunk, and hands each section to a reader of its own. */
export class Sections {
  /** Keys met so far, in the order of the file. */
  readonly keys: Set<string> = new Set();
  readonly #place: ReadingPlace;
  readonly #readers: SectionReaders;
  #expect: Expect = Expect.Start;
  #byteOrderMark = 0;
  #key = "";
  #keyReader: KeptValue | undefined;
  #reader: ValueReader | undefined;

  constructor(place: ReadingPlace, readers: SectionReaders) {
    this.#place = place;
    this.#readers = readers;
  }

  /** Reads on. Returns how many bytes that were: less than all only where it stops before a value. */
  take(bytes: Uint8Array): number {
    const end = bytes.length;
    let at = 0;
    while (at < end) {
      if (this.#expect === Expect.InValue) at = this.#takeValue(bytes, at, end);
      else if (this.#expect === Expect.InKey) at = this.#takeKey(bytes, at, end);
      else if (this.#expect === Expect.Value && !isWhitespace(bytes[at]!)) {
        this.#openValue(at);
        if (this.#readers.stopsBefore?.(this.#key) === true) break;
      } else this.#takePunctuation(bytes, at++);
    }
    this.#place.chunkStart += at;
    return at;
  }

  /** To be called behind the last chunk. @throws SnapshotError where the outermost object has not ended, or is of another kind */
  end(): void {
    const { file, chunkStart } = this.#place;
    if (chunkStart === 0) throw fault("empty", file, "is empty", "take the snapshot again: the disk may be full");
    const other = whatKeysSay(this.keys);
    if (other !== "") throw this.#notASnapshot(other);
    if (this.#expect === Expect.End) return;
    const inside = this.#expect === Expect.InValue || this.#expect === Expect.Value;
    const after = this.#key === "" ? "before its first section" : `after its section ${quoted(this.#key)}`;
    const where = inside
      ? `in its section ${quoted(this.#key)} ${this.#reader?.reached() ?? "before its first byte"}`
      : after;
    throw fault("truncated", file, `is cut short ${where}, at byte ${chunkStart}`);
  }

  #takeValue(bytes: Uint8Array, at: number, end: number): number {
    const reader = this.#reader!;
    const stop = reader.take(bytes, at, end);
    if (reader.done) {
      this.#expect = Expect.CommaOrEnd;
      this.#reader = undefined;
      this.#readers.close(this.#key, reader);
    }
    return stop;
  }

  #takeKey(bytes: Uint8Array, at: number, end: number): number {
    const reader = this.#keyReader!;
    const stop = reader.take(bytes, at, end);
    if (!reader.done) return stop;
    try {
      this.#key = JSON.parse(reader.text());
    } catch {
      throw this.#unexpected("a key that is no JSON text", at);
    }
    this.#expect = Expect.Colon;
    return stop;
  }

  #openValue(at: number): void {
    const key = this.#key;
    if (this.keys.has(key)) {
      const what = `has two sections ${quoted(key)}, the second at byte ${this.#place.chunkStart + at}`;
      throw fault("not-json", this.#place.file, what, "it was put together from pieces, take the snapshot again");
    }
    this.keys.add(key);
    this.#reader = this.#readers.open(key);
    this.#expect = Expect.InValue;
  }

  #takePunctuation(bytes: Uint8Array, at: number): void {
    const byte = bytes[at]!;
    if (this.#expect === Expect.Start) return this.#takeStart(bytes, at);
    if (isWhitespace(byte)) return;
    const expect = this.#expect;
    const keyMayCome = expect === Expect.KeyOrEnd || expect === Expect.Key;
    const objectMayEnd = expect === Expect.KeyOrEnd || expect === Expect.CommaOrEnd;
    if (byte === QUOTE && keyMayCome) {
      this.#keyReader = new KeptValue(this.#place, "a key", KEY_LIMIT);
      this.#keyReader.take(bytes, at, at + 1);
      this.#expect = Expect.InKey;
    } else if (byte === COLON && expect === Expect.Colon) this.#expect = Expect.Value;
    else if (byte === COMMA && expect === Expect.CommaOrEnd) this.#expect = Expect.Key;
    else if (byte === CLOSE_BRACE && objectMayEnd) this.#expect = Expect.End;
    else throw this.#unexpected(shown(byte), at);
  }

  /** Before the first brace: whitespace, a byte order mark, or another kind of file. */
  #takeStart(bytes: Uint8Array, at: number): void {
    const byte = bytes[at]!;
    if (byte === OPEN_BRACE) this.#expect = Expect.KeyOrEnd;
    else if (byte === UTF8_MARK[this.#byteOrderMark]) this.#byteOrderMark++;
    else if (!isWhitespace(byte)) throw this.#notASnapshot(whatStartSays(bytes.subarray(at, at + 512)), "not-json");
  }

  #unexpected(what: string, at: number): Error {
    const other = whatKeysSay(this.keys);
    if (other !== "") return this.#notASnapshot(other);
    const place = `at byte ${this.#place.chunkStart + at}`;
    if (what === shown(NUL)) return this.#notASnapshot("UTF-16 text or binary data", "not-json");
    const after = this.#key === "" ? "" : ` after its section ${quoted(this.#key)}`;
    return fault("not-json", this.#place.file, `is not JSON${after}: ${what} ${place}`);
  }

  #notASnapshot(other: string, code: "not-json" | "not-snapshot" = "not-snapshot"): Error {
    return fault(code, this.#place.file, `is no heap snapshot but ${other}`, remedy(other));
  }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf];
