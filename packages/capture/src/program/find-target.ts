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
const LOOPBACK = "127.0.0.1";

/**
 * Waits until a program is ready, and finds out which of its processes does the work: the one that listens. `npm start`
 * and its like start several.
 * @throws CaptureError if that does not happen in time
 */
export async function findTarget(program: Program, options: FindOptions): Promise<Target> {
  const { url, readyText, timeout, signal } = options;
  const place = url && placeOf(url);
  let said = readyText === "";
  const unwatch = program.output.watch((line) => (said ||= readyText !== undefined && line.includes(readyText)));
  const candidates = new Map<number, Candidate>();
  // Told by the inspector itself only if it was asked before the end began. Sessions of the others are opened again.
  const endings = { count: 0 };
  const unwatchWaiting = program.output.watchWaiting(() => {
    endings.count++;
    for (const { session } of candidates.values()) void session.close();
  });
  const patience = new Patience();
  let choice: Choice | undefined;
  try {
    for (const started = performance.now(); ; await sleep(POLL, undefined, { signal })) {
      signal.throwIfAborted();
      await look(program, candidates, endings);
      const all = [...candidates.values()];
      if (readyText === undefined || said) choice = await choose(all, place, said, patience);
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

interface Choice {
  readonly chosen: Candidate;
  /** Where the program listens. */
  readonly listens: readonly AddressInfo[];
  /** All that do the same, the chosen one among them. */
  readonly alike: readonly Candidate[];
}

/** Time that has to pass from when something is first seen until it is believed. */
class Patience {
  #since: number | undefined;

  isOver(isSeen: boolean): boolean {
    if (!isSeen) return false;
    this.#since ??= performance.now();
    return performance.now() - this.#since > PATIENCE;
  }
}

/** The process that does the work, once there is one. @param said it printed that it is ready */
async function choose(
  all: readonly Candidate[],
  place: Place | undefined,
  said: boolean,
  patience: Patience,
): Promise<Choice | undefined> {
  const isRight = ({ port }: AddressInfo) => place === undefined || port === place.port;
  const servers = all.filter(({ listens }) => listens.some(isRight));
  if (servers.length > 0 && (place === undefined || (await answers(place)))) {
    const chosen = lowest(servers);
    return { chosen, listens: chosen.listens, alike: servers };
  }
  if (all.length === 0) return undefined;
  if (place !== undefined) {
    const isOver = patience.isOver(await answers(place));
    return isOver ? { chosen: deepest(all), listens: [], alike: [] } : undefined;
  }
  if (said) return { chosen: deepest(all), listens: [], alike: [] };
  const found = choiceBySystem(all);
  return patience.isOver(found !== undefined) ? found : undefined;
}

/**
 * By what the system knows of ports: Deno and servers in native code do not tell where they listen, and of a cluster it is
 * the parent that has the port while its children do the work.
 */
function choiceBySystem(all: readonly Candidate[]): Choice | undefined {
  const inspectors = new Set(all.map(({ url }) => placeOf(new URL(url)).port));
  for (const owner of all) {
    const ports = (portsOf(owner.pid) ?? []).filter((port) => !inspectors.has(port));
    if (ports.length === 0) continue;
    const children = all.filter(({ parent }) => parent === owner.pid);
    const alike = children.length > 0 ? children : [owner];
    const listens = ports.map((port) => ({ address: "::", family: "IPv6", port }));
    return { chosen: lowest(alike), listens, alike };
  }
  return undefined;
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
      candidate.listens = await Promise.race([candidate.session.listensOn(), silence()]);
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

/** The oldest, of those that do the same. */
function lowest(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((best, candidate) => (candidate.pid < best.pid ? candidate : best));
}

/** The last one that started no other: what a wrapper wraps. */
function deepest(candidates: readonly Candidate[]): Candidate {
  const leaves = candidates.filter(({ pid }) => !candidates.some(({ parent }) => parent === pid));
  return leaves.at(-1) ?? candidates.at(-1)!;
}

async function targetOf(program: Program, { chosen, listens, alike }: Choice, url: URL | undefined): Promise<Target> {
  const heap = await mainHeap(chosen.session, chosen, program.announcements());
  const ports = new Set(listens.map(({ port }) => port));
  const origin = url?.origin ?? (ports.size === 1 ? await originOf(listens[0]!) : undefined);
  if (alike.length <= 1) return { heap, origin };
  const notes = [
    `${alike.length} processes share the work; these are snapshots of one of them, process ${chosen.pid}, ` +
      "so it got only a part of the load",
  ];
  return { heap: { ...heap, notes }, origin };
}

async function originOf({ address, port }: AddressInfo): Promise<string> {
  const loopback = /^(?:0\.0\.0\.0|127\.0\.0\.1)$/.test(address);
  // Both families, unless the program wanted the newer one only.
  const isAny =
    address === "::" && ((await answers({ host: LOOPBACK, port })) || !(await answers({ host: "::1", port })));
  if (loopback || isAny) return `http://${LOOPBACK}:${port}`;
  const host = address === "::" ? "::1" : address;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
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
  return new CaptureError(
    "not-ready",
    `the program did not listen on any port ${within}; if it does, give the whole address with --url, ` +
      'and if it never will, say with --ready what it prints, or "" for nothing',
    more,
  );
}

/** One sentence about a place that is taken before the program could take it. */
export async function refuseTaken(place: Place): Promise<void> {
  if (!(await answers(place))) return;
  throw new CaptureError(
    "port-in-use",
    `something else listens on port ${place.port} already; end it, or have the program listen on another port`,
  );
}
