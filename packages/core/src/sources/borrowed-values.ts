import { newLineEndsStatement, wordAt } from "./statements.js";
import {
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COMMA,
  DOT,
  EQUALS,
  OPEN_ROUND,
  OPEN_SQUARE,
  SEMICOLON,
  Sign,
  type Tokens,
} from "./tokens.js";

/** Tokens between a name and the word that declares it: of a pattern, or of the variables before it. */
const MAX_TOKENS = 1000;
/** What a program calls to have another module, or what its compiler put around that. */
const MODULE = /^(?:(?:__webpack_)?require(?:_\w+|__)?|import)$/;
const INTEROP = /^(?:__importStar|__importDefault|__toESM|_interopRequire\w*|_interop_require\w*)$/;
const VALUE = /^(?:null|undefined|true|false|NaN|Infinity|function|class|async)$/;

/**
 * Whether a declaration only gives another name to what is declared elsewhere: a module, what another variable has, or
 * a part of those, as in `const { bus } = require("./chat")`.
 * @param name token of the declared name
 */
export function isBorrowed(tokens: Tokens, name: number): boolean {
  const { code, count } = tokens;
  const equals = endOfPattern(tokens, name) + 1;
  if (equals >= count || code[equals] !== EQUALS) return false;
  const isAwaited = code[equals + 1] === Sign.keyword && wordAt(tokens, equals + 1) === "await";
  const end = endOfReference(tokens, equals + (isAwaited ? 2 : 1));
  return end > 0 && endsValue(tokens, end);
}

/** The last token of the pattern that a name is declared in; the name itself if it is in none. */
function endOfPattern({ code, match, text, start, end }: Tokens, name: number): number {
  let outermost = name;
  for (let at = name - 1, left = MAX_TOKENS; at >= 0 && left > 0; at--, left--) {
    if (match[at]! < at) at = match[at]!;
    else if (match[at]! > name) outermost = match[at]!;
    if (code[at] === SEMICOLON) break;
    if (code[at] === Sign.word && /^(?:const|let|var)$/.test(text.slice(start[at], end[at]))) break;
  }
  return outermost;
}

/** Behind a name, a module, or a property of one; -1 if none begins here. */
function endOfReference(tokens: Tokens, from: number): number {
  const { code, match, count, text, start, end, newLine } = tokens;
  if (from >= count || code[from] !== Sign.word) return -1;
  let at = from;
  let word = text.slice(start[at], end[at]);
  if (VALUE.test(word)) return -1;
  at++;
  for (let left = MAX_TOKENS; at < count && left > 0; left--) {
    const isCall = code[at] === OPEN_ROUND && word !== "" && (MODULE.test(word) || INTEROP.test(word));
    if (isCall || (code[at] === OPEN_SQUARE && newLine[at] !== 1)) {
      at = match[at]! + 1;
      word = "";
    } else if ((code[at] === DOT || code[at] === Sign.optional) && code[at + 1] === Sign.word) {
      word = text.slice(start[at + 1], end[at + 1]);
      at += 2;
    } else break;
  }
  return at;
}

/** Whether nothing more belongs to a value that ends before this token. */
export function endsValue(tokens: Tokens, at: number): boolean {
  if (at >= tokens.count) return true;
  switch (tokens.code[at]) {
    case COMMA:
    case SEMICOLON:
    case CLOSE_ROUND:
    case CLOSE_SQUARE:
    case CLOSE_CURLY:
      return true;
    default:
      return tokens.newLine[at] === 1 && newLineEndsStatement(tokens, at);
  }
}
