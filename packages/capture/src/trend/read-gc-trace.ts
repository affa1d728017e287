import type { LineReader, Sink } from "./reading.js";

const MEBIBYTE = 1024 ** 2;
const GC =
  /\[(\d{1,10}):(0x[0-9a-f]+)(?::\d+)?\]\s+(\d+(?:\.\d+)?) ms: .{0,40}?(Scavenge|Mark-[A-Za-z]+|Mark-sweep)[^>]{0,80}?(\d+(?:\.\d+)?) \((\d+(?:\.\d+)?)\) -> (\d+(?:\.\d+)?) \((\d+(?:\.\d+)?)\) MB/;

/** True for a line that tells of a collection. */
export function isGcTrace(line: string): boolean {
  return GC.test(line);
}

/**
 * What `node --trace-gc` prints. Behind a major collection the heap holds what the program holds on to; a scavenge leaves
 * garbage.
 */
export class GcTraceReader implements LineReader {
  private readonly sink: Sink;
  private process: number | undefined;
  /** The first of a process is its main thread; workers have heaps of their own. */
  private isolate = "";
  /** Milliseconds that earlier processes had been running. */
  private before = 0;
  private last = 0;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  read(line: string): void {
    const match = GC.exec(line);
    if (match === null) return;
    const process = Number(match[1]);
    const isolate = match[2]!;
    if (process !== this.process) {
      this.before = this.last;
      this.isolate = isolate;
    }
    this.process = process;
    const at = this.before + Number(match[3]);
    this.last = Math.max(this.last, at);
    const collected = match[4] !== "Scavenge";
    this.sink({
      heapUsed: Math.round(Number(match[7]) * MEBIBYTE),
      at,
      process,
      ...(isolate !== this.isolate && { series: `isolate ${isolate}` }),
      ...(collected && { collected }),
    });
  }
}
