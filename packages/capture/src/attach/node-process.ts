import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "../capture-error.js";
import { HeapSession } from "../inspector/heap-session.js";
import { portsOf } from "../program/ports.js";
import { debugTargets } from "./debug-targets.js";

const USUAL_PORT = 9229;
const PATIENCE = 5000;
/** For an inspector that is there to answer. */
const ANSWER = 5000;
const UNDO = 1000;
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
  assertExists(pid);
  const open = await sessionWith(pid, signal);
  if (open !== undefined) return { session: open, opened: false };
  assertTakesSignal(pid);
  onSignal();
  // Sends SIGUSR1, and does the same on Windows, which has no signals.
  (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(50)) {
    if (signal.aborted) {
      await undo(pid);
      throw signal.reason;
    }
    const session = await sessionWith(pid, signal);
    if (session !== undefined) return { session, opened: true };
    assertExists(pid);
  }
  throw new CaptureError(
    "no-inspector",
    `process ${pid} opened no inspector within ${PATIENCE / 1000} s of SIGUSR1: ` +
      `perhaps another process has its port (${USUAL_PORT}), or it does something else at that signal`,
  );
}

/** What was asked for by SIGUSR1 is not wanted any more; a process that answers nothing keeps it. */
async function undo(pid: number): Promise<void> {
  const session = await sessionWith(pid, AbortSignal.timeout(UNDO));
  if (session === undefined) return;
  await closeInspector(session);
  await session.close();
}

/** Ends what SIGUSR1 began, once the session is closed. */
export async function closeInspector(session: HeapSession): Promise<void> {
  // Without waiting: it may be busy, and then does so when it has time.
  await session.connection.tell("Runtime.evaluate", {
    // It would wait for this session to end.
    expression: `{ const { close } = require("inspector"); setTimeout(close, 100).unref(); }`,
    includeCommandLineAPI: true,
    silent: true,
  });
}

async function sessionWith(pid: number, signal: AbortSignal): Promise<HeapSession | undefined> {
  const ports = portsOf(pid) ?? [USUAL_PORT];
  for (const port of ports) {
    for (const { webSocketDebuggerUrl: url } of (await debugTargets(`127.0.0.1:${port}`, 1000)) ?? []) {
      const session =
        url === undefined ? undefined : await HeapSession.open(url, ANSWER, signal).catch(() => undefined);
      if ((await session?.facts().catch(() => undefined))?.pid === pid) return session;
      await session?.close();
    }
  }
  return undefined;
}

function assertExists(pid: number): void {
  try {
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
