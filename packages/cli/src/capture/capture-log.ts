import type { CaptureEvent } from "@leakdiff/capture";
import { plainText } from "../render/plain-text.js";
import { bytes, counted } from "../render/units.js";
import { NO_BREAK_SPACE, shorten } from "../render/wrap.js";
import type { Output } from "../surroundings.js";

export interface CaptureLog {
  readonly show: (event: CaptureEvent) => void;
  /** Wipes what is only for the moment. */
  readonly stop: () => void;
}

const MOST_SAMPLES = 40;

/** Tells how a run goes, a line for each thing that is done. On a terminal the last line tells what is being done. */
export function captureLog(stderr: Output): CaptureLog {
  const line = stderr.isTTY ? momentLine(stderr) : undefined;
  const say = (text: string) => {
    line?.wipe();
    stderr.write(`${text.replaceAll(NO_BREAK_SPACE, " ")}\n`);
  };
  let cycles = 0;
  let warmup = 0;

  function show(event: CaptureEvent): void {
    switch (event.kind) {
      case "started":
        say(`starting ${shorten(plainText(event.command.join(" ")), 60)} (pid ${event.pid})`);
        return line?.show("waiting until it is ready");
      case "ready": {
        cycles = event.cycles;
        const at = event.url === undefined ? "" : ` at ${plainText(event.url)}`;
        return say(`ready${at}: pid ${event.pid}, Node ${plainText(event.version.replace(/^v/, ""))}`);
      }
      case "cycle":
        if (event.warmup) warmup = event.cycle;
        return line?.show(`${event.warmup ? "warm-up" : "load"}, cycle ${event.cycle} of ${event.cycles}`);
      case "sample": {
        const { cycle = 0, requests = 0, heapUsed, rss } = event.sample;
        if (cycle % Math.ceil(cycles / MOST_SAMPLES || 1) !== 0 && cycle !== cycles) return;
        const what =
          cycle === 0 ? "before any load" : cycle <= warmup ? `warm-up ${cycle}` : `cycle ${cycle} of ${cycles}`;
        const memory = `heap ${bytes(heapUsed).padStart(9)}${rss === undefined ? "" : `  rss ${bytes(rss).padStart(9)}`}`;
        return say(`  ${what.padEnd(16)}  ${memory}  ${requests === 0 ? "" : counted(requests, "request")}`.trimEnd());
      }
      case "snapshot": {
        const { number, snapshots, file } = event;
        if (event.complete)
          return say(`  snapshot ${number} of ${snapshots}    ${plainText(file)}, ${bytes(event.bytes)}`);
        return line?.show(`snapshot ${number} of ${snapshots}: ${bytes(event.bytes)}`);
      }
      case "restart":
        return say(`${plainText(event.reason)}; it is started again with less load`);
      case "note":
        return say(`note: ${plainText(event.message)}`);
    }
  }
  return { show, stop: () => line?.wipe() };
}

/** A line that is drawn over and over. */
function momentLine(terminal: Output): { show(text: string): undefined; wipe(): void } {
  let drawn = false;
  return {
    show(text) {
      const columns = Math.max(20, (terminal.columns ?? 80) - 1);
      terminal.write(`\r${shorten(text.replaceAll(NO_BREAK_SPACE, " "), columns)}\u001b[K`);
      drawn = true;
    },
    wipe() {
      if (drawn) terminal.write("\r\u001b[K");
      drawn = false;
    },
  };
}
