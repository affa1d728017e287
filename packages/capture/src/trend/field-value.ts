import { amountAt, unitInName, wholeAmount } from "./amounts.js";
import type { AssumedUnit } from "./assumed-unit.js";
import type { LogClock } from "./moments.js";
import { type FieldKind, kindOfField, type Reading } from "./reading.js";

/** Turns named values, as columns and JSON have them, into parts of a reading. */
export class FieldValues {
  private readonly clock: LogClock;
  private readonly unit: AssumedUnit;

  constructor(clock: LogClock, unit: AssumedUnit) {
    this.clock = clock;
    this.unit = unit;
  }

  /** Puts `value` into `reading` if its name is one that we know; false if it is no value of that kind. */
  put(reading: Reading, name: string, value: unknown, kind: FieldKind | undefined = kindOfField(name)): boolean {
    if (kind === undefined || value === null || value === undefined || value === "") return true;
    const number =
      kind === "at"
        ? this.time(name, value)
        : isMemory(kind)
          ? this.bytes(name, value, kind !== "external")
          : plain(value);
    if (number === undefined || !(number >= 0)) return false;
    reading[kind] ??= number;
    return true;
  }

  private time(name: string, value: unknown): number | undefined {
    const moment = this.clock.inField(value);
    // Small numbers are no dates, but count from a start: in seconds, unless the name speaks of milliseconds.
    const counts = moment !== undefined && moment < 1e8 && /^(?:[\d.]+|)$/.test(String(value).trim());
    return counts && !/^(?:at|.*ms|.*msec|.*millis.*|timestamp)$/i.test(name) ? moment * 1000 : moment;
  }

  private bytes(name: string, value: unknown, decides: boolean): number | undefined {
    const text = typeof value === "string" ? value : undefined;
    const amount = text === undefined ? undefined : (wholeAmount(text) ?? amountAt(text));
    const number = typeof value === "number" ? value : amount?.number;
    if (number === undefined || !Number.isFinite(number)) return undefined;
    if (amount?.bytes !== undefined) return amount.bytes;
    const unit = unitInName(name);
    return unit === undefined ? this.unit.toBytes(number, decides) : Math.round(number * unit);
  }
}

function isMemory(kind: FieldKind): boolean {
  return kind === "heapUsed" || kind === "memory" || kind === "rss" || kind === "external" || kind === "heapLimit";
}

function plain(value: unknown): number | undefined {
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
