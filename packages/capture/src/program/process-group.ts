import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const WINDOWS = process.platform === "win32";
const GRACE = 3000;

/** Process groups of ours that may be alive; should this process end, they end with it. */
const groups = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of groups) killNow(child);
});

/**
 * Starts a program in a process group of its own: Ctrl-C in a terminal does not reach it, and all that it starts can be
 * ended together.
 */
export function spawnGroup(command: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, words, { ...options, detached: !WINDOWS, windowsHide: true });
  if (child.pid !== undefined) groups.add(child);
  return child;
}

/** Ends a group: asks first, and does not ask again after three seconds. Resolves when nobody of it is left. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (!groups.has(child)) return;
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  if (WINDOWS) {
    killNow(child);
    await gone;
  } else {
    signalGroup(child, "SIGTERM");
    await emptied(child, GRACE);
    if (signalGroup(child, "SIGKILL")) await emptied(child, GRACE);
    await gone;
  }
  groups.delete(child);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}

async function emptied(child: ChildProcess, patience: number): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    if (!signalGroup(child, 0)) return;
    await sleep(20);
  }
}

/** False if nobody of the group is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-child.pid!, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function killNow(child: ChildProcess): void {
  if (WINDOWS) spawnSync("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
  else signalGroup(child, "SIGKILL");
}
