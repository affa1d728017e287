/** Units before a function in which its name may stand. */
export const LEAD = 200;

const IDENTIFIER = /[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy;
// A minifier leaves out the space before a private name: `static#e`.
const DECLARING =
  /(?:(?:export|default|declare|abstract|const|let|var|class|async|function|static|public|private|protected|readonly|\*)(?:\s+|(?=#)|$))*/y;

/** The identifier, or private name, that begins at a place; empty if none does. */
export function wordAt(text: string, at: number): string {
  IDENTIFIER.lastIndex = at;
  return IDENTIFIER.exec(text)?.[0] ?? "";
}

/** Whether a text is only words such as `export const`, behind which the name follows that they declare. */
export function isDeclaring(text: string): boolean {
  DECLARING.lastIndex = 0;
  return text !== "" && DECLARING.exec(text)?.[0].length === text.length;
}

/** Whether all of a text is one identifier, or private name. */
export function isIdentifier(name: string): boolean {
  IDENTIFIER.lastIndex = 0;
  return IDENTIFIER.exec(name)?.[0].length === name.length;
}

/** The name that stands at a place, behind the words that declare it; null in the midst of one, where no map leads. */
export function declaredName(text: string, at: number): { offset: number; name: string } | null {
  if (/^[\p{ID_Continue}$#]{2}$/u.test(text.slice(Math.max(0, at - 1), at + 1))) return null;
  DECLARING.lastIndex = at;
  IDENTIFIER.lastIndex = at + (DECLARING.exec(text)?.[0].length ?? 0);
  const [name] = IDENTIFIER.exec(text) ?? [];
  return name === undefined ? null : { offset: IDENTIFIER.lastIndex - name.length, name };
}

/**
 * Where the name of a function stands that begins at a place: `name(`, `function name(`, `name = async (`, `class name`;
 * -1 if it does not.
 */
export function nameOfFunction(text: string, at: number, name: string): number {
  if (!isIdentifier(name)) return -1;
  const behind = /^class\s+/.exec(text.slice(at, at + 40));
  if (behind !== null && wholeWord(text.slice(at + behind[0].length, at + LEAD), name) === 0)
    return at + behind[0].length;
  const start = Math.max(0, at - LEAD);
  const lead = text.slice(start, at);
  const tail = /\s*(?:[=:]\s*\(*\s*)?(?:async\b\s*)?(?:function\b\s*\*?\s*)?$/.exec(lead)!;
  const end = start + tail.index;
  const from = end - name.length;
  return from >= start && wholeWord(text.slice(start, end), name, from - start) === from - start ? from : -1;
}

/** Where a name stands in a text as a word of its own; -1 if nowhere. */
export function wholeWord(text: string, name: string, from = 0): number {
  for (let at = text.indexOf(name, from); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text.slice(Math.max(0, at - 1), at), text.slice(at + name.length, at + name.length + 1)];
    if (!/[\p{ID_Continue}$#.]/u.test(before) && !/[\p{ID_Continue}$]/u.test(after)) return at;
  }
  return -1;
}
