import { BACKSLASH, DIGIT_0, DIGIT_9, QUOTE } from "./json-bytes.js";

// One JSON string as bytes: its end, its text, its hash.

const LATIN_LIMIT = 0x80;
/** FNV-1a over UTF-16 units: an ASCII byte is its own unit, so that plain strings are hashed as they are read. */
export const HASH_SEED = 0x811c9dc5;
export const HASH_PRIME = 0x01000193;

/** Spreads the bits of a running hash: FNV's low bits, by which a table is addressed, are its weakest. */
export function finishHash(running: number): number {
  let hash = running ^ (running >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash of a text, equal to that of any way to write it in JSON. */
export function hashText(text: string): number {
  let running = HASH_SEED;
  for (let i = 0; i < text.length; i++) running = Math.imul(running ^ text.charCodeAt(i), HASH_PRIME);
  return finishHash(running);
}

/** The text of the JSON string whose first byte behind the quote is `start`. The closing quote is in the page. */
export function decodeString(page: Uint8Array, start: number): string {
  let end = start;
  let escaped = false;
  let ascii = true;
  for (let byte = page[end]!; byte !== QUOTE; byte = page[++end]!) {
    if (byte >= LATIN_LIMIT) ascii = false;
    if (byte === BACKSLASH) {
      escaped = true;
      end++;
    }
  }
  const bytes = Buffer.from(page.buffer, page.byteOffset + start, end - start);
  const text = ascii ? bytes.toString("latin1") : bytes.toString("utf8");
  return escaped ? unescaped(text) : text;
}

/** Place of the quote that ends the JSON string whose first byte is `start`. It is in the page. */
export function closingQuote(page: Uint8Array, start: number): number {
  let end = start;
  for (let byte = page[end]!; byte !== QUOTE; byte = page[end]!) end += byte === BACKSLASH ? 2 : 1;
  return end;
}

/** Whether the JSON string whose first byte is `start` has only digits, and any. */
export function isAllDigits(page: Uint8Array, start: number): boolean {
  let end = start;
  while (page[end]! >= DIGIT_0 && page[end]! <= DIGIT_9) end++;
  return end > start && page[end] === QUOTE;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Resolves JSON's escapes. One that JSON does not know stands for the character behind the backslash. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_escape, hex: string | undefined, character: string) =>
    hex === undefined ? (ESCAPED.get(character) ?? character) : String.fromCharCode(parseInt(hex, 16)),
  );
}
