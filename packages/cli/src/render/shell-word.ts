import { plainText } from "./plain-text.js";

/** `file` as one would type it in a shell, to be copied from a terminal. */
export function shellWord(file: string): string {
  const word = file.startsWith("-") && file !== "-" ? `./${file}` : file;
  return /^(?:[a-z]:\\[\w.@+=,\\-]+|[\w./:@%+=,-]+)$/i.test(word)
    ? word
    : `'${plainText(word).replaceAll("'", String.raw`'\''`)}'`;
}
