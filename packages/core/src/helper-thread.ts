import { Worker } from "node:worker_threads";
import type { Tally } from "./analysis/tally.js";
import type { ColumnWriter, WriteOrder } from "./graph/columns-aside.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import type { RetainersOrder } from "./graph/retainers-elsewhere.js";
import type { HelperMessage, HelperOrder, TallyOrder } from "./helper-orders.js";
import { memoryOf } from "./parse/column-memory.js";
import { areShared } from "./parse/columns.js";
import type { RowOrder, RowsRead } from "./parse/row-pieces.js";
import { EncodedStrings } from "./parse/string-table.js";
import type { RowReader } from "./parse/split-rows.js";

/** Of rows that were read without the helper. */
const NOTHING_READ: RowsRead = { largest: { name: 0, target: 0 }, failed: -1 };

/** A thread that does a part of the work on one heap. */
export class HelperThread implements RowReader, ColumnWriter {
  readonly #worker: Worker;
  /** Nobody else waits for anything of the worker's: it need not keep this process alive. */
  readonly #isOwn: boolean;
  readonly #free: Promise<unknown>;
  #isFree = false;
  #ended = false;

  /**
   * @param worker that does what it is told, as `helper-worker.ts` does
   * @param free until then it has something else to do
   * @throws where this process may not start threads
   */
  constructor(worker: Worker | null = null, free: Promise<unknown> | null = null) {
    this.#isOwn = worker === null;
    this.#worker = worker ?? started();
    this.#worker.on("exit", () => (this.#ended = true));
    this.#isFree = free === null;
    this.#free = Promise.resolve(free).then(() => (this.#isFree = true));
    this.#free.catch(() => undefined);
  }

  async read(order: RowOrder, over: Promise<unknown>): Promise<RowsRead> {
    if (!this.#isFree) await Promise.race([this.#free, over]);
    return this.#isFree ? this.#ask<RowsRead>({ kind: "rows", order }) : NOTHING_READ;
  }

  /**
   * Rejected, too, for a graph whose columns are not all shared.
   * @param room bytes that it takes
   */
  async tally(graph: HeapGraph, room: number): Promise<Tally> {
    const { strings, firstEdge } = graph;
    if (!areShared(graph)) throw new TypeError("another thread would need a copy of the columns");
    if (!(strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
    const lent = memoryOf(firstEdge)?.lend(room) ?? null;
    return this.#ask<Tally>({ kind: "tally", graph: { ...graph, strings: strings.data }, lent });
  }

  write(order: WriteOrder): void {
    this.#tell({ kind: "write", order });
  }

  async written(): Promise<void> {
    await this.#ask<null>({ kind: "reply" });
  }

  /** See `reversed`. */
  reverse(order: RetainersOrder): void {
    this.#tell({ kind: "retainers", order });
  }

  end(): void {
    void this.#worker.terminate();
  }

  /** Lets the thread end when it has done what it was told to. Nothing waits for that. */
  leave(): void {
    this.#tell({ kind: "end" });
    this.#worker.unref();
  }

  #tell(order: HelperOrder | TallyOrder): void {
    this.#worker.postMessage(order);
  }

  #ask<Result extends RowsRead | Tally | null>(order: HelperOrder | TallyOrder): Promise<Result> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const onMessage = (message: HelperMessage): void =>
        settle(() => (message.kind === "answer" ? resolve(message.result as Result) : reject(message.error)));
      const onError = (error: unknown): void => settle(() => reject(error));
      const onExit = (): void => settle(() => reject(new Error("the helping thread has ended")));
      const settle = (how: () => void): void => {
        worker.off("message", onMessage).off("error", onError).off("messageerror", onError).off("exit", onExit);
        if (this.#isOwn) worker.unref();
        how();
      };
      worker.on("message", onMessage).on("error", onError).on("messageerror", onError).on("exit", onExit);
      if (this.#isOwn) worker.ref();
      if (this.#ended) onExit();
      else this.#tell(order);
    });
  }
}

function started(): Worker {
  const worker = new Worker(new URL("./helper-worker.js", import.meta.url), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 6 }, // what it works on lies in columns
  });
  worker.on("error", () => undefined); // whoever waits for an answer is told
  worker.unref();
  return worker;
}
