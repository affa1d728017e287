import { setMaxListeners } from "node:events";
import { statfs } from "node:fs/promises";
import { freemem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Capture, CaptureEvent } from "../capture.js";
import { CaptureError } from "../capture-error.js";
import { MOST_SNAPSHOTS, whole } from "../capture-options.js";
import { Disconnected } from "../inspector/channel.js";
import { HeapSession, type ProcessFacts } from "../inspector/heap-session.js";
import { chosenWorker, mainHeap } from "../program/choose-heap.js";
import { OtherHeaps } from "../program/other-heaps.js";
import type { Announcement } from "../program/start-program.js";
import { Recording } from "../recording.js";
import { sizeWords } from "../size-words.js";
import { snapshotCost } from "../snapshot-cost.js";
import { makeFolder } from "../snapshot-folder.js";
import { chooseTarget, debugTargets } from "./debug-targets.js";
import { closeInspector, openProcess } from "./node-process.js";

export interface AttachOptions {
  /** A pid of this machine, `host:port` of an inspector, or its address `ws://…`. */
  readonly target: string | number;
  /** Part of the title or address of a tab, where there are several. */
  readonly page?: string;
  /** Which worker thread of a Node process: a number, or a part of its name or file. Unless given it is the main thread. */
  readonly worker?: string;
  /** Folder for the snapshots; made if need be. One that has snapshots of an earlier capture is refused. */
  readonly out: string;
  /** True for a folder that nobody else has: if there is one of that name, a number follows it. */
  readonly newFolder?: boolean;
  /** 2 to 26; 3. */
  readonly snapshots?: number;
  /** Milliseconds between two snapshots; or called before each but the first, with its number: resolves when to take it. */
  readonly next: number | ((snapshot: number, signal: AbortSignal) => Promise<void>);
  readonly gzip?: boolean;
  /** Take snapshots even if memory or the disk seem too small. */
  readonly force?: boolean;
  /** Ends it; see `attach`. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: CaptureEvent) => void;
}

interface Attached {
  readonly session: HeapSession;
  readonly facts: ProcessFacts | undefined;
  /** Its inspector was closed before. */
  readonly opened: boolean;
}

/** Samples between two snapshots. */
const SAMPLES = 20;
/** Milliseconds for a worker thread that is asked for to be there. */
const PATIENCE = 1000;
/** For an inspector to answer. */
const ANSWER = 5000;
const LARGE = 200e6;

/**
 * Takes snapshots of a process that runs already, with one inspector session from the first to the last, and leaves it
 * as it was. Each stops the process for a while.
 *
 * If `signal` is aborted or the process ends after the second snapshot, the promise resolves with what there is; before
 * that it is rejected, with the signal's reason or with a CaptureError.
 */
export async function attach(options: AttachOptions): Promise<Capture> {
  const { snapshots = 3, signal } = options;
  whole("snapshots", snapshots, 2, MOST_SNAPSHOTS);
  signal?.throwIfAborted();
  const folder = await makeFolder(options);
  return captureBy({ ...options, out: folder.path }, snapshots).catch(async (error: unknown) => {
    await folder.removeEmpty();
    throw error;
  });
}

async function captureBy(options: AttachOptions, snapshots: number): Promise<Capture> {
  const { out, gzip = false, signal: asked, onEvent: event = () => {} } = options;
  const notes: string[] = [];
  const note = (message: string) => {
    notes.push(message);
    event({ kind: "note", message });
  };
  const life = new AbortController();
  // Each session listens.
  setMaxListeners(0, life.signal);
  const stop = () => life.abort(asked!.reason);
  asked?.addEventListener("abort", stop, { once: true });
  if (asked?.aborted) stop(); // while the folder was made
  // News for the time until it is over, and none for whoever reads the report.
  const say = (message: string) => event({ kind: "note", message });
  const { session, facts, opened } = await open(options, say, life.signal).catch((error: unknown) => {
    asked?.removeEventListener("abort", stop);
    throw asked?.aborted ? asked.reason : error;
  });
  const gone = "the process ended, or closed its inspector";
  void session.connection.closed.then(() => life.abort(new Disconnected(gone)));
  let recording: Recording | undefined;
  const capture = (ended: Capture["ended"], reason: string | undefined): Capture => {
    const { files = [], samples = [], marks = [] } = recording ?? {};
    return { files, loads: [], unit: "run", samples, marks, ended, reason, notes, log: undefined };
  };

  event({ kind: "ready", pid: facts?.pid, runtime: facts?.runtime, url: undefined, snapshots, cycles: 0 });
  try {
    const heap = await choose(session, facts, options.worker, life);
    if (options.worker !== undefined) event({ kind: "heap", name: heap!.name });
    for (const each of heap?.notes ?? []) note(each);
    const { signal } = life;
    const thread = heap?.threads && heap.name;
    recording = new Recording(heap?.session ?? session, heap?.facts, { out, snapshots, gzip, signal, event, thread });
    const others = othersOf(heap, signal);
    await record(recording, others, snapshots, options, note, signal);
    return capture("complete", undefined);
  } catch (error) {
    const over = asked?.aborted
      ? "interrupted"
      : error instanceof Disconnected || life.signal.aborted
        ? "exited"
        : undefined;
    if (over === undefined) throw error;
    const reason = over === "interrupted" ? "it was interrupted" : whyGone(life.signal, gone);
    if (recording !== undefined && recording.files.length >= 2) return capture(over, reason);
    if (over === "interrupted") throw asked!.reason;
    throw new CaptureError("exited", reason, { capture: capture(over, reason) });
  } finally {
    asked?.removeEventListener("abort", stop);
    if (opened && session.connection.isOpen) await closeInspector(session);
    await session.close();
  }
}

/** What ended first is what there is to say. */
function whyGone({ reason }: AbortSignal, otherwise: string): string {
  return reason instanceof Disconnected ? reason.message : otherwise;
}

/** The heap that was asked for; undefined of a page, unless one of its workers was meant. Its end ends `life`. */
async function choose(
  session: HeapSession,
  facts: ProcessFacts | undefined,
  worker: string | undefined,
  life: AbortController,
): Promise<Awaited<ReturnType<typeof chosenWorker>> | undefined> {
  if (worker === undefined) return facts && mainHeap(session, announced(facts), []);
  const heap = await chosenWorker(worker, session, PATIENCE, life.signal);
  void heap.session.connection.closed.then(() => life.abort(new Disconnected(`${heap.name} ended`)));
  return heap;
}

/** Of a page nobody asks for the heaps of its workers. */
function othersOf(heap: Awaited<ReturnType<typeof choose>>, signal: AbortSignal): OtherHeaps | undefined {
  const facts = heap?.facts;
  return facts && new OtherHeaps({ ...heap!, facts }, () => [announced(facts)], signal);
}

/** Takes one snapshot after the other; says what they will take, and at the end which other heaps grew. */
async function record(
  recording: Recording,
  others: OtherHeaps | undefined,
  snapshots: number,
  options: AttachOptions,
  note: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let number = 1; number <= snapshots; number++) {
    if (number > 1) await interval(recording, options.next, number, signal);
    const { heapUsed } = await recording.sample({});
    await weigh(heapUsed, await recording.session.facts(), options, number === 1 ? note : () => {});
    await recording.snapshot();
    await others?.measure();
  }
  for (const each of others?.notes ?? []) note(each);
}

/** Of a process that did not announce itself, all that is needed is known. */
function announced({ pid }: ProcessFacts): Announcement {
  return { pid, parent: 0, url: "", words: [], isClusterWorker: false };
}

async function open(
  { target, page }: AttachOptions,
  say: (message: string) => void,
  signal: AbortSignal,
): Promise<Attached> {
  const words = String(target).trim();
  if (/^\d+$/.test(words)) {
    if (page !== undefined) {
      throw new CaptureError("bad-option", `process ${words} has no tabs; --page needs host:port of a browser`);
    }
    const pid = Number(words);
    const told = () =>
      say(
        `process ${pid} is told by SIGUSR1 to open its inspector on a port of loopback; ` +
          "until leakdiff is done, who may connect there can control it",
      );
    const { session, opened } = await openProcess(pid, told, signal);
    return { session, facts: await factsOf(session, opened), opened };
  }
  // The place alone is no address of an inspector, whose path is a new one each time.
  const [, host, path] = /^wss?:\/\/([^/]*)\/?(.*)$/.exec(words) ?? [];
  const isWhole = path !== undefined && (path !== "" || words.startsWith("wss:"));
  const url = isWhole ? words : await addressAt(host ?? words.replace(/^https?:\/\//, "").replace(/\/$/, ""), page);
  const session = await HeapSession.open(url, ANSWER, signal).catch((error: unknown) => {
    const hint = isWhole ? `; it may have another address by now, which leakdiff attach ${host} finds out` : "";
    throw new CaptureError("no-inspector", `${(error as Error).message}${hint}`, { cause: error });
  });
  return { session, facts: await factsOf(session, false), opened: false };
}

/** Leaves the process as it was if it does not say. */
async function factsOf(session: HeapSession, opened: boolean): Promise<ProcessFacts | undefined> {
  try {
    return await session.facts();
  } catch (error) {
    if (opened) await closeInspector(session);
    await session.close();
    throw error;
  }
}

async function addressAt(place: string, page: string | undefined): Promise<string> {
  const isPlace = URL.canParse(`http://${place}`) && /:\d+$/.test(place);
  if (!isPlace) {
    throw new CaptureError(
      "bad-option",
      `${place} is neither a pid, nor host:port, nor an address that starts with ws://`,
    );
  }
  const targets = await debugTargets(place);
  if (targets === undefined) {
    throw new CaptureError(
      "no-inspector",
      `no inspector answers at ${place}; node --inspect opens one, and chrome --remote-debugging-port=9222`,
    );
  }
  return chooseTarget(targets, page).webSocketDebuggerUrl!;
}

/** Waits for the next snapshot, and watches memory meanwhile without touching it. */
async function interval(
  recording: Recording,
  next: AttachOptions["next"],
  number: number,
  signal: AbortSignal,
): Promise<void> {
  if (typeof next !== "number") return next(number, signal);
  for (let sample = 1; sample <= SAMPLES; sample++) {
    await sleep(next / SAMPLES, undefined, { signal });
    if (sample < SAMPLES && next >= SAMPLES * 1000) await recording.sample({}, { collected: false });
  }
}

/** Says what a snapshot will take, and refuses it where there is not as much. */
async function weigh(
  heapUsed: number,
  facts: ProcessFacts | undefined,
  { out, force = false }: AttachOptions,
  note: (message: string) => void,
): Promise<void> {
  const cost = snapshotCost(heapUsed, facts?.runtime);
  if (heapUsed >= LARGE) {
    note(
      `the heap has ${sizeWords(heapUsed)}: each snapshot may stop the process for ${Math.ceil(cost.seconds)} s, ` +
        `take ${sizeWords(cost.memory)} of memory meanwhile, and ${sizeWords(cost.file)} on disk`,
    );
  }
  if (force) return;
  const free = facts?.availableMemory ?? freemem();
  if (cost.memory > free) {
    throw new CaptureError(
      "not-enough-memory",
      `a snapshot of a heap of ${sizeWords(heapUsed)} may take ${sizeWords(cost.memory)} more memory, and only ` +
        `${sizeWords(free)} are free: the process might be killed. Free some, or take the risk with --force`,
    );
  }
  const { bavail, bsize } = await statfs(out);
  if (cost.file > bavail * bsize) {
    throw new CaptureError(
      "not-enough-memory",
      `a snapshot may take ${sizeWords(cost.file)} on disk, and only ${sizeWords(bavail * bsize)} are free in ${out}; ` +
        "name another folder with --out, or try all the same with --force",
    );
  }
}
