import { amountAt, amountsWithUnit } from "./amounts.js";
import type { AssumedUnit } from "./assumed-unit.js";
import type { LogClock } from "./moments.js";
import type { LineReader, Reading, Sink } from "./reading.js";

/** How the lines of a log tell memory, best first. */
export type TextForm = "labelled" | "labelled-rss" | "used-of-limit" | "memory-unit" | "unit" | "number";

const HEAP_USED = /heap[\s_.-]?used|used[\s_.-]?(?:js[\s_.-]?)?heap/i;
const RSS = /(?<![a-z])rss(?![a-z])|resident[\s_.-]?set/i;
const EXTERNAL = /(?<![a-z])external(?![a-z])/i;
const LIMIT = /heap[\s_.-]?(?:size[\s_.-]?)?limit/i;
const MAY_TELL = /heap|rss|resident/i;
const LABELS = [
  [HEAP_USED, "heapUsed"],
  [RSS, "rss"],
  [EXTERNAL, "external"],
  [LIMIT, "heapLimit"],
] as const;
const MEMORY = /(?<![a-z])(?:heap|mem|memory)(?![a-z])/i;
/** `33.2MiB / 512MiB`, as docker stats writes it. */
const OF_LIMIT = /^\s*\/\s*$/;
const BARE = /^\s*"?(\d+(?:\.\d+)?)"?\s*,?\s*$/;
const REQUESTS =
  /(?<![a-z])(?:requests?|reqs?)(?:[\s_.-]?(?:count|served|total))?["']?\s*[:=#]?\s*(\d{1,15})(?![\d.])/i;
/** What a process says when it begins. */
const STARTED = /(?<![a-z])listening (?:on|at)(?![a-z])|\bserver (?:started|is running|running)\b|\bstarted server\b/i;
/** Quick to rule out, as it is for nearly all lines. */
const MAY_RESTART = /listening|server|out of memory|OOMKilled/i;
const DIED = /heap out of memory|OOMKilled|Out of memory: Killed/i;

/** The form that a line has; `undefined` if it tells no memory. */
export function textFormOf(line: string): TextForm | undefined {
  if (labelled(line, HEAP_USED) !== undefined) return "labelled";
  if (labelled(line, RSS) !== undefined) return "labelled-rss";
  const amounts = amountsWithUnit(line);
  if (usedOfLimit(line, amounts) !== undefined) return "used-of-limit";
  if (amounts.length > 0) return MEMORY.test(line) ? "memory-unit" : "unit";
  return BARE.test(line) ? "number" : undefined;
}

/** Logs for people: words around a size, or what `console.log(process.memoryUsage())` prints, on one line or several. */
export class TextLogReader implements LineReader {
  private readonly sink: Sink;
  private readonly form: TextForm;
  private readonly clock: LogClock;
  private readonly unit: AssumedUnit;
  /** The object that is being printed over several lines. */
  private open: Reading | undefined;
  private at: number | undefined;
  private starts = 0;
  private told = 0;

  constructor(sink: Sink, form: TextForm, clock: LogClock, unit: AssumedUnit) {
    this.sink = sink;
    this.form = form;
    this.clock = clock;
    this.unit = unit;
  }

  read(line: string): void {
    // A program that is listening before its first size has not been restarted.
    if (MAY_RESTART.test(line) && (DIED.test(line) || (STARTED.test(line) && this.told > 0))) {
      this.starts++;
      this.told = 0;
    }
    const at = this.clock.inLine(line);
    if (at !== undefined) this.at = at;
    if (this.form === "labelled" || this.form === "labelled-rss") this.readLabelled(line);
    else this.readSize(line);
  }

  end(): void {
    this.close();
  }

  private readLabelled(line: string): void {
    const opens = line.lastIndexOf("{");
    const closes = line.indexOf("}");
    if (opens !== -1 && line.indexOf("}", opens) === -1) {
      this.close();
      this.open = {};
    }
    const reading = this.open ?? {};
    let told = false;
    // Nearly all lines of most logs are about something else.
    if (this.open === undefined && !MAY_TELL.test(line)) return;
    for (const [label, field] of LABELS) {
      const amount = labelled(line, label);
      if (amount === undefined) continue;
      // Another object without a brace in between.
      if (reading === this.open && reading[field] !== undefined && field === "heapUsed") continue;
      reading[field] = amount.bytes ?? this.unit.toBytes(amount.number, field !== "external");
      told = true;
    }
    this.addLoad(reading, line);
    if (this.open !== undefined) {
      if (closes !== -1) this.close();
    } else if (told) {
      this.give(reading);
    }
  }

  private close(): void {
    const reading = this.open;
    this.open = undefined;
    if (reading !== undefined) this.give(reading);
  }

  private readSize(line: string): void {
    const reading: Reading = {};
    if (this.form === "number") {
      const match = BARE.exec(line);
      if (match === null) return;
      reading.memory = this.unit.toBytes(Number(match[1]), true);
    } else {
      const amounts = amountsWithUnit(line);
      const [first] = amounts;
      if (first === undefined || (this.form === "memory-unit" && !MEMORY.test(line))) return;
      const of = usedOfLimit(line, amounts);
      if (this.form === "used-of-limit") {
        if (of === undefined) return;
        reading.rss = of.used;
        reading.heapLimit = of.limit;
        reading.series = /^\s*([0-9a-f]{12}\s+\S+)/.exec(line)?.[1] ?? "";
      } else {
        reading.memory = first.bytes;
      }
    }
    this.addLoad(reading, line);
    this.give(reading);
  }

  private addLoad(reading: Reading, line: string): void {
    const requests = REQUESTS.exec(line);
    if (requests !== null) reading.requests = Number(requests[1]);
  }

  private give(reading: Reading): void {
    if (this.form === "labelled" && reading.heapUsed === undefined) return;
    if (this.form === "labelled-rss" && reading.rss === undefined) return;
    if (this.at !== undefined) reading.at = this.at;
    if (this.starts > 0) reading.process = this.starts;
    this.told++;
    this.sink(reading);
  }
}

/** The amount that follows a label, at once or behind "is", "=", ":" and the like. */
function labelled(
  line: string,
  label: RegExp,
): { readonly number: number; readonly bytes: number | undefined } | undefined {
  const match = label.exec(line);
  if (match === null) return undefined;
  const behind = line.slice(match.index + match[0].length, match.index + match[0].length + 60);
  const between = /^(?:[\s_-]?(?:size|memory|bytes|after gc|now|is|was|at|of))*["'\])\s:=>|~-]*/i.exec(behind)![0];
  return amountAt(behind.slice(between.length));
}

function usedOfLimit(
  line: string,
  amounts: readonly { readonly bytes: number; readonly index: number; readonly end: number }[],
): { readonly used: number; readonly limit: number } | undefined {
  for (let i = 0; i + 1 < amounts.length; i++) {
    const [used, limit] = [amounts[i]!, amounts[i + 1]!];
    if (OF_LIMIT.test(line.slice(used.end, limit.index)) && limit.bytes > 0)
      return { used: used.bytes, limit: limit.bytes };
  }
  return undefined;
}
