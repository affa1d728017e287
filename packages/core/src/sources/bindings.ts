import { nameOfFunction, namesOfImport, namesOfPattern, namesOfPatterns, startOfFunction } from "./declared-names.js";
import { beginsStatement, followsBlock, isWord, newLineEndsStatement, wordAt } from "./statements.js";
import {
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COLON,
  COMMA,
  DOT,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
  QUESTION,
  SEMICOLON,
  Sign,
  STAR,
  type Tokens,
} from "./tokens.js";

/** Row of a scope in the columns of `Bindings`; 0 is the whole file. */
export type ScopeRow = number;

/** The scopes of a text, and what is declared in each. Scopes are in the order in which they start. */
export interface Bindings {
  readonly start: readonly number[]; // scope -> first UTF-16 unit: of a function its parameters
  readonly end: readonly number[]; // scope -> the unit behind its last
  readonly parent: readonly ScopeRow[]; // scope -> the one around it; 0 is its own
  readonly isFunction: readonly boolean[];
  readonly names: readonly (readonly number[] | undefined)[]; // scope -> tokens of the names declared in it
}

const NONE = 0;
const VAR = 1;
const LEXICAL = 2;
const STATEMENT = -1; // of an open scope: ends with its statement only

interface Frame {
  scope: ScopeRow;
  declares: number;
  questions: number;
  /** Scopes without brackets that are open here: a function whose body is an expression, the body of a loop. */
  readonly open: { readonly outer: ScopeRow; readonly scope: ScopeRow; readonly questions: number }[];
  /** Token of the name of a class expression whose body comes next; -1: none. */
  className: number;
}

/**
 * Finds scopes and declarations, in one pass over the tokens. Made for code that compilers and bundlers wrote, which is
 * correct; of what is not JavaScript something comes out as well, in the same time.
 */
export function bindingsOf(tokens: Tokens): Bindings {
  return new ScopeBuilder(tokens).run();
}

class ScopeBuilder {
  readonly #t: Tokens;
  readonly #start: number[] = [0];
  readonly #end: number[];
  readonly #parent: ScopeRow[] = [0];
  readonly #isFunction: boolean[] = [true];
  readonly #functionOf: ScopeRow[] = [0]; // scope -> the nearest function's
  readonly #names: number[][] = [];
  readonly #bodyOf = new Map<number, ScopeRow>(); // `{` or `=>` -> the scope that goes on there
  readonly #frames: Frame[] = [];
  #frame: Frame = newFrame(0);
  #scope: ScopeRow = 0;

  constructor(tokens: Tokens) {
    this.#t = tokens;
    this.#end = [tokens.text.length];
  }

  run(): Bindings {
    const { count, code } = this.#t;
    for (let i = 0; i < count; i++) {
      if (this.#t.newLine[i] === 1 && newLineEndsStatement(this.#t, i)) this.#endStatement(i);
      switch (code[i]) {
        case Sign.word:
          this.#word(i);
          break;
        case OPEN_ROUND:
        case OPEN_SQUARE:
          this.#openRound(i);
          break;
        case OPEN_CURLY:
          this.#openCurly(i);
          break;
        case CLOSE_ROUND:
        case CLOSE_SQUARE:
        case CLOSE_CURLY:
          this.#close(i);
          break;
        case Sign.arrow:
          this.#arrow(i);
          break;
        case COMMA:
          this.#endExpressions(i, -1);
          if (this.#frame.declares !== NONE) this.#declareAll(this.#target(), namesOfPattern(this.#t, i + 1));
          break;
        case SEMICOLON:
          this.#endStatement(i);
          break;
        case QUESTION:
          this.#frame.questions++;
          break;
        case COLON:
          this.#endExpressions(i, this.#frame.questions);
          this.#frame.questions = Math.max(0, this.#frame.questions - 1);
          break;
        default:
      }
    }
    for (let left = this.#frames.length; left >= 0; left--) this.#close(count);
    return {
      start: this.#start,
      end: this.#end,
      parent: this.#parent,
      isFunction: this.#isFunction,
      names: this.#names,
    };
  }

  // ------------------------------------------------------------------------------------------------------- scopes

  #newScope(start: number, isFunction: boolean): ScopeRow {
    const scope = this.#start.push(start) - 1;
    this.#end.push(this.#t.text.length);
    this.#parent.push(this.#scope);
    this.#isFunction.push(isFunction);
    this.#functionOf.push(isFunction ? scope : this.#functionOf[this.#scope]!);
    return scope;
  }

  #declare(scope: ScopeRow, token: number): void {
    (this.#names[scope] ??= []).push(token);
  }

  #declareAll(scope: ScopeRow, tokens: readonly number[]): void {
    for (const token of tokens) this.#declare(scope, token);
  }

  /** Where the declarations of the statement at hand belong. */
  #target(): ScopeRow {
    return this.#frame.declares === VAR ? this.#functionOf[this.#scope]! : this.#scope;
  }

  #startOf(token: number): number {
    return token < this.#t.count ? this.#t.start[token]! : this.#t.text.length;
  }

  // ------------------------------------------------------------------------------------------------------ brackets

  #push(scope: ScopeRow): void {
    this.#frames.push(this.#frame);
    this.#frame = newFrame(this.#scope);
    this.#scope = scope;
  }

  #openRound(i: number): void {
    const { code, match } = this.#t;
    const behind = match[i]! + 1;
    if (code[i] !== OPEN_ROUND || behind >= this.#t.count) return this.#push(this.#scope);
    const before = i > 0 && (code[i - 1] === Sign.word || code[i - 1] === Sign.keyword) ? wordAt(this.#t, i - 1) : "";
    const isBlock = code[behind] === OPEN_CURLY;
    if (before === "for" || (before === "await" && i > 1 && wordAt(this.#t, i - 2) === "for")) {
      const scope = this.#newScope(this.#startOf(i), false);
      this.#bodyOf.set(isBlock ? behind : match[i]!, scope);
      return this.#push(scope);
    }
    if (before === "catch" && isBlock && code[i - 2] !== DOT) {
      const scope = this.#newScope(this.#startOf(i), false);
      this.#bodyOf.set(behind, scope);
      this.#push(scope);
      return this.#declareAll(scope, namesOfPattern(this.#t, i + 1));
    }
    const isArrow = code[behind] === Sign.arrow;
    if (!isArrow && (!isBlock || /^(?:if|while|with|switch)$/.test(before))) return this.#push(this.#scope);
    const isAsync = isArrow && before === "async";
    const scope = this.#newScope(this.#startOf(isAsync ? i - 1 : i), true);
    this.#bodyOf.set(behind, scope);
    if (!isArrow) this.#functionName(i, scope);
    this.#push(scope);
    this.#declareAll(scope, namesOfPatterns(this.#t, i + 1, match[i]!));
  }

  #openCurly(i: number): void {
    const known = this.#bodyOf.get(i);
    const scope = known ?? this.#newScope(this.#startOf(i), false);
    const { className } = this.#frame;
    if (known === undefined && className >= 0) {
      this.#declare(scope, className);
      this.#frame.className = -1;
    }
    this.#push(scope);
  }

  #close(i: number): void {
    this.#endExpressions(i, STATEMENT);
    const inner = this.#scope;
    const { scope: outer } = this.#frame;
    this.#end[inner] = i < this.#t.count ? this.#t.end[i]! : this.#t.text.length;
    if (this.#frames.length === 0) return;
    this.#frame = this.#frames.pop()!;
    this.#scope = outer;
    // The body of a loop without brackets.
    const body = this.#t.code[i] === CLOSE_ROUND ? this.#bodyOf.get(i) : undefined;
    if (body !== undefined) this.#openUntil(body, STATEMENT);
    if (this.#t.code[i] === CLOSE_CURLY && this.#endsLoop(i + 1)) this.#endStatement(i);
  }

  /** Whether a block was the last of a loop without brackets of its own: what follows is another statement. */
  #endsLoop(next: number): boolean {
    return this.#frame.open.some(({ questions }) => questions === STATEMENT) && followsBlock(this.#t, next);
  }

  // ---------------------------------------------------------------------------------- scopes that have no brackets

  #arrow(i: number): void {
    const scope = this.#bodyOf.get(i);
    if (scope === undefined) return;
    if (this.#t.code[i + 1] === OPEN_CURLY) this.#bodyOf.set(i + 1, scope);
    else this.#openUntil(scope, this.#frame.questions);
  }

  #openUntil(scope: ScopeRow, questions: number): void {
    this.#frame.open.push({ outer: this.#scope, scope, questions });
    this.#scope = scope;
  }

  /**
   * Ends functions whose bodies are expressions.
   * @param from only those that began behind so many `?`; `STATEMENT`: bodies of loops as well
   */
  #endExpressions(i: number, from: number): void {
    const { open } = this.#frame;
    const everything = this.#t.code[i] !== COMMA && from === STATEMENT;
    for (let last = open[open.length - 1]; last !== undefined; last = open[open.length - 1]) {
      if (!everything && (last.questions === STATEMENT || last.questions < from)) return;
      this.#end[last.scope] = this.#startOf(i);
      this.#scope = last.outer;
      open.pop();
    }
  }

  #endStatement(i: number): void {
    this.#endExpressions(i, STATEMENT);
    this.#frame.declares = NONE;
    this.#frame.questions = 0;
  }

  // -------------------------------------------------------------------------------------------------- declarations

  #word(i: number): void {
    const { code, start, end } = this.#t;
    const next = i + 1 < this.#t.count ? code[i + 1]! : 0;
    if (next === Sign.arrow) {
      const isAsync = isWord(this.#t, i - 1, "async");
      const scope = this.#newScope(this.#startOf(isAsync ? i - 1 : i), true);
      this.#declare(scope, i);
      this.#bodyOf.set(i + 1, scope);
      return;
    }
    const length = end[i]! - start[i]!;
    if (length < 3 || length > 6 || (i > 0 && code[i - 1] === DOT)) return;
    switch (wordAt(this.#t, i)) {
      case "var":
      case "let":
      case "const":
        if (next !== Sign.word && next !== OPEN_CURLY && next !== OPEN_SQUARE) return;
        this.#frame.declares = length === 3 && wordAt(this.#t, i) === "var" ? VAR : LEXICAL;
        return this.#declareAll(this.#target(), namesOfPattern(this.#t, i + 1));
      case "class":
        if (next !== Sign.word) return;
        if (this.#beginsStatement(i)) this.#declare(this.#scope, i + 1);
        else this.#frame.className = i + 1;
        return;
      case "import":
        if (next === Sign.word || next === OPEN_CURLY || next === STAR)
          this.#declareAll(this.#scope, namesOfImport(this.#t, i + 1));
        return;
      default:
    }
  }

  /** `function name(`: in the scope around it for a declaration, for an expression in its own. */
  #functionName(round: number, scope: ScopeRow): void {
    const name = nameOfFunction(this.#t, round);
    if (name === -1) return;
    this.#declare(this.#beginsStatement(startOfFunction(this.#t, name)) ? this.#scope : scope, name);
  }

  #beginsStatement(i: number): boolean {
    return beginsStatement(this.#t, i, this.#frame.questions > 0);
  }
}

function newFrame(scope: ScopeRow): Frame {
  return { scope, declares: NONE, questions: 0, open: [], className: -1 };
}
