import { readFile } from "node:fs/promises";
import { createInterface, type Interface } from "node:readline";
import type { AttachOptions, Capture, CaptureError, CaptureOptions, LoadOptions, Trend } from "@leakdiff/capture";
import type { AttachRequest, RunRequest } from "../args.js";
import { isScreen, standardInput, type Surroundings } from "../surroundings.js";
import { renderMemory } from "../render/memory.js";
import { wantsAscii, wantsColor } from "../render/style.js";
import { type CaptureLog, captureLog } from "./capture-log.js";

/** Snapshots, and what memory did while they were taken. */
export interface Taken {
  readonly capture: Capture;
  readonly trend: Trend;
  /** Wipes what was drawn for as long as there is no report. */
  readonly clear: () => void;
}

/** Takes the snapshots of a request, and tells on stderr how it goes and, at its end, what memory did. */
export async function takeSnapshots(
  request: RunRequest | AttachRequest,
  columns: number,
  around: Surroundings,
): Promise<Taken> {
  const { stderr, env } = around;
  const { trend } = around.capture ?? (await import("@leakdiff/capture"));
  const ascii = wantsAscii(env);
  const look = { columns, ascii, color: wantsColor(request.noColor, env, stderr.isTTY === true) };
  const log = captureLog(stderr, isScreen(stderr, env), look, trend);
  try {
    const capture = await captured(request, log, around);
    const found = trend(capture.samples);
    log.judged(found);
    // The report draws it again; where that goes elsewhere, this one stays.
    return { capture, trend: found, clear: around.stdout.isTTY ? log.stop : () => {} };
  } catch (error) {
    log.stop();
    // What grew until it died is half of the answer.
    const { capture } = error as Partial<CaptureError>;
    if (capture !== undefined) stderr.write(renderMemory(capture, trend(capture.samples), null, look));
    throw error;
  }
}

async function captured(request: RunRequest | AttachRequest, log: CaptureLog, around: Surroundings): Promise<Capture> {
  const { attach, captureSnapshots } = around.capture ?? (await import("@leakdiff/capture"));
  const { signal } = around;
  // Two may begin in the same second.
  const newFolder = request.out === undefined || undefined;
  const out = request.out ?? folderOf(around.now?.() ?? new Date());
  if (request.command === "attach") {
    const enter = atEnter(around, log.ask);
    const { target, page, worker, snapshots, gzip, force, every } = request;
    const next = every ?? enter.next;
    const asked = { target, page, worker, snapshots, gzip, force, next, out, newFolder, signal, onEvent: log.show };
    return attach(given<AttachOptions>(asked)).finally(() => enter.close());
  }
  const load = await withFile(request.load);
  const { program: command, url, readyText, readyTimeout, warmup, snapshots, cycles } = request;
  const { gzip, restart, nearHeapLimit, process, worker } = request;
  const asked = {
    command,
    load,
    url,
    readyText,
    readyTimeout,
    warmup,
    snapshots,
    cycles,
    gzip,
    restart,
    nearHeapLimit,
    process,
    worker,
  };
  return captureSnapshots(given<CaptureOptions>({ ...asked, out, newFolder, signal, onEvent: log.show }));
}

/** A body that begins with @ is what is in that file. */
async function withFile(load: LoadOptions): Promise<LoadOptions> {
  if (!("urls" in load) || typeof load.body !== "string" || !load.body.startsWith("@")) return load;
  const file = load.body.slice(1);
  try {
    return { ...load, body: await readFile(file) };
  } catch (error) {
    const { CaptureError } = await import("@leakdiff/capture");
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw new CaptureError("bad-option", `the body ${file} cannot be read: ${why}`, { cause: error });
  }
}

/** Resolves each time the user presses Enter, also if that was done before it was asked for. */
function atEnter(around: Surroundings, ask: (text: string) => void): Enter {
  let lines: Interface | undefined;
  let pressed: AsyncIterator<string> | undefined;
  async function next(snapshot: number, signal: AbortSignal): Promise<void> {
    const { CaptureError } = await import("@leakdiff/capture");
    lines ??= createInterface({ input: standardInput(around) });
    pressed ??= lines[Symbol.asyncIterator]();
    ask(`press Enter for snapshot ${snapshot}`);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    const { done } = await Promise.race([pressed.next(), aborted]);
    if (!done) return;
    throw new CaptureError(
      "bad-option",
      "nobody can press Enter, as standard input has ended; give the time with --every",
    );
  }
  return { next, close: () => lines?.close() };
}

interface Enter {
  readonly next: (snapshot: number, signal: AbortSignal) => Promise<void>;
  close(): void;
}

/** Leaves out what is undefined. */
function given<Options>(options: { [Name in keyof Options]: Options[Name] | undefined }): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

/** A name that sorts by time. */
function folderOf(now: Date): string {
  const time = now.toISOString().replace(/\..*/, "").replaceAll(":", "").replace("T", "-");
  return `leakdiff-${time}`;
}
