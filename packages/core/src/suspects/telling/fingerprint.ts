import { createHash } from "node:crypto";
import { shortFile, shortFileAmong } from "../naming/short-file.js";

/** What a suspect is known by in every run: its kind and the names the program gave, nothing that moves. */
export interface Identity {
  readonly kind: string;
  readonly words: readonly string[];
  readonly class: string;
  readonly file: string;
}

/**
 * The same for the same leak in another run, after a rebuild that moves lines, and in another Node version: no ids,
 * indices, sizes, lines or folders go into it. Of suspects that would have the same, in files of one name, folders tell
 * them apart, so that nobody who knows the one takes the other for it.
 * @returns one for each
 */
export function fingerprints(identities: readonly Identity[]): string[] {
  const plain = identities.map((identity) => fingerprintOf(identity, shortFile(identity.file)));
  return identities.map((identity, i) => {
    const alike = identities.filter((_, other) => other !== i && plain[other] === plain[i]).map(({ file }) => file);
    return alike.length === 0 ? plain[i]! : fingerprintOf(identity, shortFileAmong(identity.file, alike));
  });
}

function fingerprintOf({ kind, words, class: name }: Identity, file: string): string {
  const stable = [kind, words.join("."), name, file].join("\n");
  return `${kind}-${createHash("sha256").update(stable).digest("hex").slice(0, 12)}`;
}
