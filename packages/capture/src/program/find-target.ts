import { setTimeout as sleep } from "node:timers/promises";
import type { AddressInfo } from "node:net";
import { CaptureError } from "../capture-error.js";
import { HeapSession } from "../inspector/heap-session.js";
import { type Heap, mainHeap } from "./choose-heap.js";
import { answers, type Place, placeOf, portsOf } from "./ports.js";
import type { Announcement, Program } from "./start-program.js";

/** The process to look at, of all that a command started. */
export interface Target {
  /** Of its main thread; its session is the only one that is left open. */
  readonly heap: Heap;
  /** Where it listens, as in "http://127.0.0.1:3000"; undefined if it does not, or not alone. */
  readonly origin: string | undefined;
}

export interface FindOptions {
  /** Where the load will go, if that is known. */
  readonly url: URL | undefined;
  /** What the program prints when it is ready, instead of listening. */
  readonly readyText: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

interface Candidate extends Announcement {
  readonly session: HeapSession;
  listens: readonly AddressInfo[];
}

const POLL = 50;
/** For the process behind a port that answers to say so, before another one is taken to be it. */
const PATIENCE = 2000;
const SILENCE = 5000;

/**
 * Waits until a program is ready, and finds out which of its processes does the work: the one that listens. `npm start`
 * and its like start several.
 * @throws CaptureError if that does not happen in time
 */
export async function findTarget(program: Program, options: FindOptions): Promise<Target> {
  const { url, readyText, timeout, signal } = options;
  const place = url && placeOf(url);
  let said = false;
  const unwatch = program.output.watch((line) => (said ||= readyText !== undefined && line.includes(readyText)));
  const candidates = new Map<number, Candidate>();
  // Told by the inspector itself only if it was asked before the end began. Sessions of the others are opened again.
  const endings = { count: 0 };
  const unwatchWaiting = program.output.watchWaiting(() => {
    endings.count++;
    for (const { session } of candidates.values()) void session.close();
  });
  let chosen: Candidate | undefined;
  let answeredAt: number | undefined;
  try {
    for (const started = performance.now(); ; await sleep(POLL, undefined, { signal })) {
      signal.throwIfAborted();
      await look(program, candidates, endings);
      const all = [...candidates.values()];
      const listening = all.filter(
        ({ listens }) => place === undefined || listens.some(({ port }) => port === place.port),
      );
      const servers = listening.filter(({ listens }) => listens.length > 0);
      if (readyText === undefined || said) {
        if (servers.length > 0 && (place === undefined || (await answers(place)))) {
          chosen = lowest(servers);
          return await targetOf(program, chosen, servers, url);
        }
        if (said && place === undefined && all.length > 0) {
          chosen = deepest(all);
          return await targetOf(program, chosen, [], url);
        }
        if (place !== undefined && all.length > 0 && (await answers(place))) answeredAt ??= performance.now();
        if (answeredAt !== undefined && performance.now() - answeredAt > PATIENCE) {
          chosen = deepest(all);
          return await targetOf(program, chosen, [], url);
        }
      }
      if (performance.now() - started > timeout) throw notReady(all, options, said, program);
    }
  } finally {
    unwatch();
    unwatchWaiting();
    const others = [...candidates.values()].filter((candidate) => candidate !== chosen);
    await Promise.all(others.map(({ session }) => session.close()));
  }
}

/** Opens a session with each process that is new, and asks all of them where they listen. */
async function look(
  program: Program,
  candidates: Map<number, Candidate>,
  endings: { readonly count: number },
): Promise<void> {
  for (const announcement of program.announcements()) {
    if (candidates.has(announcement.pid)) continue;
    const before = endings.count;
    const session = await HeapSession.open(announcement.url).catch(() => undefined);
    if (endings.count > before) await session?.close();
    else if (session !== undefined) candidates.set(announcement.pid, { ...announcement, session, listens: [] });
  }
  for (const [pid, candidate] of candidates) {
    try {
      candidate.listens = await Promise.race([listensOn(candidate), silence()]);
    } catch {
      candidates.delete(pid);
      await candidate.session.close();
    }
  }
}

/** Where a process listens; of Deno, which does not tell, the system's word is taken. */
async function listensOn({ session, pid, url }: Candidate): Promise<readonly AddressInfo[]> {
  const told = await session.listensOn();
  if (told !== undefined) return told;
  const inspector = placeOf(new URL(url)).port;
  const ports = (portsOf(pid) ?? []).filter((port) => port !== inspector);
  return ports.map((port) => ({ address: "127.0.0.1", family: "IPv4", port }));
}

/** A process at its end may take questions, and answer none. */
async function silence(): Promise<never> {
  await sleep(SILENCE, undefined, { ref: false });
  throw new Error("no answer");
}

/** The oldest, of those that do the same. */
function lowest(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((best, candidate) => (candidate.pid < best.pid ? candidate : best));
}

/** The last one that started no other: what a wrapper wraps. */
function deepest(candidates: readonly Candidate[]): Candidate {
  const leaves = candidates.filter(({ pid }) => !candidates.some(({ parent }) => parent === pid));
  return leaves.at(-1) ?? candidates.at(-1)!;
}

async function targetOf(
  program: Program,
  chosen: Candidate,
  alike: readonly Candidate[],
  url: URL | undefined,
): Promise<Target> {
  const heap = await mainHeap(chosen.session, chosen, program.announcements());
  const notes = [
    `${alike.length} processes share the work; these are snapshots of one of them, process ${chosen.pid}, ` +
      "so it got only a part of the load",
  ];
  const ports = new Set(chosen.listens.map(({ port }) => port));
  const origin = url?.origin ?? (ports.size === 1 ? originOf(chosen.listens[0]!) : undefined);
  return { heap: alike.length > 1 ? { ...heap, notes } : heap, origin };
}

function originOf({ address, port }: AddressInfo): string {
  const host = /^(?:0\.0\.0\.0|::|127\.0\.0\.1)$/.test(address)
    ? "127.0.0.1"
    : address.includes(":")
      ? `[${address}]`
      : address;
  return `http://${host}:${port}`;
}

function notReady(all: readonly Candidate[], options: FindOptions, said: boolean, program: Program): CaptureError {
  const { url, readyText, timeout } = options;
  const within = `within ${timeout / 1000} s`;
  const ports = [...new Set(all.flatMap(({ listens }) => listens.map(({ port }) => port)))];
  const instead = ports.length > 0 ? `; it listens on port ${ports.join(" and ")}` : "";
  const more = { output: program.output.lastLines };
  if (all.length === 0) {
    const why = `no Node process with an inspector was started ${within}; is it a Node program?`;
    return new CaptureError("no-inspector", `${why} Deno needs --allow-all`, more);
  }
  if (readyText !== undefined && !said) {
    return new CaptureError("not-ready", `the program did not print "${readyText}" ${within}`, more);
  }
  if (url !== undefined) {
    return new CaptureError("not-ready", `nothing answered at ${url.origin} ${within}${instead}`, more);
  }
  return new CaptureError("not-ready", `the program did not listen on any port ${within}`, more);
}

/** One sentence about a place that is taken before the program could take it. */
export async function refuseTaken(place: Place): Promise<void> {
  if (!(await answers(place))) return;
  throw new CaptureError(
    "port-in-use",
    `something else listens on port ${place.port} already; end it, or have the program listen on another port`,
  );
}
