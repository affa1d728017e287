import { isWord, newLineEndsStatement, wordAt } from "./statements.js";
import { DOT, OPEN_CURLY, SEMICOLON, Sign, STAR, type Tokens } from "./tokens.js";

/**
 * Token of the name that a module itself has for what it exports under another: of `store` in `export default store` and
 * in `export { store as shop }`. Of a default without a name the word `default`; -1 if there is none.
 */
export function localOfExport(tokens: Tokens, exported: string): number {
  const { code, count } = tokens;
  for (let at = 0; at + 1 < count; at++) {
    if (!isWord(tokens, at, "export") || code[at - 1] === DOT) continue;
    const isDefault = code[at + 1] === Sign.keyword && wordAt(tokens, at + 1) === "default";
    if (isDefault && exported === "default") return nameOfDefault(tokens, at + 1);
    const local = code[at + 1] === OPEN_CURLY ? renamedTo(tokens, at + 1, exported) : -1;
    if (local >= 0) return local;
  }
  return -1;
}

/** The name of a function or class, or the variable, that stands behind `default`. */
function nameOfDefault(tokens: Tokens, word: number): number {
  const { code, count, newLine } = tokens;
  let at = word + 1;
  if (isWord(tokens, at, "async")) at++;
  const isDeclared = isWord(tokens, at, "function") || isWord(tokens, at, "class");
  if (isDeclared) at++;
  if (isDeclared && code[at] === STAR) at++;
  if (at >= count || code[at] !== Sign.word) return word;
  if (isDeclared) return isWord(tokens, at, "extends") ? word : at;
  const next = at + 1;
  const isAlone =
    next >= count || code[next] === SEMICOLON || (newLine[next] === 1 && newLineEndsStatement(tokens, next));
  return isAlone ? at : word;
}

/** Of `{ a as b }` the token `a` for "b". */
function renamedTo(tokens: Tokens, open: number, exported: string): number {
  const { text, start, end, match, count } = tokens;
  const close = Math.min(match[open]!, count);
  for (let at = open + 1; at + 2 < close; at++)
    if (isWord(tokens, at + 1, "as") && text.slice(start[at + 2], end[at + 2]) === exported) return at;
  return -1;
}
