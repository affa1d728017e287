import { plainText } from "./plain-text.js";

/** `file` as one would type it in a POSIX shell, to be copied from a terminal. */
export function shellWord(file: string): string {
  const word = file.startsWith("-") && file !== "-" ? `./${file}` : file;
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${plainText(word).replaceAll("'", String.raw`'\''`)}'`;
}
