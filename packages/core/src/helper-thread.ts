import { Worker } from "node:worker_threads";
import type { Tally } from "./analysis/tally.js";
import type { Column, ColumnWriter, WriteOrder } from "./graph/columns-aside.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import type { RetainersOrder } from "./graph/retainers-elsewhere.js";
import type { Belongings, NodeSorter } from "./analysis/belongings.js";
import type { Found, FoundBelongings, FoundTally, HelperMessage, HelperOrder } from "./helper-orders.js";
import { type ColumnMemory, type LentMemory, memoryOf } from "./parse/column-memory.js";
import { areShared } from "./parse/columns.js";
import type { RowOrder, RowsRead } from "./parse/row-pieces.js";
import { EncodedStrings } from "./parse/string-table.js";
import type { RowReader } from "./parse/split-rows.js";

/** Of rows that were read without the helper. */
const NOTHING_READ: RowsRead = { largest: { name: 0, target: 0 }, failed: -1 };

/** A thread that does a part of the work on one heap. */
export class HelperThread implements RowReader, ColumnWriter, NodeSorter {
  readonly #worker: Worker;
  /** Nobody else waits for anything of the worker's: it need not keep this process alive. */
  readonly #isOwn: boolean;
  readonly #free: Promise<unknown>;
  #isFree = false;
  #lent: LentMemory | null = null;
  #ended = false;

  /**
   * @param worker that does what it is told, as `helper-worker.ts` does
   * @param free until then it has something else to do; with the memory that it has left
   * @throws where this process may not start threads
   */
  constructor(worker: Worker | null = null, free: Promise<LentMemory | null> | null = null) {
    this.#isOwn = worker === null;
    this.#worker = worker ?? started();
    this.#worker.on("exit", () => (this.#ended = true));
    this.#isFree = free === null;
    this.#free = Promise.resolve(free).then((lent) => {
      this.#isFree = true;
      this.#lent = lent;
    });
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
    const memory = memoryOf(graph.firstEdge);
    const lent = memory?.lend(room) ?? null;
    return this.#found<FoundTally, Tally>(graph, memory, lent, ({ table, distance }, found) => ({
      table: { ...table, groups: { ...table.groups, of: found(table.groups.of) } },
      distance: found(distance),
    }));
  }

  /** Memory of this thread's that it may use, or has left. */
  get lent(): LentMemory | null {
    return this.#lent;
  }

  /** In memory that it was lent. */
  belongings(graph: HeapGraph): Promise<Belongings> | undefined {
    const lent = this.#lent;
    const memory = memoryOf(graph.firstEdge);
    if (lent === null || memory?.memory !== lent.memory) return undefined;
    this.#lent = null;
    return this.#found<FoundBelongings, Belongings>(graph, memory, lent, ({ layouts, groups, ...nodes }, found) => ({
      layouts: { ...layouts, of: found(layouts.of) },
      owner: found(nodes.owner),
      ownedSize: found(nodes.ownedSize),
      groups: { ...groups, of: found(groups.of) },
    }));
  }

  /**
   * What the thread finds out about a graph. Memory that it was lent for it is taken back, but for columns of the result.
   * @param ours makes the result of what it says: `found` is to be asked for each column that may lie in that memory
   */
  async #found<Theirs extends Found, Ours>(
    graph: HeapGraph,
    memory: ColumnMemory | null,
    lent: LentMemory | null,
    ours: (theirs: Theirs, found: <C extends Column>(column: C) => C) => Ours,
  ): Promise<Ours> {
    const { strings } = graph;
    if (!areShared(graph)) throw new TypeError("another thread would need a copy of the columns");
    if (!(strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
    const theirs = await this.#ask<Theirs>({ kind: "find", graph: { ...graph, strings: strings.data }, lent });
    const left: Column[] = [];
    const result = ours(theirs, (column) => {
      if (memory === null || !(column.buffer instanceof SharedArrayBuffer)) return column; // there was no room for it
      left.push(column);
      return memory.found(column);
    });
    if (memory !== null && lent !== null) memory.takeBack({ ...lent, ...theirs.unused }, left);
    return result;
  }

  write(order: WriteOrder): void {
    this.#tell({ kind: "write", order });
  }

  async written(): Promise<void> {
    await this.#ask<null>({ kind: "reply" });
  }

  end(): void {
    void this.#worker.terminate();
  }

  /**
   * Lets the thread end when it has done what it was told to. Nothing waits for that.
   * @param last what it shall do before: see `reversed`
   */
  leave(last: RetainersOrder | null = null): void {
    if (last !== null) this.#tell({ kind: "retainers", order: last });
    this.#tell({ kind: "end" });
    this.#worker.unref();
  }

  #tell(order: HelperOrder): void {
    this.#worker.postMessage(order);
  }

  #ask<Result extends RowsRead | Found | null>(order: HelperOrder): Promise<Result> {
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
