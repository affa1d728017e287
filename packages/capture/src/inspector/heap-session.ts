import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { MemorySample } from "../memory-sample.js";
import { type Channel, Disconnected, ProtocolError } from "./channel.js";
import { Connection } from "./connection.js";
import { type SnapshotFileOptions, writeSnapshot } from "./snapshot-file.js";

/** What a process says of itself. */
export interface ProcessFacts {
  readonly pid: number;
  /** Number of the thread; 0 for the main one. */
  readonly thread: number;
  /** Such as "Node 22.11.0". */
  readonly runtime: string;
  /** Bytes at which V8 gives up: of what lives long, where it is known how much of that there may be. */
  readonly heapLimit: number;
  /** Bytes that the process can still get, where its Node knows; else those free on its machine. */
  readonly availableMemory: number;
}

/** A port on which a process listens for connections. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Those who connect have to speak TLS. */
  readonly isSecure: boolean;
}

export interface Listening {
  readonly ports: readonly Listener[];
  /** Paths of sockets that are no ports. */
  readonly sockets: readonly string[];
}

export type MemoryNow = Pick<MemorySample, "heapUsed" | "external" | "rss">;

/** Milliseconds in which sockets close and V8's background compilation ends, once the load is over. */
const SETTLE = 100;

// The same text every time, so that V8 compiles it once.
const FACTS = `(() => {
  const { process, Deno } = globalThis;
  // An error that is thrown here would be in the snapshots. Deno has the second one only.
  const load = typeof require === "function" ? require : process?.getBuiltinModule;
  if (!process?.versions || !load) return undefined;
  const { electron, node } = process.versions;
  // V8's own figure is that of young and old objects together. A heap is full when the old ones have no room.
  // Deno would ask its user whether the environment may be read.
  const options = Deno ? "" : [process.env.NODE_OPTIONS ?? "", ...(process.execArgv ?? [])].join(" ");
  const told = [...options.matchAll(/--max[-_]old[-_]space[-_]size[= ](\\d+)/g)].at(-1)?.[1];
  const old = load("worker_threads").resourceLimits?.maxOldGenerationSizeMb ?? told;
  return JSON.stringify({
    pid: process.pid,
    thread: load("worker_threads").threadId,
    runtime: Deno ? "Deno " + Deno.version.deno : electron ? "Electron " + electron : "Node " + node,
    heapLimit: Math.min(load("v8").getHeapStatistics().heap_size_limit, old > 0 ? old * 2 ** 20 : Infinity),
    availableMemory: process.availableMemory ? process.availableMemory() : load("os").freemem(),
  });
})()`;
// Node 20 takes another number for the resident set if a parenthesis in the title ends the name in /proc too early.
const MEMORY = `globalThis.process?.memoryUsage && JSON.stringify(
  Object.assign(process.memoryUsage(), process.title?.includes(")") && { rss: undefined }))`;
const LISTENING = `typeof Deno === "undefined" && JSON.stringify(process._getActiveHandles()
  .filter((handle) => typeof handle.listen === "function" && typeof handle.address === "function")
  .map((handle) => [handle.address(), typeof handle.setSecureContext === "function"]))`;

/** One inspector session with one heap, kept from the first snapshot to the last. */
export class HeapSession {
  readonly connection: Channel;

  private constructor(connection: Channel) {
    this.connection = connection;
  }

  /** The heap at the other end of a channel. */
  static over(channel: Channel): HeapSession {
    return new HeapSession(channel);
  }

  /**
   * @param timeout milliseconds in which the process has to answer: one that waits for another answers nothing
   * @param signal ends the waiting for this and all later answers; the session stays open until it is closed
   * @throws Disconnected
   */
  static async open(url: string, timeout = 5000, signal?: AbortSignal): Promise<HeapSession> {
    const session = new HeapSession(await Connection.open(url, timeout, signal));
    // The program has come to its end, and waits for the inspector to go before it exits.
    session.connection.on("NodeRuntime.waitingForDisconnect", () => void session.close());
    // Only Node knows this one.
    const asked = session.connection
      .send("NodeRuntime.notifyWhenWaitingForDisconnect", { enabled: true })
      .catch(ignoreRefusal)
      .then(() => true);
    const over = new AbortController();
    const hasAnswered = await Promise.race([asked, sleep(timeout, false, over)])
      .catch(async (error: unknown) => {
        await session.close();
        throw error;
      })
      .finally(() => over.abort());
    if (hasAnswered) return session;
    asked.catch(() => undefined);
    await session.close();
    throw new Disconnected(`nothing answers at ${url} within ${timeout} ms`);
  }

  /** Undefined if it is no process of Node, Deno or Electron. */
  facts(): Promise<ProcessFacts | undefined> {
    return this.#evaluate<ProcessFacts>(FACTS, { includeCommandLineAPI: true });
  }

  /** Where the main thread of a Node process says that it listens for connections; nowhere of others. */
  async listensOn(): Promise<Listening> {
    const told = (await this.#evaluate<(readonly [Partial<AddressInfo> | string | null, boolean])[]>(LISTENING)) ?? [];
    return {
      ports: told.flatMap(([at, isSecure]) =>
        typeof at === "object" && typeof at?.port === "number"
          ? [{ address: at.address!, port: at.port, isSecure }]
          : [],
      ),
      sockets: told.flatMap(([at]) => (typeof at === "string" ? [at] : [])),
    };
  }

  /** Lets the program come to rest, and collects garbage until nothing more goes away. */
  async collectGarbage(signal?: AbortSignal): Promise<void> {
    await sleep(SETTLE, undefined, signal && { signal });
    // While an inspector is open V8 keeps the last thousand console messages, with the objects they were about.
    await this.connection.send("Runtime.discardConsoleEntries");
    await this.connection.send("HeapProfiler.collectGarbage");
    // What finalizers and closing handles let go of, goes now.
    await this.connection.send("HeapProfiler.collectGarbage");
    signal?.throwIfAborted();
  }

  async memory(): Promise<MemoryNow> {
    const usage = await this.#evaluate<NodeJS.MemoryUsage>(MEMORY);
    if (usage) return { heapUsed: usage.heapUsed, external: usage.external, rss: usage.rss };
    const { usedSize } = await this.connection.send<{ usedSize: number }>("Runtime.getHeapUsage");
    return { heapUsed: usedSize };
  }

  /** See `writeSnapshot`. */
  async snapshot(file: string, options: SnapshotFileOptions): Promise<void> {
    await this.connection.send("Runtime.discardConsoleEntries");
    await writeSnapshot(this.connection, file, options);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** The value of an expression that makes JSON text; undefined where it cannot be had. */
  async #evaluate<Value>(expression: string, more: object = {}): Promise<Value | undefined> {
    const answer = await this.connection
      .send<{ result?: { value?: unknown }; exceptionDetails?: unknown }>("Runtime.evaluate", {
        expression,
        returnByValue: true,
        silent: true,
        ...more,
      })
      .catch(ignoreRefusal);
    const text = answer?.result?.value;
    return answer?.exceptionDetails === undefined && typeof text === "string" ? (JSON.parse(text) as Value) : undefined;
  }
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof ProtocolError)) throw error;
}
