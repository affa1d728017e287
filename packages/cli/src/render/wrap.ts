import type { Paint } from "./style.js";
import { isPlain, width } from "./text-width.js";

/** Words with one look. A no-break space in them does not break and prints as a plain one. */
export interface Span {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

export const NO_BREAK_SPACE = "\u00a0";
let graphemes: Intl.Segmenter | undefined; // 20 ms in the making

/** Units that are cut into graphemes at a time: Node 20 takes time that is quadratic in them. */
const PIECE = 512;

/** `text` in at most `columns`; what is too much is cut from the middle, where names differ least. */
export function shorten(text: string, columns: number): string {
  if (text.length <= columns && width(text) <= columns) return text;
  if (columns <= 1) return columns === 1 ? "…" : "";
  // A grapheme has one column or none; far more than that of a very long text cannot matter.
  const reach = columns * 8;
  const head = text.length > 2 * reach ? text.slice(0, reach) : text;
  const tail = text.length > 2 * reach ? text.slice(-reach) : text;
  const back = Math.floor((columns - 1) / 3);
  const front = columns - 1 - back;
  return `${take(split(head), front)}…${take(split(tail).reverse(), back, true)}`;
}

/** The same for a path, of which the end says most. */
export function shortenPath(path: string, columns: number): string {
  if (path.length <= columns && width(path) <= columns) return path;
  return columns < 1 ? "" : `…${take(split(path.slice(-columns * 8)).reverse(), columns - 1, true)}`;
}

/** The same for what is read from its beginning. */
export function shortenEnd(text: string, columns: number): string {
  if (text.length <= columns && width(text) <= columns) return text;
  return columns < 1 ? "" : `${take(split(text.slice(0, columns * 8)), columns - 1)}…`;
}

function split(text: string): string[] {
  if (isPlain(text)) return text.split("");
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  const parts: string[] = [];
  for (let from = 0, to = 0; from < text.length; from = to) {
    to = Math.min(from + PIECE, text.length);
    while (to < text.length && CONTINUES.test(text.slice(to, to + 1))) to++;
    for (const { segment } of graphemes.segment(text.slice(from, to))) parts.push(segment);
  }
  return parts;
}

/** What belongs to the character before it: a mark, or the second half of a pair. */
const CONTINUES = /^[\p{M}\udc00-\udfff]/u;

function take(parts: readonly string[], columns: number, backwards = false): string {
  const taken: string[] = [];
  let used = 0;
  for (const part of parts) {
    used += width(part);
    if (used > columns) break;
    taken.push(part);
  }
  return (backwards ? taken.reverse() : taken).join("");
}

/**
 * Lines of at most `columns`, the first behind `first`, the others behind `rest` (both of one width). Breaks at spaces,
 * and in a word only if it is longer than a line: before a dot or behind a slash, so that names stay whole.
 */
export function wrap(spans: readonly Span[], columns: number, first = "", hanging?: string): string[] {
  const rest = hanging ?? " ".repeat(width(first));
  const room = Math.max(columns - width(rest), 8);
  const lines: string[] = [];
  let line: Span[] = [];
  let used = 0;
  const flush = () => {
    lines.push(((lines.length === 0 ? first : rest) + painted(line)).trimEnd());
    line = [];
    used = 0;
  };
  for (const { text, paint } of spans) {
    for (const word of text.split(" ")) {
      if (word === "") continue;
      for (const piece of width(word) > room ? chop(word, room) : [word]) {
        const size = width(piece);
        if (used > 0 && used + 1 + size > room) flush();
        used += (used > 0 ? 1 : 0) + size;
        line.push({ text: piece, paint });
      }
    }
  }
  if (used > 0 || lines.length === 0) flush();
  return lines;
}

/** One line of words; neighbours with the same look are painted as one. */
function painted(words: readonly Span[]): string {
  const runs: Span[] = [];
  for (const { text, paint } of words) {
    const last = runs.at(-1);
    if (last && last.paint === paint) runs[runs.length - 1] = { text: `${last.text} ${text}`, paint };
    else runs.push({ text, paint });
  }
  return runs
    .map(({ text, paint }) => (paint ? paint(text) : text))
    .join(" ")
    .replaceAll(NO_BREAK_SPACE, " ");
}

function chop(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  let names = 0; // units of the piece up to where a name ends
  for (const part of split(word)) {
    const size = width(part);
    if (part === "." && !piece.endsWith(".")) names = piece.length;
    if (used > 0 && used + size > columns) {
      const end = names * LEAST_PIECE >= piece.length ? names : piece.length;
      pieces.push(piece.slice(0, end));
      piece = piece.slice(end);
      used = width(piece);
      names = 0;
    }
    piece += part;
    used += size;
    if (part === "/") names = piece.length;
  }
  return piece === "" ? pieces : [...pieces, piece];
}

/** A line that ends where a name does has at least one of so many parts of its columns. */
const LEAST_PIECE = 3;
