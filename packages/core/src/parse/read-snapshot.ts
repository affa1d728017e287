import type { RunOptions } from "../progress.js";
import { type ByteSource, type Bytes, type SeekableFile, openFile, openStream, unpacked } from "./byte-source.js";
import type { ColumnMemory, Room } from "./column-memory.js";
import type { RawSnapshot } from "./raw-snapshot.js";
import { SnapshotReader } from "./snapshot-reader.js";
import { type RowReader, splitRows } from "./split-rows.js";

export type { Bytes };

/** A file's path, `-` for standard input, or bytes from anywhere, such as a Readable. */
export type SnapshotSource = string | Bytes;

export interface ReadOptions extends RunOptions {
  /** What messages call the source; by default its path. */
  readonly name?: string;
  /** Read for the source `-`, instead of `process.stdin`. */
  readonly stdin?: Bytes;
  /** Other threads to read the rows of a file with; its columns are then shared with them. */
  readonly readers?: readonly RowReader[];
  /** Where the columns of nodes and edges lie; by default a large heap has its own. */
  readonly memory?: ColumnMemory | null;
  /** Where strings and places lie, if they stay in this thread. */
  readonly kept?: Room | null;
  /** Bytes of rows that a thread reads at once. */
  readonly pieceSize?: number;
}

/** Bytes between two reports of progress. */
const PROGRESS_STEP = 4 << 20;

/**
 * Reads one `.heapsnapshot` or `.heaptimeline`, as it is or compressed by gzip, chunk by chunk: it needs memory for
 * the columns and for the bytes of the strings, not for the file.
 * @throws SnapshotError for a file that cannot be read as a snapshot
 */
export async function readSnapshot(source: SnapshotSource, options: ReadOptions = {}): Promise<RawSnapshot> {
  const { signal } = options;
  signal?.throwIfAborted();
  const file = options.name ?? nameOf(source);
  const input = await openSource(source, options);
  const watchedInput = { ...input, chunks: watched(input, file, options) };
  try {
    const text = await unpacked(watchedInput, file);
    const shared = (options.readers ?? []).length > 0;
    const place = {
      file,
      chunkStart: 0,
      textBytes: text.size,
      shared,
      memory: options.memory ?? null,
      kept: options.kept ?? null,
    };
    const reader = new SnapshotReader(place, text.file !== undefined);
    for await (const chunk of text.chunks) {
      for (let at = reader.take(chunk); at < chunk.length; at += reader.take(chunk.subarray(at))) {
        if (await skippedRows(reader, file, place.chunkStart, text.file!, options)) break;
      }
    }
    return reader.finish(text.file?.state);
  } catch (error) {
    signal?.throwIfAborted(); // the reason itself, not what it became on its way through zlib
    throw error;
  } finally {
    const closing = watchedInput.chunks.return(undefined);
    if (signal?.aborted !== true) await closing; // a pipe that has stopped would keep us here
  }
}

/** Reads the rows that begin at `start` by themselves. False if that does not work, and they are to be read as bytes. */
async function skippedRows(
  reader: SnapshotReader,
  name: string,
  start: number,
  file: SeekableFile,
  options: ReadOptions,
): Promise<boolean> {
  const { readers, pieceSize, signal, onProgress } = options;
  const { position, size } = file;
  let told = position;
  const done = await splitRows(file, start, reader.rowsAhead!.columns, {
    ...(readers && { readers }),
    ...(pieceSize && { pieceSize }),
    onPiece(at) {
      signal?.throwIfAborted();
      if (at - told < PROGRESS_STEP) return;
      onProgress?.({ file: name, stage: "read", done: at, total: size });
      told = at;
    },
  });
  if (done === null) return false;
  reader.skipRows(done);
  file.position = done.at;
  return true;
}

function nameOf(source: SnapshotSource): string {
  if (source === "-") return "standard input";
  return typeof source === "string" ? source : "the stream";
}

async function openSource(source: SnapshotSource, options: ReadOptions): Promise<ByteSource> {
  if (source === "-") return openStream(options.stdin ?? process.stdin);
  return typeof source === "string" ? openFile(source) : openStream(source);
}

/** The chunks of a source, until the signal stops them; tells the progress as they pass. */
async function* watched(input: ByteSource, file: string, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const { signal, onProgress } = options;
  const stopped = signal === undefined ? undefined : stop(signal);
  const total = input.size;
  let done = 0;
  let told = 0;
  try {
    onProgress?.({ file, stage: "read", done, total });
    for (;;) {
      // A pipe may never send another chunk: do not wait for one when the signal comes.
      const coming = input.chunks.next();
      const next = await (stopped === undefined ? coming : Promise.race([coming, stopped.promise]));
      if (next.done === true) break;
      yield next.value;
      done = input.file?.position ?? done + next.value.length;
      if (done - told >= PROGRESS_STEP) {
        onProgress?.({ file, stage: "read", done, total });
        told = done;
      }
    }
    onProgress?.({ file, stage: "read", done, total });
  } finally {
    stopped?.forget();
    const closing = input.chunks.return(undefined);
    if (signal?.aborted !== true) await closing;
  }
}

/** A promise that is rejected when the signal comes. */
function stop(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
  const { promise, reject } = withReject();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  promise.catch(() => undefined); // it may be rejected while nobody waits
  return { promise, forget: () => signal.removeEventListener("abort", onAbort) };
}

function withReject(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
