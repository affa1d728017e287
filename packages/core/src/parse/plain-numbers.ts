import { CLOSE_BRACKET, COMMA, DIGIT_0, DIGIT_9, LINE_FEED, OPEN_BRACKET } from "./json-bytes.js";

/** Bytes that must be there behind those that are scanned, all of them 0. */
export const ZEROS_BEHIND = 8;

/** Why a scan stopped. */
export const Stop = {
  /** At the first byte of a number that is not asked for any more. */
  Full: 0,
  /** At the bracket that ends the array. */
  End: 1,
  /** At what is not as V8 writes it, or at the end of the bytes. */
  Odd: 2,
} as const;

/** Where a scan is, and how it came there. */
export interface Scan {
  at: number;
  /** Numbers in the block. */
  count: number;
  stop: number;
}

/**
 * The hot loop: reads integers below 2^32 as V8 writes them, with a comma between two and, up to V8 12, a line feed
 * before the comma. Takes those that begin before `end`, as long as the block has fewer than `most`.
 *
 * Most numbers have one to four digits, and the processor cannot guess how many: a loop over them costs a wrong guess
 * a number. So four bytes are taken as one word, and the digits in it are counted and added up by arithmetic.
 */
export function scanPlainNumbers(
  bytes: Uint8Array,
  words: DataView,
  block: Float64Array,
  scan: Scan,
  end: number,
  most: number,
): void {
  // An imported constant is a load from memory each time, a local one is part of the code.
  const zero = DIGIT_0;
  const nine = DIGIT_9;
  const comma = COMMA;
  const lineFeed = LINE_FEED;
  let at = scan.at;
  let count = scan.count;
  let stop: number = Stop.Full;
  while (at < end && count < most) {
    // The first character is the lowest byte; a digit becomes its value. `marks` has the top bit of each byte that
    // is above 9 (reliable up to the first such byte, where the sum may carry over).
    const word = words.getUint32(at, true) ^ 0x30303030;
    const marks = ((word + 0x76767676) | word) & 0x80808080;
    let value: number;
    let byte: number;
    if (marks !== 0) {
      const zeros = Math.clz32(marks & -marks); // 24, 16, 8 or 0 for 0, 1, 2 or 3 digits
      if (zeros === 24) {
        stop = Stop.Odd;
        break;
      }
      const digits = word << (zeros + 8); // shifts out what is behind the digits; zeros come in before them
      const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
      value = (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
      at = (at + ((31 - zeros) >>> 3)) | 0;
      byte = bytes[at]!;
    } else {
      const first = at;
      const pairs = (Math.imul(word, 10) + (word >>> 8)) & 0x00ff00ff;
      value = (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
      at = (at + 4) | 0;
      byte = bytes[at]!;
      while (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        at = (at + 1) | 0;
        byte = bytes[at]!;
      }
      if (at - first > 9 && (at - first > 10 || value >= 0x1_0000_0000)) {
        at = first;
        stop = Stop.Odd;
        break;
      }
    }
    block[count] = value;
    count = (count + 1) | 0;
    if (byte === lineFeed) {
      at = (at + 1) | 0;
      byte = bytes[at]!;
    }
    if (byte !== comma) {
      stop = byte === CLOSE_BRACKET ? Stop.End : Stop.Odd;
      break;
    }
    at = (at + 1) | 0;
  }
  scan.at = at;
  scan.count = count;
  scan.stop = stop;
}

/**
 * The first byte of the first number that begins at `from` or behind it, where the byte before `from` belongs to the
 * array as well; or the place of what stands there instead.
 */
export function nextNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  if (bytes[at - 1] === COMMA || bytes[at - 1] === OPEN_BRACKET) return at;
  while (bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_9) at++;
  if (bytes[at] === LINE_FEED) at++;
  return bytes[at] === COMMA ? at + 1 : at;
}

/**
 * The first byte of the number that comes `back` numbers before the last one that begins before `from`; -1 if the bytes
 * do not reach so far. All before `from` must have been scanned.
 */
export function numberBefore(bytes: Uint8Array, from: number, back: number): number {
  let at = bytes[from - 1] === COMMA ? from - 2 : from - 1;
  for (let left = back; at >= 0; at--) {
    if (bytes[at] === COMMA && left-- === 0) return at + 1;
  }
  return -1;
}
