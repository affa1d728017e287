// The hot loop over the strings of a file, of which rows.wasm has a slice at a time: called by `src/parse/string-kernel.ts`.
// Its twin is in `src/parse/string-section.ts`; test/core/parse/string-kernel.test.ts holds the two together.

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const LINE_FEED: u32 = 0x0a;
const LATIN_LIMIT: u32 = 0x80;
const HASH_SEED: u32 = 0x811c9dc5;
const HASH_PRIME: u32 = 0x01000193;

/** The string that the slice begins or ends in: whether there is one, where it starts, and its hash so far. */
export let inString: bool = false;
export let stringStart: u32 = 0;
export let runningHash: u32 = 0;
/** Whether it has bytes that are not one unit of text each, so that it is hashed elsewhere; and how many found have. */
export let isCoded: bool = false;
export let codedCount: u32 = 0;
/** Where the scan stopped. */
export let scannedTo: usize = 0;

/**
 * Finds strings from within one on, up to what is neither a string nor a comma, or to the end. Does not begin an escape
 * that is not there as a whole.
 * @param base what is added to places in memory to get those that are put down; modulo 2^32
 * @param starts place of the first byte of each string, 4 bytes each; `hashes` likewise
 * @param codedRows which of the strings are to be hashed elsewhere, 4 bytes each
 * @param most strings there is room for
 * @returns how many strings have ended
 */
export function scanStrings(
  at: usize,
  end: usize,
  base: u32,
  starts: usize,
  hashes: usize,
  codedRows: usize,
  most: u32,
): u32 {
  let count: u32 = 0;
  codedCount = 0;
  let start = stringStart;
  let running = runningHash;
  let coded = isCoded;
  while (at < end) {
    const byte = load<u8>(at) as u32;
    if (byte == QUOTE) {
      store<u32>(starts + ((count as usize) << 2), start);
      store<u32>(hashes + ((count as usize) << 2), finished(running));
      if (coded) {
        store<u32>(codedRows + ((codedCount as usize) << 2), count);
        codedCount++;
        coded = false;
      }
      count++;
      at++;
      let next = at + 1;
      if (next < end && load<u8>(next) == LINE_FEED) next++;
      inString = next < end && load<u8>(at) == COMMA && load<u8>(next) == QUOTE && count < most;
      if (!inString) {
        scannedTo = at;
        return count;
      }
      at = next + 1;
      start = (at as u32) + base;
      running = HASH_SEED;
      continue;
    }
    let unit = byte;
    if (byte == BACKSLASH) {
      const length = escapeAt(at, end);
      if (length == 0) break;
      unit = escaped;
      at += length - 1;
    } else if (byte >= LATIN_LIMIT) {
      coded = true;
    }
    running = (running ^ unit) * HASH_PRIME;
    at++;
  }
  inString = true;
  stringStart = start;
  runningHash = running;
  isCoded = coded;
  scannedTo = at;
  return count;
}

/** The unit of text that the last escape stands for. */
let escaped: u32 = 0;

/** Bytes of the escape that begins at a backslash; 0 if it may not be there as a whole. One that JSON does not know is two. */
function escapeAt(at: usize, end: usize): usize {
  if (at + 1 >= end) return 0;
  const byte = load<u8>(at, 1) as u32;
  escaped = meaning(byte);
  if (byte != 0x75 /* u */) return byte < LATIN_LIMIT ? 2 : 1;
  if (at + 6 > end) return 0;
  let unit: u32 = 0;
  for (let i: usize = 2; i < 6; i++) {
    const digit = hexDigit(load<u8>(at + i));
    if (digit > 15) return 2;
    unit = (unit << 4) | digit;
  }
  escaped = unit;
  return 6;
}

function meaning(byte: u32): u32 {
  switch (byte) {
    case 0x62 /* b */:
      return 0x08;
    case 0x66 /* f */:
      return 0x0c;
    case 0x6e /* n */:
      return LINE_FEED;
    case 0x72 /* r */:
      return 0x0d;
    case 0x74 /* t */:
      return 0x09;
    default:
      return byte;
  }
}

function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 16;
}

/** The twin of `finishHash` in `src/parse/string-bytes.ts`. */
function finished(running: u32): u32 {
  let hash = running ^ (running >> 16);
  hash *= 0x85ebca6b;
  hash ^= hash >> 13;
  hash *= 0xc2b2ae35;
  return hash ^ (hash >> 16);
}
