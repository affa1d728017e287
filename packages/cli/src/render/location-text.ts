import type { SourceLocation } from "@leakdiff/core";
import { plainText } from "./plain-text.js";

/** Where to click, "server.js:6:5", in the source where that is known; safe to print. */
export function locationText(location: SourceLocation): string {
  const { file, line, column } = location.original ?? location;
  return plainText(`${file}:${line}:${column}`);
}
