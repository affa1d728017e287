import type { CaptureEvent } from "./capture.js";
import { CaptureError } from "./capture-error.js";
import type { RequestOptions, Scenario } from "./load/load.js";
import { requestWords } from "./load/request-words.js";

/** What a cycle of load is: requests, a shell command, or a function (or the file of a module that exports one). */
export type LoadOptions = RequestOptions | { readonly command: string } | { readonly scenario: Scenario | string };

export interface CaptureOptions {
  /** The program and its words, as in `["node", "server.js"]`. */
  readonly command: readonly string[];
  readonly load: LoadOptions;
  /** Where the program listens, for a command or a scenario; found out unless given. */
  readonly url?: string;
  /**
   * Which of the program's Node processes is looked at: a pid, a part of its words, or "parent" for one that started others.
   * Unless given it is the one that listens.
   */
  readonly process?: string;
  /** Which of its worker threads: a number, or a part of its name or file. Unless given it is the main thread. */
  readonly worker?: string;
  /** Folder for the snapshots and logs; made if need be. One that has snapshots of an earlier capture is refused. */
  readonly out: string;
  /** True for a folder that nobody else has: if there is one of that name, a number follows it. */
  readonly newFolder?: boolean;
  /** 2 to 26; 3. */
  readonly snapshots?: number;
  /** Cycles of load between two snapshots; 5. */
  readonly cycles?: number;
  /** Cycles of load before the first snapshot; 3. */
  readonly warmup?: number;
  /** What the program prints when it is ready, or "" if it is at once; unless given it is when it listens. */
  readonly readyText?: string;
  /** Milliseconds until it is ready; 30,000. */
  readonly readyTimeout?: number;
  /** Write packed files. */
  readonly gzip?: boolean;
  /** If it dies of a full heap, start it again with less load, so that all snapshots lie before that point. */
  readonly restart?: boolean;
  /** Have V8 write a snapshot when the heap is nearly full; it is the last of the files. */
  readonly nearHeapLimit?: boolean;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the run; see `captureSnapshots`. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: CaptureEvent) => void;
}

/** Options with nothing left out. */
export interface Plan extends CaptureOptions {
  readonly snapshots: number;
  readonly cycles: number;
  readonly warmup: number;
  readonly readyTimeout: number;
  readonly event: (event: CaptureEvent) => void;
}

/** They are named by the letters. */
export const MOST_SNAPSHOTS = 26;

/** @throws CaptureError for an option that makes no sense */
export function planOf(options: CaptureOptions): Plan {
  const { snapshots = 3, cycles = 5, warmup = 3, readyTimeout = 30_000, onEvent = () => {} } = options;
  if (options.command.length === 0) throw new CaptureError("bad-option", "there is no program to run");
  if (options.url !== undefined && !isWhole(options.url)) {
    throw new CaptureError(
      "bad-option",
      `${options.url} does not tell where the program listens; give the whole address, or none, and it is found out`,
    );
  }
  whole("snapshots", snapshots, 2, MOST_SNAPSHOTS);
  whole("cycles", cycles, 1);
  whole("warmup", warmup, 0);
  if ("urls" in options.load) {
    const { urls, requests, connections } = options.load;
    if (urls.length === 0) throw new CaptureError("bad-option", "there is no address to send requests to");
    if (requests !== undefined) whole("requests", requests, 1);
    if (connections !== undefined) whole("connections", connections, 1);
    requestWords(options.load);
    const origins = new Set(urls.filter(isWhole).map((url) => new URL(url).origin));
    if (origins.size > 1) throw new CaptureError("bad-option", "all addresses must be of one server");
  }
  return { ...options, snapshots, cycles, warmup, readyTimeout, event: onEvent };
}

/** The address whose server must answer before the load begins; undefined if only the program knows it. */
export function knownUrl({ load, url }: CaptureOptions): URL | undefined {
  const known = url ?? ("urls" in load ? load.urls.find(isWhole) : undefined);
  return known === undefined ? undefined : new URL(known);
}

/** An address of which only the program knows the rest; undefined if there is none. */
export function unknownPath(options: CaptureOptions): string | undefined {
  return "urls" in options.load && knownUrl(options) === undefined ? options.load.urls[0] : undefined;
}

/** True for "http://…", false for "/path". @throws CaptureError for what is neither, also for "//another-host/path" */
export function isWhole(url: string): boolean {
  if (/^\/(?![/\\])/.test(url)) return false;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return true;
  const isShort = /^[\w.-]+:\d+(?:\/|$)/.test(url);
  const example = isShort
    ? `it needs a scheme, as in http://${url}`
    : "give one such as http://127.0.0.1:3000/page, or /page";
  throw new CaptureError("bad-option", `${url} is no address; ${example}`);
}

/** @throws CaptureError */
export function whole(name: string, value: number, least: number, most: number = Infinity): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `${least} or more` : `${least} to ${most}`;
  throw new CaptureError("bad-option", `${name} must be a whole number, ${range}; ${value} is none`);
}
