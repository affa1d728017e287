import { Worker } from "node:worker_threads";
import type { Tally } from "./analysis/tally.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import type { HelperMessage, HelperOrder } from "./helper-worker.js";
import type { RowOrder, RowsRead } from "./parse/row-pieces.js";
import { EncodedStrings } from "./parse/string-table.js";
import type { RowReader } from "./parse/split-rows.js";

/** A thread that does a part of the work on one heap. */
export class HelperThread implements RowReader {
  readonly #worker: Worker;
  #ended = false;

  /** @throws where this process may not start threads */
  constructor() {
    this.#worker = new Worker(new URL("./helper-worker.js", import.meta.url), {
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 6 }, // what it works on lies in columns
    });
    this.#worker.on("error", () => undefined); // whoever waits for an answer is told
    this.#worker.on("exit", () => (this.#ended = true));
    this.#worker.unref();
  }

  read(order: RowOrder): Promise<RowsRead> {
    return this.#ask({ kind: "rows", order });
  }

  /** @param graph whose columns are shared */
  tally(graph: HeapGraph): Promise<Tally> {
    if (!(graph.strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
    return this.#ask({ kind: "tally", graph: { ...graph, strings: graph.strings.data } });
  }

  end(): void {
    void this.#worker.terminate();
  }

  #ask<Result extends RowsRead | Tally>(order: HelperOrder): Promise<Result> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const onMessage = (message: HelperMessage): void =>
        settle(() => (message.kind === "done" ? resolve(message.result as Result) : reject(message.error)));
      const onError = (error: unknown): void => settle(() => reject(error));
      const onExit = (): void => settle(() => reject(new Error("the helping thread has ended")));
      const settle = (how: () => void): void => {
        worker.off("message", onMessage).off("error", onError).off("messageerror", onError).off("exit", onExit);
        worker.unref();
        how();
      };
      worker.on("message", onMessage).on("error", onError).on("messageerror", onError).on("exit", onExit);
      worker.ref();
      if (this.#ended) onExit();
      else worker.postMessage(order);
    });
  }
}
