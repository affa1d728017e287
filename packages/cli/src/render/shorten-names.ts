import { width } from "./text-width.js";
import { shorten } from "./wrap.js";

/** Names are left so long, even if the text is longer then than it should be: the ends tell what is meant. */
const READABLE = 40;
/** Times as long as it should be that a text may be in the end, and in the beginning: of hostile ones no more is looked at. */
const MOST = 3;
const MOST_AT_ALL = 16;

/**
 * A sentence with names and paths in it in about so many columns: the longest name is cut between its parts, as in
 * `client.….group`, then the next, so that what stands around them, quotes and brackets, is still whole.
 */
export function shortenNames(text: string, columns: number): string {
  const words = shorten(text, MOST_AT_ALL * columns).split(" ");
  const whole = new Set<number>();
  for (let excess = excessOf(words, columns); excess > 0; excess = excessOf(words, columns)) {
    const at = longest(words, whole);
    if (at < 0) break;
    words[at] = shortenName(words[at]!, Math.max(words[at]!.length - excess, READABLE));
    whole.add(at);
  }
  return shorten(words.join(" "), MOST * columns);
}

function excessOf(words: readonly string[], columns: number): number {
  return words.reduce((sum, word) => sum + width(word) + 1, -1) - columns;
}

function longest(words: readonly string[], whole: ReadonlySet<number>): number {
  let found = -1;
  words.forEach((word, at) => {
    if (!whole.has(at) && (found < 0 || word.length > words[found]!.length)) found = at;
  });
  return found;
}

/** Leaves out parts from the middle: the first says where a name begins, the last what it is of. */
function shortenName(word: string, room: number): string {
  const [, before = "", name = "", after = ""] = /^([`"'(]*)(.*?)([`"'),;:.]*)$/s.exec(word) ?? [];
  const parts = partsOf(name);
  const space = room - before.length - after.length;
  let from = 1;
  for (let left = name.length + 2; from < parts.length - 1 && left > space; from++) left -= parts[from]!.length;
  const left = from > 1 ? [parts[0]!, name.includes("/") ? "…/" : ".…", ...parts.slice(from)] : parts;
  return before + left.map((part) => shortenPart(part, left.join("").length - space)).join("") + after;
}

function shortenPart(part: string, excess: number): string {
  return excess <= 0 || part.length <= READABLE || /[`"'()[\]{}]/.test(part) ? part : shorten(part, READABLE);
}

/** `a.b["c.d"].e` in parts: a, .b["c.d"], .e; `a/b.js:3`: a/, b.js:3. What is in brackets is no part by itself. */
function partsOf(name: string): string[] {
  const isPath = name.includes("/") && !/[[{(]/.test(name);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < name.length; at++) {
    const sign = name[at]!;
    if ("[{(".includes(sign)) depth++;
    else if ("]})".includes(sign)) depth--;
    const end = isPath && sign === "/" ? at + 1 : !isPath && sign === "." && depth === 0 ? at : 0;
    if (end <= start) continue;
    parts.push(name.slice(start, end));
    start = end;
  }
  // A name whose brackets end behind a space goes on in the next word.
  return depth === 0 ? [...parts, name.slice(start)] : [name];
}
