import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CaptureError } from "../capture-error.js";
import { endGroup, endMarked, isAlive, killMarked, marked, spawnGroup } from "./process-group.js";
import { ProgramOutput } from "./program-output.js";
import { guard } from "./watchdog.js";

/** How a process ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node process of the program, and its inspector's address. */
export interface Announcement {
  readonly pid: number;
  readonly parent: number;
  readonly url: string;
  /** What it runs, and that one's words: the file's whole path first. Empty for `node -e`. */
  readonly words: readonly string[];
  /** Its parent listens for it, and hands connections on. */
  readonly isClusterWorker: boolean;
}

/** A program that was started, with all the processes it started. */
export interface Program {
  readonly pid: number;
  readonly output: ProgramOutput;
  /** Settles when the first process ends; others may go on. */
  readonly ended: Promise<ProgramEnd>;
  /** The Node processes that announced themselves so far, in order of their pids' files. */
  announcements(): readonly Announcement[];
  /** Pids of those that live, the first one left out. */
  left(): readonly number[];
  /** Ends them all, also what went to a group of its own, and waits for it. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Further options for each Node process. */
  readonly nodeOptions?: readonly string[];
  /** File for what it prints. */
  readonly log: string;
}

const ANNOUNCE = fileURLToPath(new URL("../../preload/announce-inspector.cjs", import.meta.url));

/** Where the preloaded module is told which folder to write to; and what tells the program's processes from all others. */
const FOLDER = "LEAKDIFF_INSPECTORS";

/**
 * Starts a program whose Node processes all open an inspector, on loopback and ports of their own.
 * @throws CaptureError if there is no such program
 */
export async function startProgram(command: readonly string[], options: StartOptions): Promise<Program> {
  const [file = "", ...words] = command;
  const folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
  const mark = `${FOLDER}=${folder}`;
  const release = guard({ mark, folder });
  const forget = () => {
    rmSync(folder, { recursive: true, force: true });
    release();
  };
  const atExit = () => {
    killMarked(mark, "SIGKILL");
    forget();
  };
  process.once("exit", atExit);
  const child = spawnGroup(file, words, {
    cwd: options.cwd,
    // An open pipe: some servers end when their standard input does.
    stdio: ["pipe", "pipe", "pipe"],
    env: environment(options, folder),
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    process.off("exit", atExit);
    forget();
    throw new CaptureError("cannot-start", cannotStart(file, error as NodeJS.ErrnoException), { cause: error });
  }

  const output = new ProgramOutput(options.log);
  output.drain(child.stdout!);
  output.drain(child.stderr!);
  child.stdin!.on("error", () => {});
  const ended = endOf(child);
  const announcements = () => readdirSync(folder).flatMap((name) => read(join(folder, name)));
  return {
    pid: child.pid!,
    output,
    ended,
    announcements,
    left() {
      const announced = announcements().map(({ pid }) => pid);
      const living = announced.filter(isAlive).concat(marked(mark));
      return [...new Set(living)].filter((pid) => pid !== child.pid);
    },
    async stop() {
      await endGroup(child);
      await endMarked(mark);
      await output.end();
      process.off("exit", atExit);
      forget();
    },
  };
}

function environment({ env = process.env, nodeOptions = [] }: StartOptions, folder: string): NodeJS.ProcessEnv {
  const options = [
    env["NODE_OPTIONS"] ?? "",
    // Who may use this machine's loopback must not learn the inspector's secret address from it.
    "--inspect-publish-uid=stderr",
    ...nodeOptions,
    `--require ${quoted(ANNOUNCE)}`,
  ];
  return { ...env, [FOLDER]: folder, NODE_OPTIONS: options.filter((option) => option !== "").join(" ") };
}

function endOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    // What it printed last may still be on its way when it exits; a process it left behind may keep the pipes open.
    child.once("exit", (code, signal) => {
      const wait = setTimeout(() => resolve({ code, signal }), 1000);
      child.once("close", () => {
        clearTimeout(wait);
        resolve({ code, signal });
      });
    });
  });
}

function read(file: string): readonly Announcement[] {
  // One that is being written still ends in ".part".
  return file.endsWith(".json") ? [JSON.parse(readFileSync(file, "utf8")) as Announcement] : [];
}

/** As NODE_OPTIONS wants it. */
export function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** What whoever gives a script for a program forgot. */
function byNode(file: string): string {
  return /\.[cm]?[jt]s$/.test(file) ? `; put node in front to run a script: node ${file}` : "";
}

function cannotStart(file: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
      return `there is no program ${file}${/\s/.test(file) ? "; give its words one by one, without quotes around them all" : byNode(file)}`;
    case "EACCES":
      return `${file} must not be executed${byNode(file)}`;
    default:
      return `${basename(file)} cannot be started: ${error.message}`;
  }
}
