/**
 * What a user can cause and mend: a log in which nobody can find memory, or a damaged one. `message` is one sentence that
 * names the file, the line if it is about one, and what to do.
 */
export class MemoryLogError extends Error {
  override readonly name = "MemoryLogError";
  readonly file: string;

  constructor(file: string, message: string) {
    super(`${file}: ${message}`);
    this.file = file;
  }
}

const LONGEST = 60;

/** What a line says, short enough for a sentence. */
export function quoted(text: string): string {
  const trimmed = text.trim();
  return `"${trimmed.length > LONGEST ? `${trimmed.slice(0, LONGEST)}…` : trimmed}"`;
}
