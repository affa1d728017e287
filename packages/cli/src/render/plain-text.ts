// What a terminal or a viewer obeys instead of showing: controls, line separators, bidirectional and zero-width
// characters, halves of surrogate pairs, spaces that only look like one, a mark that would sit on what stands before.
const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}|^\p{M}/gu;
const EMOJI_STYLE = /(?<=\p{Extended_Pictographic})\ufe0f/gu;
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** `text` from a snapshot, a file name or an error, made safe to print: one line, in which nothing is hidden. */
export function plainText(text: string): string {
  return text
    .replace(EMOJI_STYLE, "")
    .replace(PILED_MARKS, "$1…")
    .replace(OBEYED, (character) => escape(character.codePointAt(0)!));
}

/** The same for text that is JSON already: an escape there means the character itself. */
export function plainJson(json: string): string {
  return json.replace(OBEYED, (character) => {
    if (character === "\n") return character;
    return character.replaceAll(/[^]/g, (unit) => escape(unit.charCodeAt(0)));
  });
}

function escape(code: number): string {
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
