import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isWhitespace,
} from "./json-bytes.js";
import { type ReadingPlace, fault } from "./reading-place.js";

/** Reads one JSON value out of chunks of the file, cut anywhere. */
export interface ValueReader {
  /** Takes bytes of `[at, end)` and returns the place behind the last one taken: `end` unless the value is `done`. */
  take(bytes: Uint8Array, at: number, end: number): number;
  readonly done: boolean;
  /** How far it came, to end the sentence "is cut short in section nodes ...". */
  reached(): string;
}

/** Passes over any value, however deep: it counts brackets and does not recurse. */
export class SkippedValue implements ValueReader {
  done = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #started = false;

  take(bytes: Uint8Array, at: number, end: number): number {
    while (at < end && !this.done) {
      if (this.#inString) at = this.#skipString(bytes, at, end);
      else if (this.#depth > 0) at = this.#skipNested(bytes, at, end);
      else at = this.#skipOne(bytes, at);
    }
    return at;
  }

  reached(): string {
    return this.#depth > 0 ? `${this.#depth} brackets deep` : "inside a value";
  }

  /** Outside of brackets: one byte, which begins the value or goes on with it; or the place itself, behind the value. */
  #skipOne(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]!;
    const ends = byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE;
    if (ends || (this.#started && isWhitespace(byte))) {
      this.done = true;
      return at;
    }
    if (isWhitespace(byte)) return at + 1;
    this.#started = true;
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) this.#depth = 1;
    return at + 1;
  }

  /** The hot loop: on to the bracket that ends the value, or to a string. */
  #skipNested(bytes: Uint8Array, at: number, end: number): number {
    const quote = QUOTE;
    const open = OPEN_BRACKET;
    const close = CLOSE_BRACKET;
    let depth = this.#depth;
    while (at < end) {
      const byte = bytes[at]!;
      at++;
      if (byte === quote) {
        this.#inString = true;
        break;
      }
      const bracket = byte & 0xdf; // braces differ from brackets in one bit
      if (bracket === open) depth++;
      else if (bracket === close && --depth === 0) {
        this.done = true;
        break;
      }
    }
    this.#depth = depth;
    return at;
  }

  #skipString(bytes: Uint8Array, at: number, end: number): number {
    const quote = QUOTE;
    const backslash = BACKSLASH;
    let escaped = this.#escaped;
    while (at < end) {
      const byte = bytes[at];
      at++;
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) {
        this.#inString = false;
        this.done = this.#depth === 0;
        break;
      }
    }
    this.#escaped = escaped;
    return at;
  }
}

/** Keeps the bytes of one value: for `JSON.parse`, or for a reader that cannot begin yet. */
export class KeptValue implements ValueReader {
  readonly #place: ReadingPlace;
  readonly #what: string;
  readonly #limit: number;
  readonly #value = new SkippedValue();
  readonly #pieces: Uint8Array[] = [];
  #start = 0;
  #length = 0;

  /** More than `limit` bytes are an error: a file that V8 wrote has less, and one made to fill the memory more. */
  constructor(place: ReadingPlace, what: string, limit: number) {
    this.#place = place;
    this.#what = what;
    this.#limit = limit;
  }

  get done(): boolean {
    return this.#value.done;
  }

  take(bytes: Uint8Array, at: number, end: number): number {
    if (this.#length === 0) this.#start = this.#place.chunkStart + at;
    const stop = this.#value.take(bytes, at, end);
    this.#length += stop - at;
    if (this.#length > this.#limit) {
      const what = `has ${this.#what} of more than ${this.#limit} bytes at byte ${this.#start}`;
      throw fault("too-large", this.#place.file, what, "V8 writes no such file, check where it comes from");
    }
    this.#pieces.push(new Uint8Array(bytes.subarray(at, stop))); // a copy: the chunk is used again
    return stop;
  }

  reached(): string {
    return `after ${this.#length} bytes of it`;
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString("utf8");
  }

  /** Lets another reader read the value, as if it stood where it stood in the file. */
  replay(reader: ValueReader): void {
    const { chunkStart } = this.#place;
    this.#place.chunkStart = this.#start;
    for (const piece of this.#pieces) {
      reader.take(piece, 0, piece.length);
      this.#place.chunkStart += piece.length;
    }
    this.#place.chunkStart = chunkStart;
  }
}
