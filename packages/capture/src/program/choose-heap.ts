import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "../capture-error.js";
import { answerOf } from "./answers.js";
import { HeapSession, type ProcessFacts } from "../inspector/heap-session.js";
import { WorkerThreads } from "../inspector/worker-threads.js";
import { isAlive } from "./process-group.js";
import { isProcess, isThread, processName, threadName } from "./heap-names.js";
import type { Announcement, Program } from "./start-program.js";

/** The heap that is looked at, of all that a program has. */
export interface Heap {
  /** Snapshots are taken through this one. */
  readonly session: HeapSession;
  readonly facts: ProcessFacts;
  /** What a sentence calls it, as in "worker thread 3 (render.js)". */
  readonly name: string;
  /** The same word as of others that do the same, such as those of a pool. */
  readonly word: string;
  /** The session with its process; the same as `session` unless it is a worker thread's. */
  readonly process: HeapSession;
  /** Sessions with all threads of its process, where it is one of them. */
  readonly threads: WorkerThreads | undefined;
  readonly notes: readonly string[];
}

const POLL = 100;
/** For a process to answer at all. */
const ANSWER = 5000;
/** Once there is one: for the others of its pool or cluster, which start with it. */
const SETTLE = 500;

/** The main thread of a process. @throws CaptureError if it does not answer */
export async function mainHeap(
  session: HeapSession,
  announcement: Announcement,
  all: readonly Announcement[],
): Promise<Heap> {
  const facts = await session.facts();
  if (facts === undefined) {
    const { pid } = announcement;
    throw new CaptureError("no-inspector", `process ${pid} has no working inspector, so it cannot be looked at`);
  }
  const { text, word } = processName(announcement, all);
  return { session, process: session, facts, name: text, word, threads: undefined, notes: [] };
}

/** What a user asked for; nothing is the process that listens. */
export interface HeapChoice {
  /** A word for the process, its main thread unless `worker` says another. */
  readonly process: string | undefined;
  /** A word for one of its worker threads. */
  readonly worker: string | undefined;
}

/**
 * The heap that was asked for, of a program whose server is `main`. A session that it opened is closed with its `process`.
 * @throws CaptureError that lists what there is, if that one is not there within `patience` milliseconds
 */
export async function chooseHeap(
  main: Heap,
  { process: asked, worker }: HeapChoice,
  program: Pick<Program, "announcements">,
  patience: number,
  signal: AbortSignal,
): Promise<Heap> {
  const heap = asked === undefined ? main : await chosenProcess(asked, program, patience, signal);
  if (worker === undefined) return heap;
  try {
    const { facts, ...thread } = await chosenWorker(worker, heap.session, patience, signal);
    // Only workers of a page have no facts, and this is a process.
    return { ...thread, facts: facts!, notes: [...heap.notes, ...thread.notes] };
  } catch (error) {
    if (heap !== main) await heap.session.close();
    throw error;
  }
}

async function chosenProcess(
  asked: string,
  program: Pick<Program, "announcements">,
  patience: number,
  signal: AbortSignal,
): Promise<Heap> {
  let settled = false;
  for (const end = performance.now() + patience; ; await sleep(POLL, undefined, { signal })) {
    const all = program.announcements();
    const meant = all.filter((each) => isProcess(asked, each, all));
    if (meant.length > 0 && !settled) {
      settled = true;
      await sleep(SETTLE, undefined, { signal });
      continue;
    }
    // What started others of the same name is seldom what does the work.
    const leaves = meant.filter(({ pid }) => !meant.some(({ parent }) => parent === pid));
    for (const each of leaves) {
      // Those that have ended are still listed.
      const session = await HeapSession.open(each.url, ANSWER, signal).catch(() => undefined);
      if (session === undefined) continue;
      const heap = await mainHeap(session, each, all);
      if (leaves.length === 1) return heap;
      return { ...heap, notes: [oneOf(leaves.length, "processes", asked, processName(each, all).text)] };
    }
    if (performance.now() < end) continue;
    // Of those that have ended, some may be what was meant: then it is not their name that is wrong.
    const living = all.filter(({ pid }) => isAlive(pid));
    const list = living.map((each) => `\n  ${processName(each, all).text}`).join("");
    const [ended] = meant;
    const what =
      ended === undefined
        ? `no Node process of the program is called "${asked}"`
        : `${processName(ended, all).text} of the program has ended, or does not answer`;
    throw new CaptureError("not-found", `${what}; ${list === "" ? "there is none any more" : `there are${list}`}`);
  }
}

/**
 * The worker that `asked` means, of a process or a page: those of a page have no facts of a process.
 * @throws CaptureError that lists those there are, if it is not there within `patience` milliseconds
 */
export async function chosenWorker(
  asked: string,
  process: HeapSession,
  patience: number,
  signal: AbortSignal,
): Promise<Omit<Heap, "facts"> & { readonly facts: ProcessFacts | undefined }> {
  const threads = await WorkerThreads.of(process.connection);
  if (threads === undefined) {
    throw new CaptureError("no-inspector", "only Node and web pages tell of their workers, and this is neither");
  }
  const isPage = (await process.facts()) === undefined;
  let settled = false;
  for (const end = performance.now() + patience; ; await sleep(POLL, undefined, { signal })) {
    const meant = threads.all.filter((thread) => isThread(asked, thread));
    if (meant.length > 0 && !settled) {
      settled = true;
      await sleep(SETTLE, undefined, { signal });
      continue;
    }
    for (const thread of meant) {
      const session = threads.session(thread);
      if (session === undefined) continue;
      const { text, word } = threadName(thread);
      const facts = await answerOf(text, session.facts()).catch((error: unknown) => {
        if (error instanceof CaptureError) throw error;
        return undefined;
      });
      if (facts === undefined && !isPage) continue;
      const notes = meant.length === 1 ? [] : [oneOf(meant.length, "worker threads", asked, text)];
      return { session, process, facts, name: text, word, threads, notes };
    }
    if (performance.now() < end) continue;
    const list = threads.all.map((thread) => `\n  ${threadName(thread).text}`).join("");
    await threads.close();
    const there = list === "" ? "it has none" : `it has these:${list}`;
    throw new CaptureError("not-found", `no worker thread of the process is called "${asked}"; ${there}`);
  }
}

function oneOf(count: number, what: string, asked: string, chosen: string): string {
  return `${count} ${what} are called "${asked}"; these are snapshots of one of them, ${chosen}, which got only a part of the load`;
}
