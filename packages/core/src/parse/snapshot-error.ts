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
