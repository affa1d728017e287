import type { Suspect } from "@leakdiff/core";
import { plainText } from "./plain-text.js";
import { shorten, type Span } from "./wrap.js";

const TEXT_COLUMNS = 60;
const PLACE_COLUMNS = 40;

/** Texts of the heap, if the report has any: `key "/page/17"; .html "<html>…"`. */
export function texts({ texts: all }: Suspect): Span[] {
  const shown = (all ?? []).map(
    ({ of, text }) => `${shorten(plainText(of), PLACE_COLUMNS)} "${shorten(plainText(text), TEXT_COLUMNS)}"`,
  );
  return shown.length === 0 ? [] : [{ text: shown.join("; ") }];
}
