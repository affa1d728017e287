import { CLOSE_CURLY, CLOSE_ROUND, CLOSE_SQUARE, COLON, OPEN_CURLY, SEMICOLON, Sign, type Tokens } from "./tokens.js";

/** The longest word that any rule about statements asks for has ten letters; names may be longer. */
const LONGEST_WORD = 12;

/** A token's text, or so much of it as tells keywords apart. */
export function wordAt({ text, start, end }: Tokens, token: number): string {
  return text.slice(start[token], Math.min(end[token]!, start[token]! + LONGEST_WORD));
}

/** True if a token is this word, and no part of a literal. */
export function isWord(tokens: Tokens, token: number, word: string): boolean {
  return token >= 0 && tokens.code[token] === Sign.word && wordAt(tokens, token) === word;
}

/**
 * True if a statement may begin with this token, so that `function` and `class` are declarations there.
 * @param inConditional whether a `?` is open before it, whose `:` is no label's
 */
export function beginsStatement(tokens: Tokens, i: number, inConditional: boolean): boolean {
  if (i === 0) return true;
  const { code, newLine } = tokens;
  switch (code[i - 1]) {
    case SEMICOLON:
    case OPEN_CURLY:
    case CLOSE_CURLY:
      return true;
    case CLOSE_ROUND:
    case Sign.literal:
    case CLOSE_SQUARE:
      return newLine[i] === 1 || code[i - 1] === CLOSE_ROUND;
    case Sign.keyword:
      return /^(?:else|do|default)$/.test(wordAt(tokens, i - 1));
    case Sign.word:
      return newLine[i] === 1 || wordAt(tokens, i - 1) === "export";
    case COLON:
      return !inConditional;
    default:
      return false;
  }
}

/** True if the new line before this token ends a statement: only where an operand follows another. */
export function newLineEndsStatement(tokens: Tokens, i: number): boolean {
  if (i === 0) return false;
  const { code } = tokens;
  const [last, next] = [code[i - 1]!, code[i]!];
  const isEnd =
    last === Sign.word ||
    last === Sign.literal ||
    last === CLOSE_ROUND ||
    last === CLOSE_SQUARE ||
    last === CLOSE_CURLY ||
    last === Sign.twice;
  if (!isEnd) return false;
  if (next === Sign.keyword) return !/^(?:in|of|instanceof|extends)$/.test(wordAt(tokens, i));
  return next === Sign.word || next === Sign.literal || next === Sign.twice || next === OPEN_CURLY;
}

/** True if this token, behind the block of a statement, begins another one and does not continue that. */
export function followsBlock(tokens: Tokens, i: number): boolean {
  const code = tokens.code[i];
  return (
    (code === Sign.word || code === Sign.keyword) &&
    !/^(?:else|catch|finally|while|in|of|instanceof)$/.test(wordAt(tokens, i))
  );
}
