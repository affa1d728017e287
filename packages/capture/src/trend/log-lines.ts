import { createGunzip } from "node:zlib";
import { pipeline, Readable } from "node:stream";

/** Bytes or text, in pieces cut anywhere: a stream, an array, a generator. */
export type LogSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Longer lines lose their end: what is told of memory stands in front, and a file without line ends must not fill memory. */
const LONGEST = 1 << 20;

/** The text of a log in pieces, unpacked if it is gzip. UTF-8, or UTF-16 as older PowerShells write what they redirect. */
export async function* logText(source: LogSource): AsyncGenerator<string> {
  const { start, pieces } = await begun(source);
  const begins = (first: number, second: number) => start[0] === first && start[1] === second;
  const decoder = new TextDecoder(begins(0xff, 0xfe) ? "utf-16le" : "utf-8");
  for await (const piece of begins(0x1f, 0x8b) ? unpacked(pieces) : pieces) {
    const text = typeof piece === "string" ? piece : decoder.decode(piece, { stream: true });
    if (text !== "") yield text;
  }
}

/** The lines of a text in pieces, without their ends. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let tooLong = false;
  for await (const piece of text) {
    let start = 0;
    for (let end = piece.indexOf("\n"); end !== -1; end = piece.indexOf("\n", start)) {
      const line = tooLong ? rest : rest + piece.slice(start, end);
      yield withoutReturn(line);
      rest = "";
      tooLong = false;
      start = end + 1;
    }
    if (tooLong) continue;
    rest += piece.slice(start, start + LONGEST);
    tooLong = rest.length >= LONGEST;
  }
  if (rest !== "") yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}

/** The first two bytes of a source, as far as it has any that are no text yet, and all of it. */
async function begun(
  source: LogSource,
): Promise<{ readonly start: readonly number[]; readonly pieces: AsyncGenerator<Uint8Array | string> }> {
  const pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  // They may come one by one.
  const first: (Uint8Array | string)[] = [];
  for (let known = 0; known < 2; known += first.at(-1)!.length) {
    const next = await pieces.next();
    if (next.done) break;
    first.push(next.value);
  }
  async function* all(): AsyncGenerator<Uint8Array | string> {
    yield* first;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  }
  const start = first.flatMap((piece) => (typeof piece === "string" ? [0] : Array.from(piece.subarray(0, 2))));
  return { start, pieces: all() };
}

function unpacked(pieces: AsyncGenerator<Uint8Array | string>): AsyncIterable<Uint8Array> {
  // Errors reach whoever reads the last stream.
  return pipeline(Readable.from(pieces), createGunzip(), () => {}) as AsyncIterable<Uint8Array>;
}
