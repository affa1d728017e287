import { isWord } from "./statements.js";
import { COLON, COMMA, OPEN_CURLY, OPEN_ROUND, OPEN_SQUARE, SEMICOLON, Sign, STAR, type Tokens } from "./tokens.js";

/** Tokens of the names that one pattern declares, as behind `const`. */
export function namesOfPattern(tokens: Tokens, at: number): number[] {
  const { code, match, count } = tokens;
  if (at >= count) return [];
  if (code[at] === Sign.word) return [at];
  if (code[at] !== OPEN_CURLY && code[at] !== OPEN_SQUARE) return [];
  return namesIn(tokens, { from: at + 1, to: match[at]!, isObject: code[at] === OPEN_CURLY });
}

/** Tokens of the names that a list of patterns declares, such as parameters. */
export function namesOfPatterns(tokens: Tokens, from: number, to: number): number[] {
  return namesIn(tokens, { from, to, isObject: false });
}

interface List {
  readonly from: number;
  readonly to: number;
  readonly isObject: boolean;
}

function namesIn({ code, match, count }: Tokens, outer: List): number[] {
  const names: number[] = [];
  const work = [outer];
  for (let list = work.pop(); list !== undefined; list = work.pop()) {
    const end = Math.min(list.to, count);
    for (let at = list.from; at < end; at++) {
      if (code[at] === Sign.spread) at++;
      // Of `key: name` and `[key]: name` only the second is declared.
      if (list.isObject && code[at] === OPEN_SQUARE) at = match[at]! + 2;
      else if (list.isObject && at + 1 < end && code[at + 1] === COLON) at += 2;
      if (at >= end) break;
      if (code[at] === Sign.word) names.push(at);
      else if (code[at] === OPEN_CURLY || code[at] === OPEN_SQUARE)
        work.push({ from: at + 1, to: match[at]!, isObject: code[at] === OPEN_CURLY });
      while (at < end && code[at] !== COMMA) at = isOpener(code[at]!) ? match[at]! + 1 : at + 1;
    }
  }
  return names;
}

/** Tokens of the names that an `import` declares, which come behind that word. */
export function namesOfImport({ text, code, count, start, end }: Tokens, from: number): number[] {
  const word = (token: number): string => (token < count ? text.slice(start[token], end[token]) : "");
  const names: number[] = [];
  for (let at = from; at < count && code[at] !== SEMICOLON && code[at] !== Sign.literal; at++) {
    if (code[at] !== Sign.word || word(at) === "from" || word(at) === "as") continue;
    if (word(at) === "import") break;
    // Of `a as b` only b is a name here.
    if (word(at + 1) !== "as") names.push(at);
  }
  return names;
}

function isOpener(code: number): boolean {
  return code === OPEN_ROUND || code === OPEN_SQUARE || code === OPEN_CURLY;
}

/** Token of the name of the function whose parameters open at `round`; -1 if they are of no `function`, or it has none. */
export function nameOfFunction(tokens: Tokens, round: number): number {
  const name = round - 1;
  return name >= 1 && tokens.code[name] === Sign.word && isWord(tokens, functionBefore(tokens, name), "function")
    ? name
    : -1;
}

/** The first token of a function that has a name: `function`, or the `async` before it. */
export function startOfFunction(tokens: Tokens, name: number): number {
  const keyword = functionBefore(tokens, name);
  return isWord(tokens, keyword - 1, "async") ? keyword - 1 : keyword;
}

/** The place before a name, or before the `*` of a generator. */
function functionBefore({ code }: Tokens, name: number): number {
  return code[name - 1] === STAR ? name - 2 : name - 1;
}
