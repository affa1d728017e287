import { ANY_ELEMENT, ANY_ENTRY } from "./access-words.js";

const IDENTIFIER = /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u;
/** What programs call events, headers and settings: words joined by a few signs. */
const SPOKEN = /^[\p{L}_$][\p{L}\p{N}_$:.-]*$/u;

/**
 * True for property names that look like data of the program's users rather than names in its source: addresses,
 * tokens, paths, ids. They are not printed: a dictionary's keys are somebody's secrets.
 */
export function looksLikeData(name: string): boolean {
  if (name.length > 48 || !SPOKEN.test(name.startsWith("#") ? name.slice(1) : name)) return true;
  const digits = name.replace(/\D/g, "").length;
  return digits > 3 || (name.length > 4 && digits * 3 > name.length) || /[0-9a-f]{12}/i.test(name);
}

/** A property as a word of an access path: `items`, `["theme-changed"]`, `[kState]`; `[…]` for what looks like data. */
export function propertyWord(name: string): string {
  if (name.startsWith("<symbol ")) return symbolWord(name.slice(8, -1));
  if (name === ANY_ENTRY) return name;
  if (looksLikeData(name)) return ANY_ELEMENT;
  return IDENTIFIER.test(name) ? name : `["${name}"]`;
}

function symbolWord(description: string): string {
  return looksLikeData(description) ? "[symbol]" : `[${description}]`;
}

/** True for the words by which Node's object of a CommonJS module has what the module exports. */
export function isExports(word: string): boolean {
  return word === "exports" || word === "[node:module_export]";
}

/** An edge's name for print: the same rule, without the brackets. */
export function printableName(name: string): string {
  if (name.startsWith("<symbol ")) return `<symbol ${looksLikeData(name.slice(8, -1)) ? "…" : name.slice(8, -1)}>`;
  return looksLikeData(name) ? "…" : name;
}

/** Name of a class for print; of a plain object's shape, `{id, name}`, without properties that look like data. */
export function printableClass(name: string): string {
  if (!name.startsWith("{") || !name.endsWith("}")) return name;
  const properties = name.slice(1, -1).split(", ");
  return properties.some(looksLikeData) ? "Object" : name;
}
