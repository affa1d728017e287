/**
 * Why a file cannot be used, as a stable word for machines:
 *
 * - `not-found`, `is-directory`, `no-permission`, `unreadable` (any other failure of the system while reading)
 * - `empty`, `not-json`, `not-snapshot` (JSON of another kind, such as a CPU profile), `bad-gzip`
 * - `truncated`: a prefix of a snapshot
 * - `bad-meta`, `counts`, `bad-number`, `bad-index`, `bad-string`: whole, but damaged or of an unknown writer
 * - `too-large`: past what this process or the format can hold
 * - `changed`: somebody wrote to it while it was looked at
 *
 * Later stages add their own words, hence a plain string in `SnapshotError`.
 */
export type ReadFault =
  | "not-found"
  | "is-directory"
  | "no-permission"
  | "unreadable"
  | "empty"
  | "not-json"
  | "not-snapshot"
  | "bad-gzip"
  | "truncated"
  | "bad-meta"
  | "counts"
  | "bad-number"
  | "bad-index"
  | "bad-string"
  | "too-large"
  | "changed";

/**
 * What a user can cause and mend: the file is missing, cut short, not a snapshot ... `message` is one sentence that
 * names the file, the place and what to do. Every other error is ours and keeps its stack.
 */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
  readonly code: string;
  readonly file: string;

  /** `code` is a stable word for machines, such as `truncated`. */
  constructor(code: string, file: string, message: string) {
    super(message);
    this.code = code;
    this.file = file;
  }
}
