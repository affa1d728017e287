import {
  endOfLine,
  endOfNumber,
  endOfRegex,
  endOfString,
  isDigit,
  isLineEnd,
  isWordPart,
  isWordStart,
} from "./characters.js";

/**
 * The tokens of a JavaScript text in columns. Only as much is told apart as scopes and declarations need: signs of
 * several characters are several tokens, save the few that mean something else than their parts.
 */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  /** token -> where it starts, in UTF-16 units */
  readonly start: Uint32Array;
  /** token -> where it ends */
  readonly end: Uint32Array;
  /** token -> one of `Sign`, or the character code of any other sign */
  readonly code: Uint16Array;
  /** token -> 1 if a line ends between the token before and this one */
  readonly newLine: Uint8Array;
  /** bracket -> the one it belongs to; `count` for one that is never closed; itself for all else */
  readonly match: Uint32Array;
}

/** Codes of tokens that are no single character. */
export const Sign = {
  word: 1, // a name, or a keyword that takes no part in what follows
  literal: 2, // a string, a number, a regular expression, a piece of a template
  arrow: 3,
  spread: 4,
  twice: 5, // ++ and --
  optional: 6, // ?. and ??
  keyword: 7, // a word that an operand may follow: return, typeof ...
} as const;

export const OPEN_ROUND = 40;
export const CLOSE_ROUND = 41;
export const STAR = 42;
export const COMMA = 44;
export const DOT = 46;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const QUESTION = 63;
export const OPEN_SQUARE = 91;
export const CLOSE_SQUARE = 93;
export const OPEN_CURLY = 123;
export const CLOSE_CURLY = 125;
const SLASH = 47;
const BACKTICK = 96;
const BACKSLASH = 92;

const OPERATOR_WORDS = new Set(
  "return typeof case in of delete void throw new do else instanceof yield await extends default".split(" "),
);
const BLOCK_WORDS = new Set(["else", "do", "try", "finally", "static"]);
const CONTROL_WORDS = new Set(["if", "while", "for", "with", "switch", "catch"]);

/** Cuts a text into tokens, in one pass whatever it is: what is no JavaScript makes tokens too. */
export function tokenize(text: string): Tokens {
  return new Tokenizer(text).run();
}

class Tokenizer {
  readonly #text: string;
  #count = 0;
  #start: Uint32Array;
  #end: Uint32Array;
  #code: Uint16Array;
  #newLine: Uint8Array;
  #match: Uint32Array;
  /** Open brackets: their tokens, and what each is: 0 any, 1 begins a block, 2 is the hole of a template. */
  readonly #open: number[] = [];
  readonly #kind: number[] = [];
  #afterLine = 0;

  constructor(text: string) {
    this.#text = text;
    const room = Math.max(16, text.length >> 1);
    this.#start = new Uint32Array(room);
    this.#end = new Uint32Array(room);
    this.#code = new Uint16Array(room);
    this.#newLine = new Uint8Array(room);
    this.#match = new Uint32Array(room);
  }

  run(): Tokens {
    const text = this.#text;
    let at = text.startsWith("#!") ? endOfLine(text, 0) : 0;
    while (at < text.length) {
      const c = text.charCodeAt(at);
      if (isLineEnd(c)) {
        this.#afterLine = 1;
        at++;
      } else if (c <= 32 || c === 0xa0 || c === 0xfeff) at++;
      else if (c === SLASH && text.charCodeAt(at + 1) === SLASH) at = endOfLine(text, at);
      else if (c === SLASH && text.charCodeAt(at + 1) === STAR) at = this.#comment(at);
      else at = this.#token(at, c);
    }
    for (const token of this.#open) this.#match[token] = this.#count;
    return {
      text,
      count: this.#count,
      start: this.#start,
      end: this.#end,
      code: this.#code,
      newLine: this.#newLine,
      match: this.#match,
    };
  }

  #comment(at: number): number {
    const close = this.#text.indexOf("*/", at + 2);
    const end = close < 0 ? this.#text.length : close + 2;
    // A comment of several lines ends the line; the longest are not worth a look for it.
    if (this.#text.slice(at, Math.min(end, at + 4096)).includes("\n")) this.#afterLine = 1;
    return end;
  }

  #token(at: number, c: number): number {
    const text = this.#text;
    if (isWordStart(c)) return this.#word(at);
    const next = text.charCodeAt(at + 1);
    if (isDigit(c) || (c === DOT && isDigit(next))) return this.#add(at, endOfNumber(text, at), Sign.literal);
    if (c === 34 || c === 39) return this.#add(at, endOfString(text, at, c), Sign.literal);
    if (c === BACKTICK) return this.#template(at, at + 1);
    if (c === SLASH && this.#regexMayFollow()) {
      const end = endOfRegex(text, at);
      if (end > 0) return this.#add(at, end, Sign.literal);
    }
    if (c === EQUALS && next === 62) return this.#add(at, at + 2, Sign.arrow);
    if (c === DOT && next === DOT && text.charCodeAt(at + 2) === DOT) return this.#add(at, at + 3, Sign.spread);
    if ((c === 43 || c === 45) && next === c) return this.#add(at, at + 2, Sign.twice);
    if (c === QUESTION && (next === QUESTION || (next === DOT && !isDigit(text.charCodeAt(at + 2)))))
      return this.#add(at, at + 2, Sign.optional);
    if (c === OPEN_ROUND || c === OPEN_SQUARE || c === OPEN_CURLY) {
      const kind = c === OPEN_CURLY && this.#blockMayFollow() ? 1 : 0;
      this.#open.push(this.#count);
      this.#kind.push(kind);
      return this.#add(at, at + 1, c);
    }
    if (c === CLOSE_ROUND || c === CLOSE_SQUARE || c === CLOSE_CURLY) return this.#close(at, c);
    return this.#add(at, at + 1, c);
  }

  #close(at: number, c: number): number {
    const opener = this.#open.pop();
    const kind = this.#kind.pop() ?? 0;
    if (opener !== undefined) this.#match[opener] = this.#count;
    if (kind === 2) {
      this.#addBracket(at, at + 1, CLOSE_ROUND, opener!);
      return this.#template(at, at + 1);
    }
    this.#addBracket(at, at + 1, c, opener ?? this.#count);
    return at + 1;
  }

  /** A piece of a template, up to its end or its next hole, which is taken for a round bracket. */
  #template(from: number, begin: number): number {
    const text = this.#text;
    for (let at = begin; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === BACKSLASH) at++;
      else if (c === BACKTICK) return this.#add(from, at + 1, Sign.literal);
      else if (c === 36 && text.charCodeAt(at + 1) === OPEN_CURLY) {
        this.#add(from, at, Sign.literal);
        this.#open.push(this.#count);
        this.#kind.push(2);
        return this.#add(at, at + 2, OPEN_ROUND);
      }
    }
    return this.#add(from, text.length, Sign.literal);
  }

  #word(at: number): number {
    const text = this.#text;
    let end = at + 1;
    while (end < text.length && isWordPart(text.charCodeAt(end))) end++;
    const length = end - at;
    const isOperator = length >= 2 && length <= 10 && this.#last() !== DOT && OPERATOR_WORDS.has(text.slice(at, end));
    return this.#add(at, end, isOperator ? Sign.keyword : Sign.word);
  }

  #last(): number {
    return this.#count === 0 ? 0 : this.#code[this.#count - 1]!;
  }

  /** Whether `/` begins a regular expression here, and is no division. */
  #regexMayFollow(): boolean {
    const last = this.#count - 1;
    switch (this.#last()) {
      case Sign.word:
      case Sign.literal:
      case CLOSE_SQUARE:
        return false;
      case CLOSE_ROUND: {
        const before = this.#match[last]! - 1;
        return before >= 0 && this.#code[before] === Sign.word && CONTROL_WORDS.has(this.#wordOf(before));
      }
      case CLOSE_CURLY:
        return this.#isBlock(this.#match[last]!);
      case Sign.twice:
        return last === 0 || !this.#endsOperand(last - 1);
      default:
        return true;
    }
  }

  #isBlock(opener: number): boolean {
    return opener === 0 || this.#isBlockAfter(opener - 1);
  }

  #blockMayFollow(): boolean {
    return this.#count === 0 || this.#isBlockAfter(this.#count - 1);
  }

  #isBlockAfter(before: number): boolean {
    switch (this.#code[before]) {
      case CLOSE_ROUND:
      case SEMICOLON:
      case OPEN_CURLY:
      case CLOSE_CURLY:
      case Sign.arrow:
      case Sign.word:
        return true;
      case Sign.keyword:
        return BLOCK_WORDS.has(this.#wordOf(before));
      default:
        return false;
    }
  }

  #endsOperand(token: number): boolean {
    const code = this.#code[token];
    return code === Sign.word || code === Sign.literal || code === CLOSE_ROUND || code === CLOSE_SQUARE;
  }

  #wordOf(token: number): string {
    return this.#text.slice(this.#start[token], Math.min(this.#end[token]!, this.#start[token]! + 12));
  }

  #addBracket(from: number, to: number, code: number, match: number): void {
    this.#add(from, to, code);
    this.#match[this.#count - 1] = match;
  }

  #add(from: number, to: number, code: number): number {
    if (this.#count === this.#start.length) this.#grow();
    const at = this.#count++;
    this.#start[at] = from;
    this.#end[at] = to;
    this.#code[at] = code;
    this.#newLine[at] = this.#afterLine;
    this.#match[at] = at;
    this.#afterLine = 0;
    return to;
  }

  #grow(): void {
    const room = this.#start.length * 2;
    const larger = <T extends Uint32Array | Uint16Array | Uint8Array>(column: T, into: T): T => {
      into.set(column);
      return into;
    };
    this.#start = larger(this.#start, new Uint32Array(room));
    this.#end = larger(this.#end, new Uint32Array(room));
    this.#match = larger(this.#match, new Uint32Array(room));
    this.#code = larger(this.#code, new Uint16Array(room));
    this.#newLine = larger(this.#newLine, new Uint8Array(room));
  }
}
