import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { generatedPosition, scriptOfClosure, scriptSource } from "./source-locations.js";

const NAME = /[\p{ID_Continue}$]/u;
/** Words after which a slash begins a regular expression, not a division. */
const BEFORE_EXPRESSION =
  /(?:^|[^\p{ID_Continue}$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|yield|await)$/u;
const MAX_CODE = 100_000;
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * The code of a function from its parameters (or from `class`) to its end, with strings, comments and regular
 * expressions blanked out; null if the file does not hold all of it (up to V8 14.6 it has the first 1024 units of a
 * script), or if it is not understood.
 */
export function functionCode(graph: HeapGraph, closure: NodeIndex): string | null {
  const position = generatedPosition(graph, closure);
  if (position === null) return null;
  const source = scriptSource(graph, scriptOfClosure(graph, closure));
  let start = 0;
  for (let line = 1; line < position.line; line++) {
    start = source.indexOf("\n", start) + 1;
    if (start === 0) return null;
  }
  start += position.column - 1;
  return start >= source.length ? null : codeFrom(source, start);
}

/** Does a function's code name this variable? What is only a property's name does not count, unless it may be either. */
export function namesVariable(code: string, variable: string): boolean {
  for (let at = code.indexOf(variable); at >= 0; at = code.indexOf(variable, at + 1)) {
    const [before, after] = [code[at - 1] ?? "", code[at + variable.length] ?? ""];
    if (NAME.test(before) || NAME.test(after) || before === "#") continue;
    if (before !== "." || code.slice(Math.max(0, at - 3), at) === "...") return true;
  }
  return false;
}

/** @returns the code of the function that starts here, or null if it does not end in the text */
function codeFrom(source: string, start: number): string | null {
  const isClass = source.startsWith("class", start);
  const code: string[] = [];
  const open: string[] = []; // the brackets that are open, and "`" for a template literal
  let isBody = isClass;
  let at = start;
  const blank = (end: number): void => {
    code.push(" ");
    at = end;
  };
  while (at < source.length && code.length < MAX_CODE) {
    const char = source[at]!;
    const inTemplate = open[open.length - 1] === "`";
    if (inTemplate) {
      if (char === "\\") blank(at + 2);
      else if (source.startsWith("${", at)) {
        open.push("}");
        blank(at + 2);
      } else {
        if (char === "`") open.pop();
        blank(at + 1);
      }
      continue;
    }
    const literal = literalEnd(source, at, code);
    if (literal === NO_END) return null;
    if (literal > at) {
      blank(literal);
      continue;
    }
    if (open.length === 0 && isBody && /[,;)\]}]/.test(char)) return code.join(""); // the end of `x => x + 1`
    code.push(char);
    at++;
    if (char === "`") open.push(char);
    else if (char in CLOSING) open.push(CLOSING[char]!);
    else if (char === ")" || char === "]" || char === "}") {
      if (open.pop() !== char) return null;
      if (open.length === 0 && char === "}" && isBody) return code.join("");
    }
    if (open.length === 0 && char === ">" && source[at - 2] === "=") isBody = true;
    if (open.length === 1 && char === "{") isBody = true;
  }
  return null;
}

const NO_END = -1;

/** The end of the string, comment or regular expression that starts here; the same place if none does, or NO_END. */
function literalEnd(source: string, at: number, code: readonly string[]): number {
  const char = source[at]!;
  if (char === '"' || char === "'") {
    for (let end = at + 1; end < source.length; end++) {
      if (source[end] === "\\") end++;
      else if (source[end] === char) return end + 1;
    }
    return NO_END;
  }
  if (char !== "/") return at;
  if (source[at + 1] === "/") {
    const end = source.indexOf("\n", at);
    return end < 0 ? NO_END : end;
  }
  if (source[at + 1] === "*") {
    const end = source.indexOf("*/", at + 2);
    return end < 0 ? NO_END : end + 2;
  }
  return startsExpression(code) ? regexEnd(source, at) : at;
}

function startsExpression(code: readonly string[]): boolean {
  const before = code.slice(-40).join("").trimEnd();
  const last = before[before.length - 1] ?? "";
  return !(NAME.test(last) || last === ")" || last === "]" || last === "}") || BEFORE_EXPRESSION.test(before);
}

function regexEnd(source: string, at: number): number {
  let inSet = false;
  for (let end = at + 1; end < source.length && source[end] !== "\n"; end++) {
    if (source[end] === "\\") end++;
    else if (source[end] === "[") inSet = true;
    else if (source[end] === "]") inSet = false;
    else if (source[end] === "/" && !inSet) return end + 1;
  }
  return NO_END;
}
