import { createWriteStream, type WriteStream } from "node:fs";
import type { Readable } from "node:stream";

const LAST_LINES = 20;
const LINE_LENGTH = 2000;
const LOG_LIMIT = 64 << 20;

// What an inspector prints, also behind what a wrapper puts in front of its children's lines.
const INSPECTORS =
  /(?:^|[\s\]|:>])(?:Debugger (?:listening on ws:\/\/\S+|attached\.|ending on ws:\/\/\S+)|For help, see: https:\/\/nodejs\.org\/\S+|Waiting for the debugger to disconnect\.\.\.)\s*$/;

/** What V8 prints when it dies; it would be all that fits. */
const NATIVE_STACK = /^\s*\d+: 0x[\da-f]+ |^----- Native stack trace -----$|^<--- JS stacktrace --->$/;
/** What V8 says of itself, and Node of a worker thread. */
const FULL_HEAP = /FATAL ERROR: .*(?:heap out of memory|Allocation failed)|ERR_WORKER_OUT_OF_MEMORY/;
/** What V8 tells of its last collections before that. */
const COLLECTION = /\[(\d+):0x[\da-f]+\]/;
const WAITING = "Waiting for the debugger";

/** Takes all a program prints, so that it never waits for a reader, and keeps it in a file. */
export class ProgramOutput {
  readonly #log: WriteStream;
  readonly #last: string[] = [];
  readonly #watchers = new Set<(line: string) => void>();
  readonly #waiting = new Set<() => void>();
  #logged = 0;
  #fullHeap = false;
  #fullHeapOf: number | undefined;
  #collectedBy: number | undefined;

  /** @param log a file, readable for this user only: logs hold secrets */
  constructor(log: string) {
    this.#log = createWriteStream(log, { mode: 0o600 });
    // A full disk must not end the run; snapshots notice it themselves.
    this.#log.on("error", () => this.#log.destroy());
  }

  /** The last lines, oldest first; long ones are cut. Not escaped. */
  get lastLines(): readonly string[] {
    return this.#last;
  }

  /** V8 said that a heap is full, of the process that is looked at as far as is known. */
  get fullHeap(): boolean {
    return this.#fullHeap;
  }

  /** Pid of the process whose heap that was, where V8 said it. */
  get fullHeapOf(): number | undefined {
    return this.#fullHeapOf;
  }

  /** The process that is looked at lives on: if V8 said so, it was of another one, or of a worker thread. */
  livesOn(): void {
    this.#fullHeap = false;
  }

  /** Calls `watcher` with each line to come; returns what ends it. */
  watch(watcher: (line: string) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Calls `watcher` when a process has come to its end and waits for its inspector to be left alone. */
  watchWaiting(watcher: () => void): () => void {
    this.#waiting.add(watcher);
    return () => this.#waiting.delete(watcher);
  }

  drain(stream: Readable): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      // A program may print megabytes without ever ending a line.
      if (rest.length > LINE_LENGTH) {
        lines.push(rest);
        rest = "";
      }
      for (const line of lines) this.#take(line.replace(/\r$/, ""));
    });
    stream.on("end", () => {
      if (rest !== "") this.#take(rest);
    });
    stream.on("error", () => {});
  }

  async end(): Promise<void> {
    if (this.#log.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#log.once("close", () => resolve());
      this.#log.end();
    });
  }

  #take(line: string): void {
    if (INSPECTORS.test(line)) {
      if (line.includes(WAITING)) for (const watcher of this.#waiting) watcher();
      return;
    }
    const collection = COLLECTION.exec(line);
    if (collection !== null) this.#collectedBy = Number(collection[1]);
    if (FULL_HEAP.test(line)) [this.#fullHeap, this.#fullHeapOf] = [true, this.#collectedBy];
    if (line.trim() !== "" && !NATIVE_STACK.test(line))
      this.#last.push(line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line);
    if (this.#last.length > LAST_LINES) this.#last.shift();
    this.#write(line);
    for (const watcher of this.#watchers) watcher(line);
  }

  #write(line: string): void {
    if (this.#log.destroyed || this.#logged > LOG_LIMIT) return;
    this.#logged += line.length + 1;
    this.#log.write(this.#logged > LOG_LIMIT ? "(the log ends here: it is 64 MiB long)\n" : `${line}\n`);
  }
}
