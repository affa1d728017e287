import type { Capture, CaptureOptions } from "@leakdiff/capture";
import type { RunRequest } from "../args.js";
import type { Surroundings } from "../surroundings.js";
import { captureLog } from "./capture-log.js";

/** Runs the program of a request and tells on stderr how it goes. */
export async function takeSnapshots(request: RunRequest, around: Surroundings): Promise<Capture> {
  const { captureSnapshots } = around.capture ?? (await import("@leakdiff/capture"));
  const { url, readyText, readyTimeout, warmup, snapshots, cycles, gzip, restart, nearHeapLimit } = request;
  const log = captureLog(around.stderr);
  try {
    return await captureSnapshots(
      given({
        command: request.program,
        load: request.load,
        out: request.out ?? newFolder(around.now?.() ?? new Date()),
        url,
        readyText,
        readyTimeout,
        warmup,
        snapshots,
        cycles,
        gzip,
        restart,
        nearHeapLimit,
        signal: around.signal,
        onEvent: log.show,
      }),
    );
  } finally {
    log.stop();
  }
}

/** Leaves out what is undefined. */
function given(options: { [Name in keyof CaptureOptions]: CaptureOptions[Name] | undefined }): CaptureOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as CaptureOptions;
}

/** A name that sorts by time and that no earlier run has. */
function newFolder(now: Date): string {
  const time = now.toISOString().replace(/\..*/, "").replaceAll(":", "").replace("T", "-");
  return `leakdiff-${time}`;
}
