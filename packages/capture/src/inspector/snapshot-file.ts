import { createWriteStream, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";
import { CaptureError } from "../capture-error.js";
import type { Channel } from "./channel.js";

// What process.exit() would leave half-written.
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const file of unfinished) rmSync(file, { force: true });
});

export interface SnapshotFileOptions {
  /** Pack it; `file` should then end in ".gz". */
  readonly gzip?: boolean;
  readonly signal?: AbortSignal;
  /** Told how many bytes of JSON text there are so far. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Has V8 collect garbage and write a snapshot, which goes to disk chunk by chunk. Readable for this user only, since it
 * holds every string of the process. The file has its name only when it is complete; until then `.part` follows it.
 */
export async function writeSnapshot(
  connection: Channel,
  file: string,
  { gzip = false, signal, onBytes }: SnapshotFileOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const part = `${file}.part`;
  await rm(part, { force: true }).catch((error: unknown) => {
    throw cannotWrite(part, error);
  });
  unfinished.add(part);
  const disk = createWriteStream(part, { flags: "wx", mode: 0o600 });
  const sink: Writable = gzip ? createGzip({ level: 4 }) : disk;
  if (gzip) sink.pipe(disk);
  const written = finished(disk);

  let bytes = 0;
  let failed: ((error: unknown) => void) | undefined;
  const failure = new Promise<never>((_, reject) => (failed = reject));
  written.catch((error: unknown) => failed!(cannotWrite(part, error)));
  const abort = () => failed!(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  failure.catch(() => {});

  const done = connection.on<{ chunk: string }>("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => {
    bytes += Buffer.byteLength(chunk);
    if (!sink.write(chunk)) {
      connection.pause();
      sink.once("drain", () => connection.resume());
    }
    onBytes?.(bytes);
  });
  try {
    await Promise.race([connection.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false }), failure]);
    sink.end();
    await Promise.race([written, failure]);
    await rename(part, file).catch((error: unknown) => {
      throw cannotWrite(file, error);
    });
  } catch (error) {
    disk.destroy();
    await written.catch(() => {});
    await rm(part, { force: true });
    throw error;
  } finally {
    done();
    // A stream that was ended while full says nothing about draining any more.
    connection.resume();
    signal?.removeEventListener("abort", abort);
    unfinished.delete(part);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "there is no room for more files of this user",
  EFBIG: "no file may be so large here, see ulimit -f",
};

function cannotWrite(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_STREAM_PREMATURE_CLOSE") return error;
  const why = WORDS[code ?? ""] ?? message;
  return new CaptureError("cannot-write", `${file} cannot be written: ${why}`, { cause: error });
}
