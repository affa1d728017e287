import type { FieldValues } from "./field-value.js";
import { kindOfField, type LineReader, type Reading, type Sink } from "./reading.js";

/** Loggers wrap what they are given a few times, no more. */
const DEEPEST = 6;
const MOST_KEYS = 2000;

/** Lines of JSON, as pino, winston and bunyan write them; words may stand in front of the brace. */
export class JsonLinesReader implements LineReader {
  private readonly sink: Sink;
  private readonly values: FieldValues;

  constructor(sink: Sink, values: FieldValues) {
    this.sink = sink;
    this.values = values;
  }

  read(line: string): void {
    const value = jsonIn(line);
    if (value === undefined) return;
    for (const each of Array.isArray(value) ? value : [value]) {
      const reading = readingIn(each, this.values);
      if (reading !== undefined) this.sink(reading);
    }
  }
}

/** The object or list that begins in this line and ends with it. */
export function jsonIn(line: string): unknown {
  const start = line.search(/[[{]/);
  if (start === -1 || !/[\]}]\s*,?\s*$/.test(line)) return undefined;
  for (const from of line[start] === "[" ? [start, line.indexOf("{", start)] : [start]) {
    if (from === -1) continue;
    try {
      return JSON.parse(line.slice(from).replace(/,\s*$/, ""));
    } catch {
      // `[12:03:04] {...}` opens a bracket that is no list.
    }
  }
  return undefined;
}

/** What an object tells of memory, in itself and in what it holds; `undefined` if nothing. */
export function readingIn(value: unknown, values: FieldValues): Reading | undefined {
  const reading: Reading = {};
  let keys = 0;
  let level: unknown[] = [value];
  // Outer levels first: a logger's own time comes before one that the program wrote down.
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const below: unknown[] = [];
    for (const each of level) {
      if (typeof each !== "object" || each === null) continue;
      for (const [name, field] of Object.entries(each)) {
        if (++keys > MOST_KEYS) return finished(reading);
        if (typeof field === "object") below.push(field);
        else if (name === "collected" && field === true) reading.collected = true;
        else if (depth === 0 || kindOfField(name) !== "memory") values.put(reading, name, field);
      }
    }
    level = below;
  }
  return finished(reading);
}

function finished(reading: Reading): Reading | undefined {
  return reading.heapUsed === undefined && reading.rss === undefined && reading.memory === undefined
    ? undefined
    : reading;
}
