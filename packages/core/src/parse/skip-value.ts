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
  #depth: number;
  #inString = false;
  #escaped = false;
  #started: boolean;

  /** `depth` is 1 for the rest of an array or object whose first bracket was read by someone else. */
  constructor(depth = 0) {
    this.#depth = depth;
    this.#started = depth > 0;
  }

  take(bytes: Uint8Array, at: number, end: number): number {
    while (at < end && !this.done) {
      at = this.#inString ? this.#skipString(bytes, at, end) : this.#skipOutside(bytes, at, end);
    }
    return at;
  }

  reached(): string {
    return this.#depth > 0 ? `${this.#depth} brackets deep` : "inside a value";
  }

  #skipString(bytes: Uint8Array, at: number, end: number): number {
    let escaped = this.#escaped;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        this.done = this.#depth === 0;
        at++;
        break;
      }
    }
    this.#escaped = escaped;
    return at;
  }

  #skipOutside(bytes: Uint8Array, at: number, end: number): number {
    let depth = this.#depth;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.#inString = true;
        this.#started = true;
        at++;
        break;
      } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
        depth++;
        this.#started = true;
      } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
        if (depth <= 1) {
          // at depth 0 the bracket closes what the value stands in: a bare number or word ends before it
          at += depth;
          depth = 0;
          this.done = true;
          break;
        }
        depth--;
      } else if (depth === 0 && this.#started && (byte === COMMA || isWhitespace(byte))) {
        this.done = true;
        break;
      } else if (!isWhitespace(byte)) {
        this.#started = true;
      }
    }
    this.#depth = depth;
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
