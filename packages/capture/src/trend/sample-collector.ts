import type { MemorySample } from "../memory-sample.js";
import type { Reading } from "./reading.js";

/** What the numbers of a log are: V8's heap in use, the resident set, or memory of a kind that the log does not say. */
export type Measure = "heapUsed" | "rss" | "memory";

/** The samples of one process, or of one after the other. */
export interface Series {
  /** What tells it from others in the log; "" if there is only one. */
  readonly name: string;
  readonly measure: Measure;
  readonly samples: readonly MemorySample[];
}

const MOST_SERIES = 1000;

/**
 * Gathers readings, in bounded memory: of a log with more than `most` of them, lows and highs are kept and what lies
 * between is dropped.
 */
export class SampleCollector {
  private readonly most: number;
  private readonly series = new Map<string, Reading[]>();
  private count = 0;
  /** Every so many readings were made into two. */
  thinned = 1;

  constructor(most: number = 1 << 18) {
    this.most = most;
  }

  readonly add = (reading: Reading): void => {
    if (!isPlausible(reading)) return;
    const name = reading.series ?? "";
    let readings = this.series.get(name);
    if (readings === undefined) {
      if (this.series.size >= MOST_SERIES) return;
      this.series.set(name, (readings = []));
    }
    readings.push(reading);
    if (++this.count > this.most) this.thin();
  };

  /** All series, the one with most samples first. */
  finish(): Series[] {
    return [...this.series]
      .flatMap(([name, readings]) => byProcess(name, readings))
      .map(([name, readings]) => toSeries(name, readings))
      .filter(({ samples }) => samples.length > 0)
      .sort((a, b) => b.samples.length - a.samples.length);
  }

  private thin(): void {
    this.thinned *= 2;
    this.count = 0;
    for (const [name, readings] of this.series) {
      const kept = lowsAndHighs(readings);
      this.series.set(name, kept);
      this.count += kept.length;
    }
    // Many series of few readings each: nothing can be dropped from one without losing it.
    if (this.count > this.most / 1.5) this.series.clear();
  }
}

/** No process has so much memory, and no log so much of anything. */
function isPlausible(reading: Reading): boolean {
  const { heapUsed, memory, rss, at = 0, requests = 0, cycle = 0 } = reading;
  const sizes = [heapUsed, memory, rss].filter((size) => size !== undefined);
  return (
    sizes.length > 0 &&
    [...sizes, at, requests, cycle].every((number) => number >= 0 && number <= Number.MAX_SAFE_INTEGER)
  );
}

function valueOf(reading: Reading): number | undefined {
  return reading.heapUsed ?? reading.memory ?? reading.rss;
}

/** Of each four readings of one kind the lowest and the highest, in their order. */
function lowsAndHighs(readings: readonly Reading[]): Reading[] {
  const keep = new Uint8Array(readings.length);
  for (const collected of [true, false]) {
    let group: number[] = [];
    const close = () => {
      if (group.length === 0) return;
      const values = group.map((at) => valueOf(readings[at]!)!);
      keep[group[values.indexOf(Math.min(...values))]!] = 1;
      keep[group[values.indexOf(Math.max(...values))]!] = 1;
      group = [];
    };
    for (const [at, reading] of readings.entries()) {
      if ((reading.collected === true) !== collected) continue;
      if (group.length > 0 && readings[group[0]!]!.process !== reading.process) close();
      group.push(at);
      if (group.length === 4) close();
    }
    close();
  }
  return readings.filter((_, at) => keep[at] === 1);
}

/** A process that comes back after another one runs beside it; one that does not was restarted. */
function byProcess(name: string, readings: readonly Reading[]): [string, readonly Reading[]][] {
  const processes = new Map<number, Reading[]>();
  let changes = 0;
  let last: number | undefined;
  for (const reading of readings) {
    const process = reading.process ?? -1;
    if (last !== undefined && process !== last) changes++;
    last = process;
    const own = processes.get(process);
    if (own !== undefined) own.push(reading);
    else if (processes.size < MOST_SERIES) processes.set(process, [reading]);
  }
  if (changes < processes.size) return [[name, readings]];
  return [...processes].map(([process, own]) => [[name, `process ${process}`].filter(Boolean).join(" "), own]);
}

function toSeries(name: string, readings: readonly Reading[]): Series {
  const measure = readings.some(({ heapUsed }) => heapUsed !== undefined)
    ? "heapUsed"
    : readings.some(({ memory }) => memory !== undefined)
      ? "memory"
      : "rss";
  const samples = readings.flatMap((reading) => {
    const heapUsed = reading[measure];
    if (heapUsed === undefined) return [];
    const sample = { ...reading, heapUsed };
    delete sample.memory;
    delete sample.series;
    return [sample];
  });
  return { name, measure, samples };
}
