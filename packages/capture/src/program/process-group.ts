import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { guard } from "./watchdog.js";

const WINDOWS = process.platform === "win32";
const LINUX = process.platform === "linux";
const GRACE = 3000;

/** Process groups of ours that may be alive, and what ends their being guarded; should this process end, they end with it. */
const groups = new Map<ChildProcess, () => void>();
process.on("exit", () => {
  for (const child of groups.keys()) killNow(child.pid!);
});

/**
 * Starts a program in a process group of its own: Ctrl-C in a terminal does not reach it, and all that it starts can be
 * ended together.
 */
export function spawnGroup(command: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, words, { ...options, detached: !WINDOWS, windowsHide: true });
  if (child.pid !== undefined) groups.set(child, guard({ group: child.pid }));
  return child;
}

/** Ends a group: asks first, and does not ask again after three seconds. Resolves when nobody of it is left. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (!groups.has(child)) return;
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  await endGroupOf(child.pid!);
  await gone;
  // Who asked for the same meanwhile was as fast.
  groups.get(child)?.();
  groups.delete(child);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}

/** The same of a group whose first process is none of this one's children. */
export async function endGroupOf(group: number): Promise<void> {
  if (WINDOWS) return killNow(group);
  signalGroup(group, "SIGTERM");
  await emptied(group, GRACE);
  if (signalGroup(group, "SIGKILL")) await emptied(group, GRACE);
}

async function emptied(group: number, patience: number): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    if (!isGroupAlive(group)) return;
    await sleep(20);
  }
}

/** False if nobody of the group is left. */
function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  return reaches(-group, signal) && isGroupAlive(group);
}

/** @param to a pid, or that of a group with a minus */
function reaches(to: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(to, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** True if there is one in the group of that number that has not ended. */
export function isGroupAlive(group: number): boolean {
  if (!reaches(-group, 0)) return false;
  return !LINUX || allPids().some((pid) => statusOf(pid)?.group === group && isAlive(pid));
}

function killNow(group: number): void {
  if (WINDOWS) spawnSync("taskkill", ["/pid", String(group), "/T", "/F"], { stdio: "ignore" });
  else signalGroup(group, "SIGKILL");
}

/**
 * Ends those that left their group and have this text in their environment, as all have that a program started: with
 * SIGTERM, and what is left after three seconds with SIGKILL. Only Linux tells environments.
 */
export async function endMarked(mark: string): Promise<void> {
  const pids = marked(mark);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    killMarked(mark, signal);
    // Their parent is gone, so it takes the system a moment to forget them.
    for (const end = performance.now() + GRACE; performance.now() < end; await sleep(20)) {
      if (!pids.some(isAlive)) return;
    }
  }
}

/** Sends them a signal, and waits for nothing. */
export function killMarked(mark: string, signal: NodeJS.Signals): void {
  for (const pid of marked(mark)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
}

/**
 * True if there is such a process, and be it about to end. One that has ended and whose parent never asks how is none:
 * in a container the first process may be such a parent, of all that others left behind.
 */
export function isAlive(pid: number): boolean {
  return reaches(pid, 0) && statusOf(pid)?.hasEnded !== true;
}

/** Their pids, as far as the system tells. */
export function marked(mark: string): number[] {
  if (!LINUX) return [];
  return allPids().filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark));
}

function allPids(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

/** What Linux tells of a process; undefined elsewhere, and of one that is gone. */
function statusOf(pid: number): { readonly group: number; readonly hasEnded: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Behind its name, which may hold anything: state, parent, group.
    const [state, , group] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { group: Number(group), hasEnded: /[ZX]/i.test(state!) };
  } catch {
    return undefined;
  }
}

/** Empty of those of other users, and of those that are ending. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
