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

const MOST_PROCESSES = 1000;

/** What one process of one series told. */
interface Told {
  readonly series: string;
  /** Which reading of all was its first, and which its last. */
  readonly first: number;
  last: number;
  kept: Reading[];
  /** The next ones, of which the lowest and the highest will be kept. */
  waiting: Reading[];
}

/**
 * Gathers readings, in bounded memory: of a log with more than `most` of them, lows and highs are kept and what lies
 * between is dropped, evenly over all of it.
 */
export class SampleCollector {
  private readonly most: number;
  private readonly processes = new Map<string, Told>();
  private read = 0;
  private count = 0;
  /** Of so many readings two are kept. */
  private group = 2;

  constructor(most: number = 1 << 18) {
    this.most = most;
  }

  readonly add = (reading: Reading): void => {
    if (!isPlausible(reading)) return;
    const { series = "", process = "" } = reading;
    const key = `${process} ${series}`;
    let told = this.processes.get(key);
    if (told === undefined) {
      if (this.processes.size >= MOST_PROCESSES) return;
      this.processes.set(key, (told = { series, first: this.read, last: this.read, kept: [], waiting: [] }));
    }
    told.last = this.read++;
    if (this.group === 2) {
      told.kept.push(reading);
      this.count++;
    } else if (told.waiting.push(reading) === this.group) {
      this.count += settle(told, this.group);
    }
    if (this.count > this.most) this.thin();
  };

  /** All series, the one with most samples first. */
  finish(): Series[] {
    const series = new Map<string, Told[]>();
    for (const told of this.processes.values()) {
      settle(told, this.group);
      series.set(told.series, [...(series.get(told.series) ?? []), told]);
    }
    return [...series]
      .flatMap(([name, processes]) => byProcess(name, processes))
      .map(([name, readings]) => toSeries(name, readings))
      .filter(({ samples }) => samples.length > 0)
      .sort((a, b) => b.samples.length - a.samples.length);
  }

  private thin(): void {
    this.group *= 2;
    this.count = 0;
    for (const told of this.processes.values()) {
      // What is kept came in twos already.
      told.kept = lowsAndHighs(told.kept, 4);
      this.count += told.kept.length;
    }
  }
}

/** Moves what waits to what is kept, and says how much that is. */
function settle(told: Told, group: number): number {
  const kept = lowsAndHighs(told.waiting, group);
  told.kept.push(...kept);
  told.waiting = [];
  return kept.length;
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

/** Of each group of readings of one kind the lowest and the highest, in their order. */
function lowsAndHighs(readings: readonly Reading[], size: number): Reading[] {
  const keep = new Uint8Array(readings.length);
  for (const collected of [true, false]) {
    let [low, high, count] = [-1, -1, 0];
    const close = () => {
      if (count > 0) keep[low] = keep[high] = 1;
      [low, high, count] = [-1, -1, 0];
    };
    for (const [at, reading] of readings.entries()) {
      if ((reading.collected === true) !== collected) continue;
      const value = valueOf(reading)!;
      if (count === 0 || value < valueOf(readings[low]!)!) low = at;
      if (count === 0 || value > valueOf(readings[high]!)!) high = at;
      if (++count === size) close();
    }
    close();
  }
  return readings.filter((_, at) => keep[at] === 1);
}

/** A process that has gone before the next one comes was restarted; one that has not runs beside it. */
function byProcess(name: string, processes: readonly Told[]): [string, readonly Reading[]][] {
  const inTurn = processes.toSorted((a, b) => a.first - b.first);
  const beside = inTurn.some((told, at) => at > 0 && inTurn[at - 1]!.last > told.first);
  if (!beside) return [[name, inTurn.flatMap(({ kept }) => kept)]];
  return inTurn.map(({ kept }) => {
    const process = kept[0]?.process;
    return [[name, process === undefined ? "" : `process ${process}`].filter(Boolean).join(" "), kept];
  });
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
