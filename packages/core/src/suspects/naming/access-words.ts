import type { EdgeIndex } from "../../graph/heap-graph.js";
import type { Scope } from "../../graph/scopes.js";
import type { SourcePosition } from "../../graph/source-locations.js";

/** How a program would write the way to an object: `latency.hashMap`, and where its first word is known. */
export interface AccessPath {
  /** The expression; empty if nothing of the program names the object. */
  readonly expression: string;
  /** The words of the expression: variable first, then properties. */
  readonly words: readonly string[];
  readonly anchor: "variable" | "function" | "global" | "page" | "component" | "instance" | "none";
  /** The scope of the variable, or null. */
  readonly scope: Scope | null;
  /** Where the first word is declared, or else the function whose scope it is in, or else one of that scope. */
  readonly position: SourcePosition | null;
  /** True if `position` is the declaration itself. */
  readonly isDeclaration: boolean;
  /** True if the declaration only gives another name to what is declared elsewhere. */
  readonly isBorrowed: boolean;
  /** The file of the anchor, as V8 has it; empty if unknown. */
  readonly file: string;
  /** True if the object hangs on a function: a static of a class, or a property somebody put there. */
  readonly isStatic: boolean;
  /** Of a scope in another file: what the program's own code calls the functions that share it, or their object. */
  readonly owner: AccessPath | null;
  /** The edges from the anchor to the object, in order. */
  readonly edges: readonly EdgeIndex[];
}

/** That of an object which nothing of the program names. */
export const NO_PATH: AccessPath = {
  expression: "",
  words: [],
  anchor: "none",
  scope: null,
  position: null,
  isDeclaration: false,
  isBorrowed: false,
  file: "",
  isStatic: false,
  owner: null,
  edges: [],
};

/** Stand for what a Map or Set has, and an Array. */
export const ANY_ENTRY = "{…}";
export const ANY_ELEMENT = "[…]";

/** Begins the word that stands for "the value that this WeakMap has for it": the map's own name follows. */
export const WEAK_VALUE = "{weak} ";

/** What a function made by `bind` was bound to, in the words of DevTools; arguments come with their place. */
export const BOUND_THIS = "[[BoundThis]]";
export const BOUND_ARGUMENTS = "[[BoundArgs]]";

/** A variable of a call that waits, whose name V8 has not kept. */
export const NAMELESS_VARIABLE = "(variable)";

/** Joins words as a program would write them. */
export function join(words: readonly string[]): string {
  return words.reduce((text, word, i) => {
    if (word.startsWith(WEAK_VALUE)) return `${word.slice(WEAK_VALUE.length)}.get(${text})`;
    return text + (i === 0 || word.startsWith("[") || word.startsWith("{") ? word : `.${word}`);
  }, "");
}

/** The same way in other words, of which some may stand for several names. */
export function inWords(path: AccessPath, words: readonly string[]): AccessPath {
  const expression = join(path.anchor === "global" ? ["globalThis", ...words] : words);
  return { ...path, words, expression };
}

/** Names in so few variants are the source's, and no keys: of one component `__props` grows, and `__emits` of it as well. */
const FEW = 2;

/**
 * The name of many alike holders, given those of some: `allUsers[…].history` for `allUsers.u240.history` and others. What
 * has a number is never the same for all.
 */
export function nameOfMany(path: AccessPath, others: readonly AccessPath[]): AccessPath {
  if (path.words.length === 0) return path;
  const alike = others.filter(({ words }) => words.length === path.words.length);
  const nameAt = (i: number): string => {
    const variants = [...new Set([path, ...alike].map(({ words }) => words[i]!))].sort();
    const areKeys = variants.length > FEW || alike.length < 2 * variants.length;
    if (variants.some((word) => /\d/.test(word)) || (variants.length > 1 && areKeys)) return ANY_ELEMENT;
    return variants.length === 1 ? variants[0]! : `(${variants.join("|")})`;
  };
  return inWords(
    path,
    path.words.map((word, i) => (i === 0 ? word : nameAt(i))),
  );
}
