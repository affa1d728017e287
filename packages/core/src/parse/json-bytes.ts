// The bytes of JSON's syntax.
export const NUL = 0x00;
const TAB = 0x09;
export const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DIGIT_0 = 0x30;
export const DIGIT_9 = 0x39;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export function isWhitespace(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}

/** A byte for messages: `"x"`, or `byte 0x00` where it cannot be printed. */
export function shown(byte: number): string {
  const printable = byte > SPACE && byte < 0x7f;
  return printable ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, "0")}`;
}

/** Characters of a text from the file that a message repeats. */
const SHOWN_LENGTH = 40;

/** A text from the file for messages, as JSON in ASCII: nothing in it can move a cursor or turn a line around. */
export function quoted(text: string): string {
  const start = text.length > SHOWN_LENGTH ? text.slice(0, SHOWN_LENGTH) + "..." : text;
  return JSON.stringify(start).replace(/[^\x20-\x7e]/g, (unit) => {
    return "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
  });
}
