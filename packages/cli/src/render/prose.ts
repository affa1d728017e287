import { plainText } from "./plain-text.js";
import { NO_BREAK_SPACE } from "./wrap.js";

/** A sentence of core's, safe to print; no line ends between a number and its unit. */
export function prose(sentence: string): string {
  return plainText(sentence).replaceAll(/(?<=\d) (?=(?:%|B|[kMGT]B)(?![\w]))/g, NO_BREAK_SPACE);
}
