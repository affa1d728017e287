import type { ColumnMemory, Room } from "./column-memory.js";
import { type ReadFault, SnapshotError } from "./snapshot-error.js";

/** Where the reader is, for messages. One object a file, moved on by whoever feeds the readers. */
export interface ReadingPlace {
  /** Name of the file as the user gave it. */
  readonly file: string;
  /** Bytes of text before the chunk that is being read; may pass 4 GB. */
  chunkStart: number;
  /** Bytes of text in all, 0 where unknown (a pipe, gzip). Bounds what counts in the file may make us allocate. */
  readonly textBytes: number;
  /** Whether other threads shall see the columns. */
  readonly shared?: boolean;
  /** Where the columns of nodes and edges lie, if they have room there. */
  memory?: ColumnMemory | null;
  /** Where all that stays lies, if it has room there. */
  readonly kept?: Room | null;
}

/** What to do about a file that is not whole; ends the sentence of every error that a new copy mends. */
const TAKE_AGAIN = "take the snapshot again and copy it only when it is written to the end";

/** An error about a file: one sentence, `<file> <what>; <remedy>`. */
export function fault(code: ReadFault, file: string, what: string, remedy: string = TAKE_AGAIN): SnapshotError {
  return new SnapshotError(code, file, `${file} ${what}; ${remedy}`);
}
