import { createHash } from "node:crypto";
import { shortFile } from "../naming/short-file.js";

/** What a suspect is known by in every run: its kind and the names the program gave, nothing that moves. */
export interface Identity {
  readonly kind: string;
  readonly words: readonly string[];
  readonly class: string;
  readonly file: string;
}

/**
 * The same for the same leak in another run, after a rebuild that moves lines, and in another Node version: no ids,
 * indices, sizes, lines or folders go into it.
 */
export function fingerprint({ kind, words, class: name, file }: Identity): string {
  const stable = [kind, words.join("."), name, file === "" ? "" : shortFile(file)].join("\n");
  return `${kind}-${createHash("sha256").update(stable).digest("hex").slice(0, 12)}`;
}
