import { setTimeout as sleep } from "node:timers/promises";
import { HeapSession } from "../inspector/heap-session.js";
import { type WorkerThread, WorkerThreads } from "../inspector/worker-threads.js";
import { sizeWords } from "../size-words.js";
import type { Heap } from "./choose-heap.js";
import { type HeapName, processName, threadName } from "./heap-names.js";
import type { Announcement } from "./start-program.js";

interface Measured extends HeapName {
  /** Which option looks at it, as far as its own word. */
  readonly option: string;
  /** What tells a thread from others of that word. */
  readonly number: number | undefined;
  /** Bytes after garbage collection, at each measurement. */
  readonly sizes: number[];
}

const PROCESS = "--process";
const THREAD = "--worker";
/** Milliseconds. */
const PATIENCE = 10_000;
const MOST = 32;
/** What warming up may be, is no news. */
const LEAST_STEP = 300e3;
const LEAST_SINGLE_STEP = 1e6;

/**
 * The heaps of a program beside the one that is looked at: the main threads of its other processes, and worker threads. They
 * are measured from time to time, so that it can be said if one of those grows.
 */
export class OtherHeaps {
  readonly #chosen: Heap;
  readonly #processes: () => readonly Announcement[];
  readonly #signal: AbortSignal;
  readonly #patience: number;
  readonly #measured = new Map<string, Measured>();
  /** Those that did not answer in time; they are not asked again. */
  readonly #silent = new Set<string>();
  #times = 0;

  /**
   * @param processes of the program; where only one is known, that one
   * @param patience milliseconds in which each heap has to answer
   */
  constructor(
    chosen: Heap,
    processes: () => readonly Announcement[],
    signal: AbortSignal,
    patience: number = PATIENCE,
  ) {
    this.#patience = patience;
    this.#chosen = chosen;
    this.#processes = processes;
    this.#signal = signal;
  }

  /** Collects garbage in each of them, and measures it. One that does not answer is left out. */
  async measure(): Promise<void> {
    this.#times++;
    const all = this.#processes();
    await Promise.all(all.slice(0, MOST).map((each) => this.#measureProcess(each, all).catch(() => {})));
    this.#signal.throwIfAborted();
  }

  /** A sentence for each of them, or each pool of them, that grew every time. */
  get notes(): readonly string[] {
    const all = [...this.#measured.values()];
    const kinds = new Map<string, Measured[]>();
    for (const each of all) {
      if (!this.#grew(each)) continue;
      kinds.set(kindOf(each), [...(kinds.get(kindOf(each)) ?? []), each]);
    }
    const { word, threads } = this.#chosen;
    // Those that do the same as the chosen one are no news.
    kinds.delete(kindOf({ option: threads === undefined ? PROCESS : THREAD, word }));
    return [...kinds].map(([kind, alike]) => {
      const most = alike.reduce((best, each) => (growthOf(each) > growthOf(best) ? each : best));
      // A thread has the same number in the next run, a process has not.
      const isEach = most.number === undefined || all.filter((each) => kindOf(each) === kind).length === alike.length;
      const others = alike.length > 1 ? `, and ${alike.length - 1} more of its kind did` : "";
      const [from, to] = [most.sizes[0]!, most.sizes.at(-1)!].map(sizeWords);
      const option = `${most.option} ${isEach ? shellWord(most.word) : most.number}`;
      return `${most.text} grew from ${from} to ${to} meanwhile${others}; ${option} looks at that heap`;
    });
  }

  #grew({ sizes }: Measured): boolean {
    if (sizes.length < 2 || sizes.length < this.#times) return false;
    const steps = sizes.slice(1).map((size, at) => size - sizes[at]!);
    const least = steps.length === 1 ? LEAST_SINGLE_STEP : LEAST_STEP;
    return steps.every((step) => step >= least) && steps.at(-1)! >= Math.max(...steps) / 2;
  }

  /** Each heap has its own time: a thread that answers nothing says nothing of the others. */
  async #measureProcess(announcement: Announcement, all: readonly Announcement[]): Promise<void> {
    const chosen = this.#chosen;
    const key = `${announcement.pid}`;
    const isChosen = announcement.pid === chosen.facts.pid;
    if (this.#silent.has(key)) return;
    const session = isChosen ? chosen.process : await this.#open(key, announcement);
    if (session === undefined) return;
    try {
      if (session !== chosen.session) {
        const name = { ...processName(announcement, all), number: undefined, option: PROCESS };
        await this.#inTime(key, () => this.#measureHeap(key, name, session));
      }
      if (this.#silent.has(key)) return;
      const { word } = processName(announcement, all);
      const option = isChosen ? THREAD : `${PROCESS} ${shellWord(word)} ${THREAD}`;
      await this.#measureThreads(key, option, session, isChosen ? chosen.threads : undefined);
    } finally {
      if (!isChosen) await session.close();
    }
  }

  /** Undefined of one that has ended, or that waits for its child and answers nobody. */
  async #open(key: string, { url }: Announcement): Promise<HeapSession | undefined> {
    try {
      return await HeapSession.open(url, this.#patience, this.#signal);
    } catch {
      this.#silent.add(key);
      return undefined;
    }
  }

  async #measureThreads(
    pid: string,
    option: string,
    process: HeapSession,
    held: WorkerThreads | undefined,
  ): Promise<void> {
    const threads = held ?? (await this.#inTime(pid, () => WorkerThreads.of(process.connection)));
    try {
      const isOther = (thread: WorkerThread) => held === undefined || threadName(thread).text !== this.#chosen.name;
      const others = (threads?.all ?? []).filter(isOther);
      await Promise.all(
        others.slice(0, MOST).map((thread) => {
          const session = threads!.session(thread);
          const name = { ...threadName(thread), number: thread.id, option };
          const key = `${pid} ${thread.id}`;
          return session && this.#inTime(key, () => this.#measureHeap(key, name, session));
        }),
      );
    } finally {
      if (held === undefined) await this.#inTime(pid, async () => threads?.close());
    }
  }

  async #measureHeap(key: string, name: Omit<Measured, "sizes">, session: HeapSession): Promise<void> {
    await session.collectGarbage(this.#signal);
    const { heapUsed } = await session.memory();
    const measured = this.#measured.get(key) ?? { ...name, sizes: [] };
    this.#measured.set(key, measured);
    // One that did not answer in time may still do so.
    if (measured.sizes.length < this.#times) measured.sizes.push(heapUsed);
  }

  /** A heap that cannot be measured is none that is told of: nothing may fail for it. */
  async #inTime<Result>(key: string, work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#silent.has(key)) return undefined;
    const late = new AbortController();
    const timer = sleep(this.#patience, undefined, { ref: false, signal: late.signal }).then(
      () => {
        this.#silent.add(key);
        return undefined;
      },
      () => undefined,
    );
    const result = await Promise.race([work().catch(() => undefined), timer]);
    late.abort();
    return result;
  }
}

function growthOf({ sizes }: Measured): number {
  return sizes.at(-1)! - sizes[0]!;
}

/** The same for those of a pool. */
function kindOf({ option, word }: Pick<Measured, "option" | "word">): string {
  return `${option} ${word}`;
}

function shellWord(word: string): string {
  return /^[\w.@/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
