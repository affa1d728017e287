import { CLOSE_BRACKET, COMMA, DIGIT_0, DIGIT_9, LINE_FEED, OPEN_BRACKET } from "./json-bytes.js";

/** Bytes that must be there behind those that are scanned, all of them 0. */
export const ZEROS_BEHIND = 8;

/** More cannot be below 2^32. */
const MOST_DIGITS = 10;

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
 * Reads integers below 2^32 as V8 writes them, with a comma between two and, up to V8 12, a line feed before the comma.
 * Takes those that begin before `end`, as long as the block has fewer than `most`. Most have been read by the loops in
 * WebAssembly before (see `RowKernel`).
 */
export function scanPlainNumbers(bytes: Uint8Array, block: Uint32Array, scan: Scan, end: number, most: number): void {
  let { at, count } = scan;
  let stop: number = Stop.Full;
  while (at < end && count < most) {
    const first = at;
    let value = 0;
    let byte = bytes[at]!;
    while (byte >= DIGIT_0 && byte <= DIGIT_9) {
      value = value * 10 + (byte - DIGIT_0);
      byte = bytes[++at]!;
    }
    if (at === first || at - first > MOST_DIGITS || value >= 2 ** 32) {
      at = first;
      stop = Stop.Odd;
      break;
    }
    block[count++] = value;
    if (byte === LINE_FEED) byte = bytes[++at]!;
    if (byte !== COMMA) {
      stop = byte === CLOSE_BRACKET ? Stop.End : Stop.Odd;
      break;
    }
    at++;
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
