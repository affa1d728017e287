import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "../capture-error.js";
import { HeapSession, type Listener } from "../inspector/heap-session.js";
import { type Heap, mainHeap } from "./choose-heap.js";
import { type Candidate, choose, type Choice, Patience } from "./choose-server.js";
import type { FindOptions } from "./find-options.js";
import { notReady } from "./not-ready.js";
import { answers, type Place, placeOf } from "./ports.js";
import { Settling } from "./settling.js";
import type { Program } from "./start-program.js";

/** The process to look at, of all that a command started. */
export interface Target {
  /** Of its main thread; its session is the only one that is left open. */
  readonly heap: Heap;
  /** Where it listens, as in "http://127.0.0.1:3000"; undefined if that is nowhere, or on several ports. */
  readonly origin: string | undefined;
  readonly ports: readonly number[];
}

const POLL = 50;
const SILENCE = 5000;
/** Until one that did not answer is asked once more: while it waits for its child, that one can be found. */
const REST = 5000;
const LOOPBACK = "127.0.0.1";

/**
 * Waits until a program is ready, and finds out which of its processes does the work: the one that listens. `npm start`
 * and its like start several.
 * @throws CaptureError if that does not happen in time
 */
export async function findTarget(program: Program, options: FindOptions): Promise<Target> {
  const { url, readyText, timeout, signal } = options;
  const place = url && placeOf(url);
  const needsPort = options.path !== undefined;
  let said = readyText === "";
  const unwatch = program.output.watch((line) => (said ||= readyText !== undefined && line.includes(readyText)));
  const candidates = new Map<number, Candidate>();
  // Told by the inspector itself only if it was asked before the end began. Sessions of the others are opened again.
  const search: Search = { candidates, silent: new Map(), endings: 0 };
  const unwatchWaiting = program.output.watchWaiting(() => {
    search.endings++;
    for (const { session } of candidates.values()) void session.close();
  });
  const patience = new Patience();
  let choice: Choice | undefined;
  try {
    for (const started = performance.now(); ; await sleep(POLL, undefined, { signal })) {
      signal.throwIfAborted();
      await look(program, search, signal);
      const all = [...candidates.values()];
      if (readyText === undefined || said) choice = await choose(all, { place, said, needsPort }, patience);
      if (choice !== undefined) return await targetOf(program, choice, url);
      if (performance.now() - started > timeout) throw notReady(all, options, said, program);
    }
  } finally {
    unwatch();
    unwatchWaiting();
    const others = [...candidates.values()].filter(({ pid }) => pid !== choice?.chosen.pid);
    await Promise.all(others.map(({ session }) => session.close()));
  }
}

interface Search {
  readonly candidates: Map<number, Candidate>;
  /** When those that did not answer are asked again, by pid. */
  readonly silent: Map<number, number>;
  /** How often a process was seen to come to its end. */
  endings: number;
}

/** Opens a session with each process that is new, and asks all of them where they listen. */
async function look(program: Program, search: Search, signal: AbortSignal): Promise<void> {
  const { candidates, silent } = search;
  for (const announcement of program.announcements()) {
    const { pid, url } = announcement;
    if (candidates.has(pid) || performance.now() < (silent.get(pid) ?? 0)) continue;
    const before = search.endings;
    const asked = performance.now();
    const session = await HeapSession.open(url, SILENCE, signal).catch(() => undefined);
    // One that has ended refuses at once.
    if (session === undefined && performance.now() - asked > SILENCE / 2) silent.set(pid, performance.now() + REST);
    if (search.endings > before) await session?.close();
    else if (session !== undefined)
      candidates.set(pid, { ...announcement, session, told: [], listens: [], settling: new Settling(), sockets: [] });
  }
  for (const [pid, candidate] of candidates) {
    try {
      const { ports, sockets } = await Promise.race([candidate.session.listensOn(), silence()]);
      candidate.told = ports;
      candidate.listens = candidate.settling.believed(ports, performance.now());
      candidate.sockets = sockets;
    } catch {
      candidates.delete(pid);
      await candidate.session.close();
    }
  }
}

/** A process at its end may take questions, and answer none. */
async function silence(): Promise<never> {
  await sleep(SILENCE, undefined, { ref: false });
  throw new Error("no answer");
}

async function targetOf(program: Program, { chosen, listens, alike }: Choice, url: URL | undefined): Promise<Target> {
  const heap = await mainHeap(chosen.session, chosen, program.announcements());
  const ports = [...new Set(listens.map(({ port }) => port))];
  const origin = url?.origin ?? (ports.length === 1 ? await originOf(listens[0]!) : undefined);
  if (alike.length <= 1) return { heap, origin, ports };
  const notes = [
    `${alike.length} processes share the work; these are snapshots of one of them, process ${chosen.pid}, ` +
      "so it got only a part of the load",
  ];
  return { heap: { ...heap, notes }, origin, ports };
}

async function originOf({ address, port, isSecure }: Listener): Promise<string> {
  const scheme = isSecure ? "https" : "http";
  const loopback = /^(?:0\.0\.0\.0|127\.0\.0\.1)$/.test(address);
  // Both families, unless the program wanted the newer one only.
  const isAny =
    address === "::" && ((await answers({ host: LOOPBACK, port })) || !(await answers({ host: "::1", port })));
  if (loopback || isAny) return `${scheme}://${LOOPBACK}:${port}`;
  const host = address === "::" ? "::1" : address;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** One sentence about a place that is taken before the program could take it. */
export async function refuseTaken(place: Place): Promise<void> {
  if (!(await answers(place))) return;
  throw new CaptureError(
    "port-in-use",
    `something else listens on port ${place.port} already; end it, or have the program listen on another port`,
  );
}
