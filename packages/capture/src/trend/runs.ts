import type { MemorySample } from "../memory-sample.js";

/** The samples of one process: positions `from` up to, not including, `to`. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Later than 1973 in milliseconds: a date. Smaller times count from a start. */
const DATES = 1e11;

/** Samples in the order of their dates, if they have any; a time that counts from a start says itself where it restarts. */
export function inOrder(samples: readonly MemorySample[]): readonly MemorySample[] {
  if (!samples.every(({ at }) => at !== undefined && at >= DATES)) return samples;
  return samples.toSorted((a, b) => a.at! - b.at!);
}

/** Splits samples where the log itself says that another process begins. */
export function runsOf(samples: readonly MemorySample[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let at = 1; at <= samples.length; at++) {
    if (at < samples.length && !isRestart(samples[at - 1]!, samples[at]!)) continue;
    runs.push({ from, to: at });
    from = at;
  }
  return runs;
}

function isRestart(before: MemorySample, after: MemorySample): boolean {
  return (
    before.process !== after.process ||
    isLess(after.requests, before.requests) ||
    isLess(after.cycle, before.cycle) ||
    (isLess(after.at, before.at) && after.at! < DATES)
  );
}

function isLess(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a < b;
}

/**
 * V8 collects garbage when the heap is some four times what was left of it the last time, and a young generation on top.
 * Measured: up to 4.4 times on Node 20 to 26. What is higher is no garbage that waits.
 */
export function outOfReach(peak: number, floor: number): boolean {
  return peak > 4.5 * floor + 64e6;
}

/**
 * Where a run falls so deep that V8 cannot have done it by collecting what was garbage before: a process that died and
 * was started again, if each part climbed to its fall. Positions of the first samples behind such falls.
 */
export function deepFalls(samples: readonly MemorySample[], { from, to }: Run, measure: string): number[] {
  // Who counts from the start of the process would have begun again.
  const { process, requests, cycle } = samples[from]!;
  if (process !== undefined || requests !== undefined || cycle !== undefined) return [];
  let lowest = Infinity;
  const found: number[] = [];
  for (let at = from + 1; at < to; at++) {
    const [before, after] = [samples[at - 1]!.heapUsed, samples[at]!.heapUsed];
    lowest = Math.min(lowest, before);
    const deep = measure === "rss" ? before > 2 * after && before - after > 32e6 : outOfReach(before, after);
    // A collection leaves what is alive; a new process starts about where the first one did.
    if (deep && after < 1.5 * lowest + 10e6) found.push(at);
  }
  return found;
}
