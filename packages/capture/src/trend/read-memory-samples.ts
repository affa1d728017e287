import type { MemorySample } from "../memory-sample.js";
import { AssumedUnit } from "./assumed-unit.js";
import { FieldValues } from "./field-value.js";
import { linesOf, logText, type LogSource } from "./log-lines.js";
import { MemoryLogError, quoted } from "./memory-log-error.js";
import { LogClock } from "./moments.js";
import { CsvReader, tableFormOf } from "./read-csv.js";
import { GcTraceReader, isGcTrace } from "./read-gc-trace.js";
import { jsonIn, JsonLinesReader, readingIn } from "./read-json-lines.js";
import { isPrometheusText, PrometheusTextReader, readPrometheusJson } from "./read-prometheus.js";
import { textFormOf, type TextForm, TextLogReader } from "./read-text-log.js";
import type { LineReader } from "./reading.js";
import { inOrder } from "./runs.js";
import { type Measure, SampleCollector } from "./sample-collector.js";

/** What a log was found to be. */
export type LogForm = "gc-trace" | "json-lines" | "table" | "text" | "prometheus" | "prometheus-json";

/** The samples of one log, and how they were understood. */
export interface MemoryLog {
  readonly form: LogForm;
  /** What `heapUsed` of the samples is in this log. */
  readonly measure: Measure;
  /** By their dates, if all of them have one; else as they came. */
  readonly samples: readonly MemorySample[];
  /** Which of several series these samples are; "" if the log has one. */
  readonly series: string;
  /** The series that were left out. */
  readonly otherSeries: readonly string[];
  /** Sizes stood there without a unit and were taken for this one. */
  readonly assumedUnit?: "kB" | "MB";
}

export interface ReadOptions {
  /** What messages call the log. */
  readonly file?: string;
  /** Part of the name of the series to take, where there are several; otherwise the longest. */
  readonly series?: string;
  readonly signal?: AbortSignal;
}

const HEAD = 1 << 16;
const BATCH = 500;
const LONGEST_JSON = 400e6;
const STRENGTH: readonly TextForm[] = ["labelled", "labelled-rss", "used-of-limit", "memory-unit", "unit", "number"];
const WHAT_IT_READS =
  "leakdiff trend reads logs with sizes such as heapUsed 33.2 MB, process.memoryUsage(), JSON lines, CSV, --trace-gc and Prometheus";

/**
 * Reads what programs and monitoring write down of memory; the form is found out from the content. Streams, so that the
 * log may be of any size, and unpacks gzip.
 *
 * @throws {MemoryLogError} if the log tells no memory, is damaged, or has no series of that name.
 */
export async function readMemorySamples(source: LogSource, options: ReadOptions = {}): Promise<MemoryLog> {
  const { file = "the log", signal } = options;
  const pieces = logText(source);
  const unit = new AssumedUnit();
  const collector = new SampleCollector();
  const log = { file, unit, collector };
  let form: LogForm;
  try {
    let head = "";
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      signal?.throwIfAborted();
      head += next.value;
      if (head.length >= HEAD) break;
    }
    refuse(file, head);
    form = isJsonDocument(head)
      ? await readDocument(head, pieces, log)
      : await readLines(linesOf(joined(head, pieces)), log, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (/^(?:Z_|ERR_ZLIB)/.test(code))
      throw new MemoryLogError(file, "it begins like gzip, but is cut short or damaged");
    throw error;
  }
  return { form, ...chosen(collector, file, options.series), ...(unit.name && { assumedUnit: unit.name }) };
}

interface Log {
  readonly file: string;
  readonly unit: AssumedUnit;
  readonly collector: SampleCollector;
}

async function* joined(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

function refuse(file: string, head: string): void {
  if (head.trim() === "") throw new MemoryLogError(file, "it is empty; give a log of memory sizes");
  if (/^\s*\{\s*"snapshot"/.test(head)) {
    throw new MemoryLogError(file, "it is a heap snapshot, not a log; leakdiff summary shows what is in it");
  }
  if (head.includes("\0")) throw new MemoryLogError(file, "it is no text; give a log of memory sizes");
}

function isJsonDocument(head: string): boolean {
  if (!/^\s*[[{]/.test(head)) return false;
  return (
    /^\s*\{\s*"status"\s*:\s*"(?:success|error)"/.test(head) ||
    /"resultType"|"values"\s*:\s*\[\s*\[/.test(head) ||
    (/^\s*\[/.test(head) && head.length >= HEAD && !head.includes("\n"))
  );
}

async function readDocument(head: string, pieces: AsyncIterable<string>, log: Log): Promise<LogForm> {
  const parts = [head];
  let length = head.length;
  for await (const piece of pieces) {
    parts.push(piece);
    if ((length += piece.length) > LONGEST_JSON) {
      throw new MemoryLogError(
        log.file,
        "it is one JSON text of more than 400 MB; ask for a longer step, or JSON lines",
      );
    }
  }
  const text = parts.join("");
  if (/^\s*\[\s*\{/.test(head) && !/"values"|"resultType"|"metric"/.test(head)) {
    const values = new FieldValues(new LogClock(), log.unit);
    const list = jsonIn(text);
    for (const each of Array.isArray(list) ? list : []) {
      const reading = readingIn(each, values);
      if (reading !== undefined) log.collector.add(reading);
    }
    return "json-lines";
  }
  readPrometheusJson(log.file, text, log.collector.add);
  return "prometheus-json";
}

async function readLines(lines: AsyncIterator<string>, log: Log, signal?: AbortSignal): Promise<LogForm> {
  let number = 0;
  let found: { readonly form: LogForm; readonly reader: LineReader } | undefined;
  let batch: string[] = [];
  for (let next = await lines.next(); ; next = await lines.next()) {
    if (!next.done && found === undefined) batch.push(next.value);
    else if (!next.done) found!.reader.read(next.value, ++number);
    if (found === undefined && (batch.length >= BATCH || next.done)) {
      found = readerFor(batch, number === 0, log);
      for (const line of batch) {
        number++;
        found?.reader.read(line, number);
      }
      batch = [];
    }
    if (next.done) break;
    if ((number & 1023) === 0) signal?.throwIfAborted();
  }
  if (found === undefined) {
    const lines = number === 1 ? "its only line tells no size" : `none of its ${number} lines tells a size`;
    throw new MemoryLogError(log.file, `${lines} of memory; ${WHAT_IT_READS}`);
  }
  found.reader.end?.();
  return found.form;
}

function readerFor(
  batch: readonly string[],
  isFirst: boolean,
  { file, unit, collector }: Log,
): { readonly form: LogForm; readonly reader: LineReader } | undefined {
  const sink = collector.add;
  const clock = new LogClock();
  const values = new FieldValues(clock, unit);
  const probe = new FieldValues(new LogClock(), new AssumedUnit());
  if (batch.some(isPrometheusText)) return { form: "prometheus", reader: new PrometheusTextReader(sink) };
  if (batch.some(isGcTrace)) return { form: "gc-trace", reader: new GcTraceReader(sink) };
  const isJson = (line: string) => [jsonIn(line)].flat().some((value) => readingIn(value, probe) !== undefined);
  if (batch.some(isJson)) return { form: "json-lines", reader: new JsonLinesReader(sink, values) };
  const table = isFirst ? tableFormOf(batch) : undefined;
  if (table !== undefined) return { form: "table", reader: new CsvReader(file, sink, table, values) };
  const forms = new Set(batch.map(textFormOf));
  const best = STRENGTH.find((form) => forms.has(form));
  return best && { form: "text", reader: new TextLogReader(sink, best, clock, unit) };
}

function chosen(
  collector: SampleCollector,
  file: string,
  wanted: string | undefined,
): Pick<MemoryLog, "measure" | "samples" | "series" | "otherSeries"> {
  const all = collector.finish();
  const named = (matches: (name: string) => boolean) => all.find(({ name }) => matches(name));
  const found =
    wanted === undefined
      ? all[0]
      : (named((name) => name === wanted) ??
        named((name) => name.includes(`"${wanted}"`)) ??
        named((name) => name.includes(wanted)));
  if (found === undefined) {
    if (all.length === 0) throw new MemoryLogError(file, `it tells no size of memory; ${WHAT_IT_READS}`);
    const names = all.slice(0, 5).map(({ name }) => name || "one without a name");
    throw new MemoryLogError(file, `it has no series ${quoted(wanted!)}; it has ${names.join(", ")}`);
  }
  const { name, measure, samples } = found;
  const otherSeries = all.filter((each) => each !== found).map((each) => each.name);
  // Exports of dashboards may have the newest first.
  return { measure, samples: inOrder(samples), series: name, otherSeries };
}
