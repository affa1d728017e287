import { join } from "node:path";
import type { CaptureEvent } from "./capture.js";
import type { HeapSession, ProcessFacts } from "./inspector/heap-session.js";
import type { MemorySample } from "./memory-sample.js";
import { answerOf } from "./program/answers.js";

export interface RecordingOptions {
  /** What a sentence calls the worker thread that it is, if it is one. */
  readonly thread?: string | undefined;
  readonly out: string;
  /** How many snapshots there will be. */
  readonly snapshots: number;
  readonly gzip: boolean;
  readonly signal: AbortSignal;
  readonly event: (event: CaptureEvent) => void;
}

/** What is taken of one process: samples of its memory, and snapshots. */
export class Recording {
  readonly session: HeapSession;
  readonly #facts: ProcessFacts | undefined;
  readonly #options: RecordingOptions;
  readonly files: string[] = [];
  readonly samples: MemorySample[] = [];
  /** Position in `samples` of the last one before each file. */
  readonly marks: number[] = [];
  /** When the last file was complete, in milliseconds since 1970. */
  completeAt = 0;

  constructor(session: HeapSession, facts: ProcessFacts | undefined, options: RecordingOptions) {
    this.session = session;
    this.#facts = facts;
    this.#options = options;
  }

  /** Measures memory, unless told otherwise after collecting garbage. */
  async sample(
    work: Pick<MemorySample, "cycle" | "requests">,
    { collected = true }: { readonly collected?: boolean } = {},
  ): Promise<MemorySample> {
    if (collected) await this.#collectGarbage();
    const memory = await this.session.memory();
    const known = this.#facts && { heapLimit: this.#facts.heapLimit, process: this.#facts.pid };
    const sample = { ...memory, ...known, at: Date.now(), ...work, collected };
    this.samples.push(sample);
    this.#options.event({ kind: "sample", sample });
    return sample;
  }

  /** Writes the next snapshot: a.heapsnapshot, b.heapsnapshot ... */
  async snapshot(): Promise<void> {
    const { out, gzip, signal, snapshots, event } = this.#options;
    const number = this.files.length + 1;
    const file = join(out, `${String.fromCharCode(96 + number)}.heapsnapshot${gzip ? ".gz" : ""}`);
    const told = { kind: "snapshot", file, number, snapshots } as const;
    let bytes = 0;
    await this.session.snapshot(file, {
      gzip,
      signal,
      onBytes: (soFar) => event({ ...told, bytes: (bytes = soFar), complete: false }),
    });
    this.files.push(file);
    this.completeAt = Date.now();
    this.marks.push(this.samples.length - 1);
    event({ ...told, bytes, complete: true });
  }

  async #collectGarbage(): Promise<void> {
    const { thread, signal } = this.#options;
    const collected = this.session.collectGarbage(signal);
    await (thread === undefined ? collected : answerOf(thread, collected));
  }
}
