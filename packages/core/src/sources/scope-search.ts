import type { RegisterFacts, ScopeFacts, ScriptPlace } from "../graph/originals.js";
import { type Bindings, bindingsOf, type ScopeRow } from "./bindings.js";
import { lastUpTo } from "../parse/last-up-to.js";
import { isBorrowed } from "./borrowed-values.js";
import { localOfExport } from "./exported-names.js";
import { variableInRegister } from "./register-variables.js";
import type { TextLines } from "./text-lines.js";
import { wordAt } from "./statements.js";
import { OPEN_CURLY, Sign, type Tokens, tokenize } from "./tokens.js";

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Tokens between `class` and its body: a name, and what it extends. */
const CLASS_TOKENS = 40;
/** Behind these words a bracket begins a pattern. */
const DECLARING = new Set(["const", "let", "var"]);
/** What a scope may have without a declaration. */
const UNDECLARED = new Set(["this", "arguments", "exports", "require", "module", "__filename", "__dirname"]);

/** Finds declarations in one text by what a snapshot says of their scopes. */
export class ScopeSearch {
  readonly #lines: TextLines;
  readonly #tokens: Tokens;
  readonly #bindings: Bindings;

  constructor(lines: TextLines) {
    this.#lines = lines;
    this.#tokens = tokenize(lines.text);
    this.#bindings = bindingsOf(this.#tokens);
  }

  /**
   * Position of the name of a variable in its declaration, -1 if it cannot be told. V8 knows places of functions only:
   * the scope is the innermost around all functions made in it that declares all its variables; without functions, the
   * only one of the text that does.
   */
  declaration(variable: string, scope: ScopeFacts): number {
    const token = this.#declarationToken(variable, scope);
    return token < 0 ? -1 : this.#tokens.start[token]!;
  }

  /**
   * The same of the variable that a register of a call has.
   * @param isPart the text may go on behind what is known of it
   */
  inRegister(register: number, facts: RegisterFacts, isPart = false): number {
    const { begins } = facts;
    const at = begins === null ? 0 : this.#lines.offset(begins.line, begins.column);
    if (at < 0) return -1;
    const row = begins === null ? 0 : this.#innermost(at);
    if (row > 0 && this.#bindings.start[row] !== at) return -1;
    const isWhole = !isPart || this.#bindings.end[row]! < this.#tokens.text.length;
    const token = variableInRegister(this.#tokens, this.#bindings, { row, isWhole }, facts, register);
    return token < 0 ? -1 : this.#tokens.start[token]!;
  }

  /**
   * Whether the name at a place declares a variable at the top of the text, or in a function; null if it declares none, or
   * nobody can tell. Types are no JavaScript, and may hide where a function begins: at the top is what no bracket is around.
   */
  levelOf(offset: number): "top" | "function" | null {
    const token = this.#tokenAt(offset);
    if (this.#tokens.start[token] !== offset || !this.#isDeclared(token)) return null;
    const bracket = this.#outermostAround(token);
    if (bracket < 0) return "top";
    return bracket > 0 && DECLARING.has(wordAt(this.#tokens, bracket - 1)) ? null : "function";
  }

  #isDeclared(token: number): boolean {
    const { names, parent } = this.#bindings;
    let row = this.#innermost(this.#tokens.start[token]!);
    while (row > 0 && names[row]?.includes(token) !== true) row = parent[row]!;
    return names[row]?.includes(token) === true;
  }

  /** The bracket around a token that has no other around it; -1 if none has. */
  #outermostAround(token: number): number {
    const { match } = this.#tokens;
    for (let at = 0; at < token; at++) {
      if (match[at]! > token) return at;
      at = Math.max(at, match[at]!);
    }
    return -1;
  }

  /** The name that begins at a place. */
  nameAt(offset: number): string {
    const { text, start, end } = this.#tokens;
    const token = this.#tokenAt(offset);
    return text.slice(start[token], end[token]);
  }

  /**
   * The same in the first part of a text, where a scope that does not end may declare more than is seen of it: nothing
   * outside of it is what is looked for then.
   */
  declarationInPart(variable: string, scope: ScopeFacts): number {
    if (!NAME.test(variable)) return -1;
    for (const row of this.#near(scope)) {
      const token = this.#declaring(row, [variable], variable);
      if (token >= 0) return this.#tokens.start[token]!;
      if (row > 0 && this.#bindings.end[row]! === this.#tokens.text.length) return -1;
    }
    return -1;
  }

  /** Whether the declaration whose name stands at a place only gives another name to what is declared elsewhere. */
  isBorrowed(offset: number): boolean {
    const token = this.#tokenAt(offset);
    return this.#tokens.start[token] === offset && isBorrowed(this.#tokens, token);
  }

  /**
   * Whether the function or class that begins at a place names a variable; null if none does, or it goes on behind the text.
   * @param isPart the text may go on behind what is known of it
   */
  namesVariable(offset: number, variable: string, isPart: boolean): boolean | null {
    const { text, start, end, code, match, count } = this.#tokens;
    const behind = this.#endOfFunction(offset);
    if (behind < 0 || (behind === text.length && isPart)) return null;
    let isNamed = false;
    for (let token = this.#tokenAt(offset); token < count && start[token]! < behind; token++) {
      if (match[token] === count) return null; // a bracket that is not closed
      if (code[token] !== Sign.word || text.slice(start[token], end[token]) !== variable) continue;
      const before = token === 0 ? "" : text.slice(start[token - 1], end[token - 1]);
      if (before !== "." && before !== "?.") isNamed = true;
    }
    return isNamed;
  }

  /** The place behind the function or class that begins at another one; -1 if none does. */
  #endOfFunction(offset: number): number {
    const { text, end, code, match, count } = this.#tokens;
    if (text.startsWith("class", offset)) {
      const last = Math.min(count, this.#tokenAt(offset) + CLASS_TOKENS);
      for (let token = this.#tokenAt(offset); token < last; token++) {
        if (code[token] === OPEN_CURLY) return match[token] === count ? text.length : end[match[token]!]!;
        if (match[token]! > token) token = Math.min(match[token]!, last);
      }
      return -1;
    }
    const row = this.#innermost(offset);
    return this.#bindings.isFunction[row] && this.#bindings.start[row] === offset ? this.#bindings.end[row]! : -1;
  }

  /** Where the function begins in which a place lies: at its parameters; -1 if it lies in none. */
  functionAround(offset: number): number {
    const { parent, isFunction, start } = this.#bindings;
    let row = this.#innermost(offset);
    while (row > 0 && !isFunction[row]) row = parent[row]!;
    return row === 0 ? -1 : start[row]!;
  }

  /** Where the class begins whose constructor begins at a place; -1 if it is no constructor. */
  classOf(constructor: number): number {
    const { parent, start } = this.#bindings;
    const row = this.#innermost(constructor);
    if (row === 0 || start[row] !== constructor || !/\bconstructor\s*$/.test(this.#textBefore(constructor))) return -1;
    let token = this.#tokenAt(start[parent[row]!]!) - 1;
    for (let left = CLASS_TOKENS; left > 0 && token >= 0; left--, token--) {
      const at = this.#tokens.start[token]!;
      if (this.#tokens.end[token]! - at === 5 && this.#tokens.text.startsWith("class", at)) return at;
    }
    return -1;
  }

  /** Where a class first has a private name; -1 if it has none. `at`: where the class begins, or its constructor. */
  privateField(at: number, name: string): number {
    const { text, start, end, count } = this.#tokens;
    const { parent, isFunction } = this.#bindings;
    const row = this.#innermost(at);
    const body = isFunction[row] === true && this.#bindings.start[row] === at ? parent[row]! : row;
    const from = text.startsWith("class", at) ? at : this.#bindings.start[body]!;
    const last = this.#bindings.end[body]!;
    for (let token = this.#tokenAt(from); token < count && start[token]! < last; token++)
      if (end[token]! - start[token]! === name.length && text.startsWith(name, start[token])) return start[token]!;
    return -1;
  }

  #textBefore(offset: number): string {
    return this.#tokens.text.slice(Math.max(0, offset - 20), offset);
  }

  #tokenAt(offset: number): number {
    const { start, count } = this.#tokens;
    return lastUpTo(start, 0, count, offset);
  }

  #declarationToken(variable: string, scope: ScopeFacts): number {
    const wanted = scope.variables.filter((name) => NAME.test(name) && !UNDECLARED.has(name));
    if (!wanted.includes(variable)) wanted.push(variable);
    for (const row of this.#near(scope)) {
      const token = this.#declaring(row, wanted, variable);
      if (token >= 0) return token;
    }
    const everywhere = this.#only(wanted, variable);
    if (everywhere >= 0) return everywhere;
    for (const row of this.#near(scope)) {
      const token = this.#declaring(row, [variable], variable);
      if (token >= 0) return token;
    }
    return scope.isTop ? this.#exported(variable) : -1;
  }

  /** Token of the declaration of what a module exports under another name; of the word `default` if it has no name. */
  #exported(name: string): number {
    const local = localOfExport(this.#tokens, name);
    if (local < 0) return -1;
    const declared = this.nameAt(this.#tokens.start[local]!);
    const token = this.#declaring(0, [declared], declared);
    return token < 0 ? local : token;
  }

  /** The scopes it may be, likeliest first. */
  *#near(scope: ScopeFacts): Generator<ScopeRow> {
    const { parent, start } = this.#bindings;
    const { isTop, begins } = scope;
    if (isTop) yield 0;
    const at = begins === null ? -1 : this.#lines.offset(begins.line, begins.column);
    let from = at < 0 ? -1 : this.#innermost(at);
    if (from < 0) {
      for (const place of scope.made) {
        const offset = this.#lines.offset(place.line, place.column);
        if (offset < 0) continue;
        const inner = this.#innermost(offset);
        // A function begins its own scope; it was made in the one around.
        const around = start[inner] === offset ? parent[inner]! : inner;
        from = from < 0 ? around : this.#common(from, around);
      }
    }
    for (let row = from; row > 0; row = parent[row]!) yield row;
    if (from >= 0 && !isTop) yield 0;
  }

  #innermost(offset: number): ScopeRow {
    const { start, end } = this.#bindings;
    let low = 0;
    let high = start.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (start[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    let row = low;
    while (row > 0 && end[row]! <= offset) row = this.#bindings.parent[row]!;
    return row;
  }

  #common(a: ScopeRow, b: ScopeRow): ScopeRow {
    // Scopes come in the order in which they start, so that an outer one is before those in it.
    let [one, other] = [a, b];
    while (one !== other) {
      if (one > other) one = this.#bindings.parent[one]!;
      else other = this.#bindings.parent[other]!;
    }
    return one;
  }

  /** Token of the variable's declaration in a scope that declares all the names; -1 in any other. */
  #declaring(row: ScopeRow, names: readonly string[], variable: string): number {
    const declared = this.#bindings.names[row];
    if (declared === undefined || declared.length < new Set(names).size) return -1;
    const left = new Set(names);
    let found = -1;
    for (const token of declared) {
      const { text, start, end } = this.#tokens;
      const name = text.slice(start[token], end[token]);
      left.delete(name);
      if (name === variable && found < 0) found = token;
    }
    return left.size === 0 ? found : -1;
  }

  #only(names: readonly string[], variable: string): number {
    let found = -1;
    for (let row = 0; row < this.#bindings.start.length; row++) {
      const token = this.#bindings.names[row] === undefined ? -1 : this.#declaring(row, names, variable);
      if (token >= 0 && found >= 0) return -1;
      if (token >= 0) found = token;
    }
    return found;
  }
}

/** Whether a function may begin at a place: at the bracket of its parameters, at a name, or at `class`. */
export function mayBeginFunction(lines: TextLines, { line, column }: ScriptPlace): boolean {
  const at = lines.offset(line, column);
  if (at < 0) return false;
  const here = lines.text.slice(at, at + 2);
  if (here.startsWith("(")) return true;
  if (at === 0) return true; // the script itself
  return /^[\p{ID_Start}$_#[*"'{]/u.test(here) && !/[\p{ID_Continue}$]$/u.test(lines.text.slice(at - 1, at));
}
