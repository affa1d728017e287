// The hot loops of reading rows, in AssemblyScript: compiled to `dist/parse/rows.wasm` by build.mjs beside this file and
// used by `src/parse/row-kernel.ts`. Everything lies in one memory, whose places the caller chooses. What they must do
// is said by the slow readers of `src/parse`; test/core/parse/row-kernel.test.ts holds the two together.

export { scanStrings, inString, stringStart, runningHash, isCoded, codedCount, scannedTo } from "./strings";

const COMMA: u8 = 0x2c;
const LINE_FEED: u8 = 0x0a;
const DIGIT_0: u8 = 0x30;
/** Bytes that are looked at at once, a bit each. */
const GROUP: usize = 64;
/** Numbers that a group has at most: every second byte is none. */
const MOST_OF_GROUP: usize = 32;
const ALL_ZEROS: u64 = 0x3030303030303030;
const ABOVE_9: u64 = 0x7676767676767676;
const TOP_BITS: u64 = 0x8080808080808080;

/** Where the last scan stopped: the first byte of a number, or of what stands in its place. */
export let stoppedAt: usize = 0;
/** The largest index of a string, and of a node, that was put into columns since the caller set them to 0. */
export let largestName: u32 = 0;
export let largestTarget: u32 = 0;

/** A bit for each of 64 bytes: is it `byte`? */
function equal(a: v128, b: v128, c: v128, d: v128, byte: u8): u64 {
  const wanted = i8x16.splat(byte);
  return bits(i8x16.eq(a, wanted), i8x16.eq(b, wanted), i8x16.eq(c, wanted), i8x16.eq(d, wanted));
}

/** A bit for each of 64 bytes: is it a digit? */
function digits(a: v128, b: v128, c: v128, d: v128): u64 {
  const zero = i8x16.splat(DIGIT_0);
  const ten = i8x16.splat(10);
  return bits(
    i8x16.lt_u(i8x16.sub(a, zero), ten),
    i8x16.lt_u(i8x16.sub(b, zero), ten),
    i8x16.lt_u(i8x16.sub(c, zero), ten),
    i8x16.lt_u(i8x16.sub(d, zero), ten),
  );
}

function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = (i8x16.bitmask(a) as u64) | ((i8x16.bitmask(b) as u64) << 16);
  return low | ((i8x16.bitmask(c) as u64) << 32) | ((i8x16.bitmask(d) as u64) << 48);
}

/** The top bit of each byte of a word that is no digit; `word` has had `ALL_ZEROS` taken off. */
function marks(word: u64): u64 {
  return ((word + ABOVE_9) | word) & TOP_BITS;
}

/** The number whose eight digits are the bytes of a word, the first of them the lowest. */
function eightDigits(word: u64): u64 {
  const pairs = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return (fours * 10000 + (fours >> 32)) & 0xffffffff;
}

/**
 * The number of at least eight digits that ends before `end`, whose last eight are `low`.
 * @returns 2^32 and more if it does not fit 32 bits
 */
function longNumber(end: usize, low: u64): u64 {
  const word = load<u64>(end - 16) ^ ALL_ZEROS;
  const count = clz(marks(word)) & ~7; // bits of digits; 64 if all are
  if (count > 16) return u64.MAX_VALUE;
  if (count == 0) return eightDigits(low);
  return eightDigits(low) + 100000000 * eightDigits(word & (~(0 as u64) << (64 - count)));
}

/**
 * Reads integers below 2^32 as V8 writes them, with a comma between two or a line feed and a comma. Stops at what is
 * different, at the latest where less than a group is left; `stoppedAt` tells where to go on.
 * @param at first byte of a number, behind a comma or a bracket; 16 bytes before it may be read
 * @param block where the numbers go, 4 bytes each
 * @param most numbers there is room for
 * @returns how many numbers that were
 */
export function scan(at: usize, end: usize, block: usize, most: usize): usize {
  let out = block;
  const full = block + 4 * most;
  let behindNumber: u64 = 1; // bit 0: whether the byte before the group is no digit
  let behindFeed: u64 = 0; // bit 0: whether it is a line feed
  let group = at;
  for (; group + GROUP <= end && out + 4 * MOST_OF_GROUP <= full; group += GROUP) {
    const a = v128.load(group);
    const b = v128.load(group, 16);
    const c = v128.load(group, 32);
    const d = v128.load(group, 48);
    const commas = equal(a, b, c, d, COMMA);
    const feeds = equal(a, b, c, d, LINE_FEED);
    const others = ~digits(a, b, c, d);
    const behindOthers = (others << 1) | behindNumber;
    const behindFeeds = (feeds << 1) | behindFeed;
    // Nothing but digits, commas and line feeds; of those that are no digits only a comma behind a line feed comes
    // behind another one.
    if ((commas | feeds) != others || (others & behindOthers) != behindFeeds || (behindFeeds & ~commas) != 0) break;
    for (let ends = others & ~behindOthers; ends != 0; ends &= ends - 1) {
      const numberEnd = group + (ctz(ends) as usize);
      const word = load<u64>(numberEnd - 8) ^ ALL_ZEROS;
      const mark = marks(word);
      let value: u64;
      if (mark != 0) {
        value = eightDigits(word & (~(0 as u64) << (64 - (clz(mark) & ~7))));
      } else {
        value = longNumber(numberEnd, word);
        if (value > u32.MAX_VALUE) {
          stoppedAt = firstByte(at, numberEnd);
          return (out - block) >> 2;
        }
      }
      store<u32>(out, value as u32);
      out += 4;
    }
    behindNumber = others >> 63;
    behindFeed = feeds >> 63;
  }
  // The comma behind a line feed may be the first byte of what is left.
  if (behindFeed != 0) stoppedAt = load<u8>(group) == COMMA ? group + 1 : group - 1;
  else stoppedAt = firstByte(at, group);
  return (out - block) >> 2;
}

/** The first byte of the digits that end before `end`, from `at` on. */
function firstByte(at: usize, end: usize): usize {
  while (end > at && load<u8>(end - 1) - DIGIT_0 < 10) end--;
  return end;
}

/**
 * Puts rows of nodes into columns, one behind the other from `out` on: size, name, id and count of
 * edges (4 bytes a row), type and, if `detachedness` is not negative, detachedness (1 each).
 * @param block first number of the first row; the fields are places in a row
 * @returns the first row whose type is not below `typeCount`; -1 if there is none
 */
export function putNodes(
  block: usize,
  rows: i32,
  stride: i32,
  type: i32,
  name: i32,
  id: i32,
  selfSize: i32,
  edgeCount: i32,
  detachedness: i32,
  typeCount: u32,
  out: usize,
): i32 {
  const count = rows as usize;
  let sizes = out;
  let names = sizes + 4 * count;
  let ids = names + 4 * count;
  let edges = ids + 4 * count;
  let types = edges + 4 * count;
  const apart = count; // of types and detachedness
  let largest = largestName;
  for (let row = 0, at = block; row < rows; row++, at += 4 * (stride as usize)) {
    const typeNumber = load<u32>(at + 4 * (type as usize));
    const nameIndex = load<u32>(at + 4 * (name as usize));
    if (typeNumber >= typeCount) return row;
    if (nameIndex > largest) largest = nameIndex;
    store<u32>(sizes, load<u32>(at + 4 * (selfSize as usize)));
    store<u32>(names, nameIndex);
    store<u32>(ids, load<u32>(at + 4 * (id as usize)));
    store<u32>(edges, load<u32>(at + 4 * (edgeCount as usize)));
    store<u8>(types, typeNumber as u8);
    if (detachedness >= 0) {
      // A state that V8 does not know yet is as good as none.
      const state = load<u32>(at + 4 * (detachedness as usize));
      store<u8>(types + apart, state <= 2 ? (state as u8) : 0);
    }
    sizes += 4;
    names += 4;
    ids += 4;
    edges += 4;
    types += 1;
  }
  largestName = largest;
  return -1;
}

/**
 * Puts rows of edges into columns, one behind the other from `out` on: name and target (4 bytes a row), type (1).
 * @param block first number of the first row; the fields are places in a row
 * @param named a byte a type: 1 if edges of that type are named by a string
 * @returns the first row whose type is not below `typeCount` or whose target is no node; -1 if there is none
 */
export function putEdges(
  block: usize,
  rows: i32,
  stride: i32,
  type: i32,
  nameOrIndex: i32,
  toNode: i32,
  nodeStride: u32,
  typeCount: u32,
  named: usize,
  out: usize,
): i32 {
  const count = rows as usize;
  let names = out;
  let targets = names + 4 * count;
  let types = targets + 4 * count;
  let mostName = largestName;
  let mostTarget = largestTarget;
  for (let row = 0, at = block; row < rows; row++, at += 4 * (stride as usize)) {
    const typeNumber = load<u32>(at + 4 * (type as usize));
    const name = load<u32>(at + 4 * (nameOrIndex as usize));
    const number = load<u32>(at + 4 * (toNode as usize));
    if (typeNumber >= typeCount) return row;
    if (name > mostName && load<u8>(named + typeNumber) == 1) mostName = name;
    // to_node counts numbers, not rows: a rest points into the middle of a row.
    const target = number / nodeStride;
    if (target * nodeStride != number) return row;
    if (target > mostTarget) mostTarget = target;
    store<u32>(names, name);
    store<u32>(targets, target);
    store<u8>(types, typeNumber as u8);
    names += 4;
    targets += 4;
    types += 1;
  }
  largestName = mostName;
  largestTarget = mostTarget;
  return -1;
}
