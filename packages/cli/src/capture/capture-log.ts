import type { CaptureEvent, MemorySample, Trend } from "@leakdiff/capture";
import type { GraphLook } from "../render/graph.js";
import { verdictLines } from "../render/memory.js";
import { plainText } from "../render/plain-text.js";
import { bytes, counted } from "../render/units.js";
import { NO_BREAK_SPACE, shorten } from "../render/wrap.js";
import type { Output } from "../surroundings.js";
import { liveRegion } from "./live-region.js";

export interface CaptureLog {
  readonly show: (event: CaptureEvent) => void;
  /** Asks the user for something. */
  readonly ask: (text: string) => void;
  /** No more events will come: says what memory did, before anything reads a snapshot. */
  readonly judged: (trend: Trend) => void;
  /** Wipes what is only for the moment. */
  readonly stop: () => void;
}

const MOST_SAMPLES = 40;

/**
 * Tells how a run goes, a line for each thing that is done. On a screen memory is drawn below as it is measured, and
 * the last line tells what is being done. `judge` says what samples show.
 */
export function captureLog(
  stderr: Output,
  screen: boolean,
  look: GraphLook,
  judge: (samples: readonly MemorySample[]) => Trend,
): CaptureLog {
  const live = screen ? liveRegion(stderr, look, judge) : undefined;
  const say = (text: string) => {
    const line = text.replaceAll(NO_BREAK_SPACE, " ");
    if (live === undefined) stderr.write(`${line}\n`);
    else live.above(line);
  };
  let cycles = 0;
  let warmup = 0;

  function show(event: CaptureEvent): void {
    switch (event.kind) {
      case "started":
        say(`starting ${shorten(plainText(event.command.join(" ")), 60)} (pid ${event.pid})`);
        return live?.now("waiting until it is ready");
      case "ready": {
        cycles = event.cycles;
        live?.clear();
        const at = event.url === undefined ? "" : ` at ${plainText(event.url)}`;
        const who = event.pid === undefined ? "" : `: pid ${event.pid}`;
        const what = event.runtime === undefined ? "" : `, ${plainText(event.runtime)}`;
        return say(`${cycles === 0 ? "attached" : "ready"}${at}${who}${what}`);
      }
      case "heap":
        return say(`looking at ${plainText(event.name)}`);
      case "cycle":
        if (event.warmup) warmup = event.cycle;
        return live?.now(`${event.warmup ? "warm-up" : "load"}: cycle ${event.cycle} of ${event.cycles}`);
      case "sample":
        if (live !== undefined) return live.add(event.sample);
        if (isShown(event.sample, cycles)) say(sampleLine(event.sample, cycles, warmup));
        return;
      case "snapshot": {
        const { number, snapshots, file } = event;
        if (event.complete) {
          live?.mark();
          return say(`  snapshot ${number} of ${snapshots}    ${plainText(file)}, ${bytes(event.bytes)}`);
        }
        return live?.now(`snapshot ${number} of ${snapshots}: ${bytes(event.bytes)}`);
      }
      case "restart":
        return say(`${plainText(event.reason)}; it is started again with less load`);
      case "note":
        return say(`note: ${plainText(event.message)}`);
    }
  }

  function judged(trend: Trend): void {
    if (live !== undefined) return live.rest();
    for (const line of verdictLines(trend, look)) say(line);
  }

  return { show, ask: say, judged, stop: () => live?.clear() };
}

/** Of many cycles some. */
function isShown({ cycle = 0 }: MemorySample, cycles: number): boolean {
  return cycle % Math.ceil(cycles / MOST_SAMPLES || 1) === 0 || cycle === cycles;
}

function sampleLine(sample: MemorySample, cycles: number, warmup: number): string {
  const { cycle = 0, requests = 0, heapUsed, rss, collected } = sample;
  const before = cycles > 0 ? "before any load" : collected ? "after collection" : "";
  const what = cycle === 0 ? before : cycle <= warmup ? `warm-up ${cycle}` : `cycle ${cycle} of ${cycles}`;
  const memory = `heap ${bytes(heapUsed).padStart(9)}${rss === undefined ? "" : `  rss ${bytes(rss).padStart(9)}`}`;
  return `  ${what.padEnd(16)}  ${memory}  ${requests === 0 ? "" : counted(requests, "request")}`.trimEnd();
}
