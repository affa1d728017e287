import { fstatSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { fault } from "./reading-place.js";

/** A stream of bytes: a Node Readable, the body of a Response, a generator. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Bytes read at once: few enough that a core's cache holds them from the copy to the scan. */
const CHUNK_SIZE = 128 << 10;
/** Chunks read between two turns of the event loop, in which a signal can come: 4 MB, some milliseconds. */
const CHUNKS_A_TURN = 32;
/** Bytes unpacked at once. */
const UNPACKED_SIZE = 1 << 20;

/** What tells a file from others, and from what it becomes when somebody writes to it. Plain data. */
export interface FileState {
  readonly dev: number;
  readonly ino: number;
  readonly size: number; // bytes
  readonly mtimeMs: number;
}

/** The state of an open file. */
export function fileState(fd: number): FileState {
  return stateOf(fstatSync(fd));
}

function stateOf({ dev, ino, size, mtimeMs }: FileState): FileState {
  return { dev, ino, size, mtimeMs };
}

export function isSameState(a: FileState, b: FileState): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;
}

/** A file that is no pipe. */
export interface SeekableFile {
  readonly fd: number;
  /** Bytes. */
  readonly size: number;
  /** Where the next chunk begins; to be set by whoever reads elsewhere. */
  position: number;
  /** When it was opened. */
  readonly state: FileState;
}

export interface ByteSource {
  /** Bytes in the file, 0 where unknown. Of a gzip file those before decompression. */
  readonly size: number;
  /** A chunk is valid until the next one is asked for. */
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Where the bytes of the text come from, if they can be read anywhere. */
  readonly file?: SeekableFile;
}

/** Opens a file. @throws SnapshotError if there is none, or none that may be read */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await open(path, "r").catch((error: unknown) => Promise.reject(readFault(path, error)));
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw fault("is-directory", path, "is a directory", "name the .heapsnapshot files in it");
  }
  if (stat.isCharacterDevice() || stat.isBlockDevice()) {
    await handle.close();
    throw fault("unreadable", path, "is a device", "name a .heapsnapshot file");
  }
  if (!stat.isFile()) return { size: 0, chunks: fileChunks(handle, null, path) };
  const file = { fd: handle.fd, size: stat.size, position: 0, state: stateOf(stat) };
  return { size: stat.size, chunks: fileChunks(handle, file, path), file };
}

async function* fileChunks(handle: FileHandle, file: SeekableFile | null, path: string): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_SIZE);
  try {
    for (let chunk = 1; ; chunk++) {
      // A pipe may keep us waiting, a file does not.
      const length = file
        ? readSync(file.fd, buffer, 0, CHUNK_SIZE, file.position)
        : (await handle.read(buffer)).bytesRead;
      if (length === 0) return;
      if (file) file.position += length;
      yield buffer.subarray(0, length);
      if (chunk % CHUNKS_A_TURN === 0) await setImmediate();
    }
  } catch (error) {
    throw readFault(path, error);
  } finally {
    await handle.close();
  }
}

/** Any stream of bytes as a source; texts, as from a stream with an encoding, are taken for UTF-8. */
export function openStream(stream: Bytes): ByteSource {
  return { size: 0, chunks: streamChunks(stream) };
}

async function* streamChunks(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

/** Unpacks what starts with gzip's magic bytes, whose size is then unknown, and passes on the rest as it is. */
export async function unpacked(source: ByteSource, name: string): Promise<ByteSource> {
  const { chunks } = source;
  // A pipe may give one byte at first: magic needs two.
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    start = next.value.length >= 2 && start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  const whole = startingWith(start, chunks);
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  return packed ? { size: 0, chunks: gunzipped(whole, name) } : { ...source, chunks: whole };
}

async function* startingWith(start: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start;
  yield* rest;
}

async function* gunzipped(chunks: AsyncGenerator<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: UNPACKED_SIZE });
  const feeding = pipeline(copied(chunks), gunzip).catch(() => undefined); // what fails there fails here too
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    throw gzipFault(file, error);
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

/** A stream keeps chunks until it gets to them; ours are valid until the next one is asked for. */
async function* copied(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

function gzipFault(file: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "Z_BUF_ERROR") return fault("truncated", file, "is cut short: its gzip data end in the middle");
  if (code.startsWith("Z_")) {
    const what = `is damaged gzip data (${(error as Error).message})`;
    return fault("bad-gzip", file, what, "compress it again, and copy it in binary mode");
  }
  return error;
}

function readFault(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return fault("not-found", path, "does not exist", "check the name, and the directory you are in");
  }
  if (code === "EACCES" || code === "EPERM") {
    return fault("no-permission", path, "may not be read", "V8 writes snapshots for their owner only, change its mode");
  }
  if (code === "EISDIR") return fault("is-directory", path, "is a directory", "name the .heapsnapshot files in it");
  if (code !== "") return fault("unreadable", path, `cannot be read (${code})`, "check the disk and try again");
  return error;
}

/** The system's or zlib's code of an error, or nothing. SnapshotErrors have words in lower case and are passed on. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" && /^[A-Z_0-9]+$/.test(code) ? code : "";
}
