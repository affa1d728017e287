import type { HeapSession, Listener } from "../inspector/heap-session.js";
import { answers, type Place, placeOf, portsOf } from "./ports.js";
import { PATIENCE, type Settling } from "./settling.js";
import type { Announcement } from "./start-program.js";

export interface Candidate extends Announcement {
  readonly session: HeapSession;
  /** Where it said that it listens, when it was last asked. */
  told: readonly Listener[];
  /** What of that is believed by now. */
  listens: readonly Listener[];
  readonly settling: Settling;
  /** Sockets without a port on which it listens. */
  sockets: readonly string[];
}

export interface Choice {
  readonly chosen: Candidate;
  /** Where the program listens. */
  readonly listens: readonly Listener[];
  /** All that do the same, the chosen one among them. */
  readonly alike: readonly Candidate[];
}

/** What is known of the program from outside. */
export interface Signs {
  /** Where it is to listen. */
  readonly place: Place | undefined;
  /** It printed that it is ready. */
  readonly said: boolean;
  /** Without a port there is nothing to do. */
  readonly needsPort: boolean;
}

/** Time that has to pass from when something is first seen until it is believed. */
export class Patience {
  #since: number | undefined;

  isOver(isSeen: boolean): boolean {
    if (!isSeen) return false;
    this.#since ??= performance.now();
    return performance.now() - this.#since > PATIENCE;
  }
}

/**
 * The process that does the work, once there is one. What a process says of itself is believed soon; before it is told
 * from anything else, it has some time to say so.
 */
export async function choose(
  all: readonly Candidate[],
  { place, said, needsPort }: Signs,
  patience: Patience,
): Promise<Choice | undefined> {
  if (all.length === 0 || (place !== undefined && !(await answers(place)))) return undefined;
  const isRight = ({ port }: Listener) => place === undefined || port === place.port;
  const servers = all.filter(({ listens }) => listens.some(isRight));
  if (servers.length > 0) {
    const chosen = lowest(servers);
    const ports = new Set(chosen.listens.map(({ port }) => port));
    const alike = servers.filter(({ listens }) => listens.some((each) => isRight(each) && ports.has(each.port)));
    return { chosen, listens: chosen.listens, alike };
  }
  const found = choiceBySystem(all, place?.port);
  const isReady = said || place !== undefined;
  if (!patience.isOver(isReady || found !== undefined)) return undefined;
  return found ?? (isReady && !needsPort ? { chosen: deepest(all), listens: [], alike: [] } : undefined);
}

/**
 * By what the system knows of ports: Deno, servers in native code and those that keep no process alive do not tell where
 * they listen, and of a cluster it is the parent that has the port while its workers do the work.
 */
function choiceBySystem(all: readonly Candidate[], wanted: number | undefined): Choice | undefined {
  const inspectors = new Set(all.map(({ url }) => placeOf(new URL(url)).port));
  for (const owner of all) {
    const own = (portsOf(owner.pid) ?? []).filter((port) => !inspectors.has(port));
    const ports = wanted === undefined ? own : own.filter((port) => port === wanted);
    if (ports.length === 0) continue;
    const workers = all.filter(({ parent, isClusterWorker }) => isClusterWorker && parent === owner.pid);
    const alike = workers.length > 0 ? workers : [owner];
    const listens = ports.map((port) => ({ address: "::", port, isSecure: false }));
    return { chosen: lowest(alike), listens, alike };
  }
  return undefined;
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
