import type { RegisterFacts } from "../graph/originals.js";
import { lastUpTo } from "../parse/last-up-to.js";
import type { Bindings, ScopeRow } from "./bindings.js";
import { endsValue } from "./borrowed-values.js";
import { isWord, wordAt } from "./statements.js";
import { CLOSE_ROUND, COMMA, EQUALS, OPEN_CURLY, OPEN_ROUND, OPEN_SQUARE, Sign, type Tokens } from "./tokens.js";

/** A register of something else than a variable. */
const NO_NAME = -1;

/** The function whose call waits. */
export interface FunctionInText {
  readonly row: ScopeRow;
  /** False if it goes on behind the text: it may declare more, which comes before what its blocks declare. */
  readonly isWhole: boolean;
}

/**
 * Token of the name of the variable that a register of a waiting call has; -1 if that cannot be told. V8 gives registers
 * out in an order: parameters, variables as the function declares them, those of its blocks. That it is so is believed
 * only where objects in registers are what the text makes for them: `[]`, `new Map()`.
 */
export function variableInRegister(
  tokens: Tokens,
  bindings: Bindings,
  within: FunctionInText,
  facts: RegisterFacts,
  register: number,
): number {
  const parameters = parametersOf(tokens, bindings, within.row);
  if (register < parameters.names.length) return parameters.names[register]!;
  const order = new RegisterOrder(tokens, bindings, within, facts, parameters).order;
  const name = order[register] ?? NO_NAME;
  if (name === NO_NAME) return NO_NAME;
  // What the text tells of this one stands for itself; of others all have to agree.
  const last = madeFor(tokens, name).class === "" ? order.length - 1 : register;
  let alike = 0;
  for (let each = parameters.names.length; each <= last; each++) {
    const made = order[each] === NO_NAME ? NOTHING : madeFor(tokens, order[each]!);
    const held = facts.holds.get(each);
    if (made.class === "" || held === undefined) continue;
    if (made.class === held) alike++;
    else if (made.isCertain) return NO_NAME;
  }
  return alike > 0 ? name : NO_NAME;
}

interface Parameters {
  /** Token of the name of each; -1 for a pattern. */
  readonly names: readonly number[];
  /** False if they are more than names: then V8 makes variables of them. */
  readonly isSimple: boolean;
  /** Token of the last one's `...`; -1 if it has none. */
  readonly rest: number;
  /** Tokens around them. */
  readonly open: number;
  readonly close: number;
}

function parametersOf(tokens: Tokens, { start }: Bindings, row: ScopeRow): Parameters {
  if (row === 0) return { names: [], isSimple: true, rest: -1, open: -1, close: -1 };
  const { code, match, count } = tokens;
  const first = lastUpTo(tokens.start, 0, count, start[row]!);
  const open = isWord(tokens, first, "async") && code[first + 1] !== Sign.arrow ? first + 1 : first;
  if (code[open] === Sign.word) return { names: [open], isSimple: true, rest: -1, open: open - 1, close: open + 1 };
  const close = match[open]!;
  const names: number[] = [];
  let isSimple = true;
  let rest = -1;
  for (let at = open + 1; at < close; at++) {
    const isName = code[at] === Sign.word;
    if (code[at] === Sign.spread) rest = at;
    else names.push(isName ? at : NO_NAME);
    if (!isName || code[at + 1] === EQUALS) isSimple = false;
    while (at < close && code[at] !== COMMA) at = match[at]! > at ? match[at]! + 1 : at + 1;
  }
  return { names, isSimple, rest, open, close };
}

/** A variable or one of V8's own, at the token where V8 meets it. */
interface Entry {
  readonly at: number;
  readonly name: number;
}

/** Finds the variables of a function in the order in which V8 gives registers to them. */
class RegisterOrder {
  /** register -> token of the variable's name */
  readonly order: readonly number[];
  readonly #t: Tokens;
  readonly #b: Bindings;
  readonly #row: ScopeRow;
  readonly #captured: ReadonlySet<string>;
  #uses: ReadonlyMap<string, number> | null = null;

  constructor(
    tokens: Tokens,
    bindings: Bindings,
    { row, isWhole }: FunctionInText,
    { captured, generator }: RegisterFacts,
    { names, isSimple, rest, open, close }: Parameters,
  ) {
    this.#t = tokens;
    this.#b = bindings;
    this.#row = row;
    this.#captured = new Set(captured);
    const own = this.#namesOf(row);
    const made = own.filter((token) => token > open && token < close).map(itself);
    if (rest >= 0) made.push({ at: rest, name: NO_NAME });
    const blocks = blocksIn(bindings, row);
    const hidden = blocks.flatMap((block) => this.#hiddenFor(block));
    const variables = own.filter((token) => token > close).map(itself);
    // Behind parameters that are more than names the body is a block of its own.
    const order = isSimple
      ? [...names, ...inOrder([...variables, ...hidden])]
      : [...names, ...inOrder(made), ...inOrder(hidden), ...inOrder(variables)];
    for (const block of isWhole ? blocks : []) order.push(...this.#ofBlock(block));
    // The call itself has a register, which of arrow functions comes behind their own variables.
    if (generator >= 0) order.splice(generator, 0, NO_NAME);
    this.order = order;
  }

  /** What a loop or `switch` needs for itself, which V8 has with the variables of the function. */
  #hiddenFor(block: ScopeRow): Entry[] {
    const { match, code } = this.#t;
    const open = this.#tokenAt(this.#b.start[block]!);
    // Known when all of the loop has been read.
    if (this.#isForEach(open)) return [{ at: this.#tokenAt(this.#b.end[block]! - 1), name: NO_NAME }];
    const isSwitch =
      code[open] === OPEN_CURLY && code[open - 1] === CLOSE_ROUND && isWord(this.#t, match[open - 1]! - 1, "switch");
    return isSwitch ? [{ at: open, name: NO_NAME }] : [];
  }

  #ofBlock(block: ScopeRow): number[] {
    const open = this.#tokenAt(this.#b.start[block]!);
    const names = this.#namesOf(block);
    // Variables of `for (const x of xs)` are there twice: `xs` must not see `x`.
    if (this.#isForEach(open))
      return [...names.filter((name) => name < this.#t.match[open]!).map(() => NO_NAME), ...names];
    // What `catch` declares is never in a register.
    if (this.#t.code[open] === OPEN_ROUND && isWord(this.#t, open - 1, "catch"))
      return names.filter((name) => name > this.#t.match[open]!);
    return names;
  }

  /** Whether the bracket of a `for ... of` or `for ... in` opens here. */
  #isForEach(open: number): boolean {
    const { code, match } = this.#t;
    const isLoop = isWord(this.#t, open - 1, "for") || wordAt(this.#t, open - 1) === "await";
    if (code[open] !== OPEN_ROUND || !isLoop) return false;
    for (let at = open + 1; at < match[open]!; at++) {
      if (code[at] === Sign.keyword && /^(?:of|in)$/.test(wordAt(this.#t, at))) return true;
      if (match[at]! > at) at = match[at]!;
    }
    return false;
  }

  /** Names that a scope declares, without those that have no register. */
  #namesOf(row: ScopeRow): number[] {
    return (this.#b.names[row] ?? []).filter(
      (token) =>
        !this.#captured.has(this.#word(token)) &&
        !(row === 0 && isOfOtherModules(this.#t, token)) &&
        this.#isUsed(token),
    );
  }

  /** Functions, and a `var` without a value, have no register if nothing refers to them. */
  #isUsed(name: number): boolean {
    const before = this.#t.code[name - 1] === Sign.word ? wordAt(this.#t, name - 1) : "";
    if (before !== "function" && !(before === "var" && this.#t.code[name + 1] !== EQUALS)) return true;
    this.#uses ??= this.#countUses();
    return this.#uses.get(this.#word(name))! > 1;
  }

  /** How often each word stands in the function. */
  #countUses(): Map<string, number> {
    const uses = new Map<string, number>();
    const last = this.#tokenAt(this.#b.end[this.#row]! - 1);
    for (let at = this.#tokenAt(this.#b.start[this.#row]!); at <= last; at++)
      if (this.#t.code[at] === Sign.word) uses.set(this.#word(at), (uses.get(this.#word(at)) ?? 0) + 1);
    return uses;
  }

  #word(token: number): string {
    return this.#t.text.slice(this.#t.start[token], this.#t.end[token]);
  }

  #tokenAt(offset: number): number {
    return lastUpTo(this.#t.start, 0, this.#t.count, offset);
  }
}

function itself(token: number): Entry {
  return { at: token, name: token };
}

function inOrder(entries: readonly Entry[]): number[] {
  return [...entries].sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/** The blocks of a function, without those of functions in it: outer ones first, of those side by side the last. */
function blocksIn({ start, end, parent, isFunction }: Bindings, row: ScopeRow): ScopeRow[] {
  const inside = new Map<ScopeRow, ScopeRow[]>([[row, []]]);
  for (let block = row + 1; block < start.length && start[block]! < end[row]!; block++) {
    const around = isFunction[block] ? undefined : inside.get(parent[block]!);
    if (around === undefined) continue;
    around.push(block);
    inside.set(block, []);
  }
  const order: ScopeRow[] = [];
  const left = [...inside.get(row)!];
  for (let block = left.pop(); block !== undefined; block = left.pop()) {
    order.push(block);
    left.push(...inside.get(block)!);
  }
  return order;
}

/** Tokens between a name and the word that declares it: of a pattern, or of the variables before it. */
const MAX_TOKENS = 200;

/** Of a name that a file declares: whether it is behind `import`, or its declaration behind `export`. */
function isOfOtherModules(tokens: Tokens, name: number): boolean {
  const { code, match } = tokens;
  for (let at = name - 1, left = MAX_TOKENS; at >= 0 && left > 0; at--, left--) {
    if (match[at]! < at) at = match[at]!;
    else if (code[at] === Sign.word && /^(?:const|let|var|class|function|import)$/.test(wordAt(tokens, at))) {
      const before = isWord(tokens, at - 1, "async") ? at - 2 : at - 1;
      return isWord(tokens, at, "import") || isWord(tokens, before, "export");
    }
  }
  return false;
}

/** What a declaration makes for its variable. */
interface Made {
  /** Class of the object, or "function " and its name; empty if it does not tell. */
  readonly class: string;
  /** False if something is read from that, called or computed, which may be another object. */
  readonly isCertain: boolean;
}

const NOTHING: Made = { class: "", isCertain: false };

function madeFor(tokens: Tokens, name: number): Made {
  const { code, match, text, start, end } = tokens;
  const before = code[name - 1] === Sign.word ? wordAt(tokens, name - 1) : "";
  const word = (token: number): string => text.slice(start[token], end[token]);
  if (before === "function" || before === "class") return { class: `function ${word(name)}`, isCertain: true };
  if (code[name + 1] !== EQUALS) return NOTHING;
  const value = name + 2;
  if (code[value] === OPEN_SQUARE) return { class: "Array", isCertain: endsValue(tokens, match[value]! + 1) };
  if (code[value] === OPEN_CURLY) return { class: "Object", isCertain: endsValue(tokens, match[value]! + 1) };
  if (code[value] !== Sign.keyword || wordAt(tokens, value) !== "new" || code[value + 1] !== Sign.word) return NOTHING;
  const behind = code[value + 2] === OPEN_ROUND ? match[value + 2]! + 1 : value + 2;
  return { class: word(value + 1), isCertain: endsValue(tokens, behind) };
}
