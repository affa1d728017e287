import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "../capture-error.js";
import { Connection } from "../inspector/connection.js";
import { HeapSession } from "../inspector/heap-session.js";
import { isAlive } from "../program/process-group.js";
import { portsOf } from "../program/ports.js";
import { debugTargets } from "./debug-targets.js";

const USUAL_PORT = 9229;
const PATIENCE = 5000;
/** For an inspector that is there to answer. */
const ANSWER = 5000;
const UNDO = 3000;
/** Its bit in the masks of /proc. */
const SIGUSR1 = 1n << 9n;

/** A session with a Node process, and whether its inspector was closed before. */
export interface OpenedProcess {
  readonly session: HeapSession;
  readonly opened: boolean;
}

/**
 * Opens a session with the Node process of that pid. Its inspector is opened by SIGUSR1, unless it is open already.
 * @throws CaptureError
 */
export async function openProcess(pid: number, onSignal: () => void, signal: AbortSignal): Promise<OpenedProcess> {
  await assertNoPort(pid);
  assertExists(pid);
  const before = await inspectorsOf(pid);
  const open = await sessionAt(before, pid, signal);
  if (open !== undefined) return { session: open, opened: false };
  assertTakesSignal(pid);
  onSignal();
  signal.throwIfAborted();
  // Sends SIGUSR1, and does the same on Windows, which has no signals.
  (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
  let session: HeapSession | undefined;
  try {
    for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(50, undefined, { signal })) {
      assertExists(pid);
      session = await sessionAt(await inspectorsOf(pid), pid, signal);
      if (session !== undefined) return { session, opened: true };
      signal.throwIfAborted();
    }
  } finally {
    if (session === undefined) await undo(pid, before);
  }
  throw new CaptureError(
    "no-inspector",
    `process ${pid} opened no inspector within ${PATIENCE / 1000} s of SIGUSR1: ` +
      `perhaps another process has its port (${USUAL_PORT}), or it does something else at that signal`,
  );
}

/**
 * What was asked for by SIGUSR1 is not wanted any more: waits a moment for it, as it would come all the same, and has it
 * closed. A process that answers nothing does so when it has time.
 * @param before addresses of what others opened
 */
async function undo(pid: number, before: readonly string[]): Promise<void> {
  for (const end = performance.now() + UNDO; performance.now() < end && isAlive(pid); await sleep(50)) {
    const urls = (await inspectorsOf(pid)).filter((url) => !before.includes(url));
    const tell = async (url: string) => {
      const connection = await Connection.open(url, UNDO);
      await connection.tell("Runtime.evaluate", closing(pid));
      await connection.close();
    };
    await Promise.all(urls.map((url) => tell(url).catch(() => {})));
    if (urls.length > 0) return;
  }
}

/** Ends what SIGUSR1 began, once the session is closed. */
export async function closeInspector(session: HeapSession): Promise<void> {
  // Without waiting: it may be busy, and then does so when it has time.
  await session.connection.tell("Runtime.evaluate", closing());
}

/** @param pid of the process that alone is to close its inspector, if it is not known whether that is the one asked */
function closing(pid?: number) {
  const isMeant = pid === undefined ? "" : `if (process.pid === ${pid}) `;
  return {
    // It would wait for this session to end. Of a process that was busy SIGUSR1 may have a second effect in the event
    // loop's next turn, and would open anew what was closed before that; hence a timer that is set in a later turn.
    expression: `${isMeant}{ const { close } = require("inspector");
      const later = (what) => setTimeout(what, 50).unref();
      later(() => later(close)); }`,
    includeCommandLineAPI: true,
    silent: true,
  };
}

async function sessionAt(urls: readonly string[], pid: number, signal: AbortSignal): Promise<HeapSession | undefined> {
  for (const url of urls) {
    const session = await HeapSession.open(url, ANSWER, signal).catch(() => undefined);
    if ((await session?.facts().catch(() => undefined))?.pid === pid) return session;
    await session?.close();
  }
  return undefined;
}

/** Addresses of its inspector; where the system does not tell ports, of whoever has the usual one. */
async function inspectorsOf(pid: number): Promise<string[]> {
  const places = (portsOf(pid) ?? [USUAL_PORT]).map((port) => `127.0.0.1:${port}`);
  const targets = await Promise.all(places.map((place) => debugTargets(place, 1000)));
  return targets.flatMap((each = []) => each.flatMap(({ webSocketDebuggerUrl: url }) => url ?? []));
}

/** A number that is no pid may be the port of an inspector. */
async function assertNoPort(pid: number): Promise<void> {
  const place = `127.0.0.1:${pid}`;
  if (isAlive(pid) || pid > 0xffff || (await debugTargets(place, 1000)) === undefined) return;
  throw new CaptureError(
    "not-found",
    `there is no process ${pid}, but an inspector on that port: leakdiff attach ${place}`,
  );
}

function assertExists(pid: number): void {
  try {
    if (pid === 0) throw new RangeError("0 is this process and all of its group");
    process.kill(pid, 0);
  } catch (error) {
    const isForeign = (error as NodeJS.ErrnoException).code === "EPERM";
    throw new CaptureError(
      "not-found",
      isForeign ? `process ${pid} belongs to another user` : `there is no process ${pid}`,
      { cause: error },
    );
  }
}

/** SIGUSR1 ends every program that does not expect it. */
function assertTakesSignal(pid: number): void {
  if (process.platform === "win32") return;
  const takes = process.platform === "linux" ? catchesSignal(pid) : isNode(pid);
  if (takes) return;
  throw new CaptureError(
    "no-inspector",
    `process ${pid} is no Node process that opens its inspector at SIGUSR1; the signal would end it. ` +
      "Start it with node --inspect and give the port: leakdiff attach 127.0.0.1:9229",
  );
}

function catchesSignal(pid: number): boolean {
  const caught = /^SigCgt:\s*([\da-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${caught}`) & SIGUSR1) !== 0n && isNode(pid);
}

function isNode(pid: number): boolean {
  try {
    const name =
      process.platform === "linux"
        ? readlinkSync(`/proc/${pid}/exe`)
        : execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" });
    return /node|electron/i.test(name.split("/").at(-1)!);
  } catch {
    return false;
  }
}
