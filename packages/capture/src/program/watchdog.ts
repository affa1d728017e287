import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

/** What must not outlive this process. */
export interface Guarded {
  /** Number of a process group; on Windows the pid of the first process. */
  readonly group?: number;
  /** Text in the environment of processes that may have left their group. */
  readonly mark?: string;
  readonly folder?: string;
}

const MAIN = fileURLToPath(new URL("watchdog-main.js", import.meta.url));

const guarded = new Set<Guarded>();
let watchdog: ChildProcess | undefined;

/**
 * Has something ended and removed if this process goes without doing so: by a signal, by a crash, or killed. None of
 * these it could hear of itself, unless it handled signals, and how it does that is for whoever uses this library to say.
 * Hence a process beside it, as long as there is anything to guard, that waits for the end of a pipe.
 *
 * Returns what ends it.
 */
export function guard(what: Guarded): () => void {
  guarded.add(what);
  tell();
  return () => {
    if (guarded.delete(what)) tell();
  };
}

function tell(): void {
  const line = `${JSON.stringify([...guarded])}\n`;
  if (guarded.size > 0) {
    watchdog ??= start();
    watchdog.stdin!.write(line);
  } else {
    watchdog?.stdin!.end(line);
    watchdog = undefined;
  }
}

function start(): ChildProcess {
  const child = spawn(process.execPath, [MAIN], {
    // Ctrl-C in a terminal is not for it, and options of this Node are not, nor is it a part of any program.
    detached: true,
    windowsHide: true,
    cwd: tmpdir(),
    env: { ...process.env, NODE_OPTIONS: "", LEAKDIFF_INSPECTORS: "", ELECTRON_RUN_AS_NODE: "1" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without it all that is lost is what it would have done.
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
