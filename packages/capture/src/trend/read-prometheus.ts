import { MemoryLogError } from "./memory-log-error.js";
import type { FieldKind, LineReader, Reading, Sink } from "./reading.js";

const METRICS: ReadonlyMap<string, FieldKind> = new Map([
  ["nodejs_heap_size_used_bytes", "heapUsed"],
  ["nodejs_external_memory_bytes", "external"],
  ["process_resident_memory_bytes", "rss"],
  ["container_memory_working_set_bytes", "rss"],
  ["container_memory_rss", "rss"],
  ["http_requests_total", "requests"],
  ["http_request_duration_seconds_count", "requests"],
  ["process_start_time_seconds", "process"],
  ["v8js_memory_heap_used_bytes", "heapUsed"],
  ["v8js_memory_heap_used", "heapUsed"],
]);
const LINE = /^([a-zA-Z_:][\w:]{0,200})(?:\{(.{0,4000}?)\})?\s+([-+.\deE]+|NaN|[-+]?Inf)(?:\s+(-?\d+(?:\.\d+)?))?\s*$/;
const COMMENT_TIME = /^#.*?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?)/;

/** True for a line with a metric of memory, as `/metrics` shows it. */
export function isPrometheusText(line: string): boolean {
  const match = LINE.exec(line);
  return match !== null && (METRICS.get(metricOf(match[1]!)) ?? "requests") !== "requests";
}

/** One scrape of `/metrics` behind the other. A scrape ends where a metric of memory comes again. */
export class PrometheusTextReader implements LineReader {
  private readonly sink: Sink;
  private readonly scrapes = new Map<string, Reading>();
  private requests = 0;
  private readonly counted = new Set<string>();
  private at: number | undefined;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  read(line: string): void {
    const comment = COMMENT_TIME.exec(line);
    if (comment !== null) {
      const at = Date.parse(comment[1]!.endsWith("Z") ? comment[1]! : `${comment[1]}Z`);
      if (Number.isFinite(at)) {
        this.flush();
        this.at = at;
      }
      return;
    }
    const match = LINE.exec(line);
    if (match === null) return;
    const kind = METRICS.get(metricOf(match[1]!));
    const value = Number(match[3]);
    if (kind === undefined || !Number.isFinite(value) || value < 0) return;
    const series = kind === "requests" ? "" : seriesOf(labelsOf(match[2] ?? ""));
    const at = match[4] === undefined ? undefined : millisecondsOf(Number(match[4]));
    if (kind === "requests") {
      const counter = line.slice(0, line.lastIndexOf(match[3]!));
      if (this.counted.has(counter)) this.flush();
      this.counted.add(counter);
      this.requests += value;
      return;
    }
    const open = this.scrapes.get(series);
    if (open?.[kind] !== undefined) this.flush();
    const reading = this.scrapes.get(series) ?? { series };
    if (!this.scrapes.has(series) && this.scrapes.size < 1000) this.scrapes.set(series, reading);
    reading[kind] = value;
    const moment = at ?? this.at;
    if (moment !== undefined) reading.at = moment;
  }

  end(): void {
    this.flush();
  }

  private flush(): void {
    for (const reading of this.scrapes.values()) {
      // Requests are counted for all together; with several processes nobody knows whose they were.
      if (this.requests > 0 && this.scrapes.size === 1) reading.requests = this.requests;
      this.sink(reading);
    }
    this.scrapes.clear();
    this.counted.clear();
    this.requests = 0;
  }
}

/** The answer of Prometheus to `query_range` or `query`, or its `result` alone. */
export function readPrometheusJson(file: string, text: string, sink: Sink): void {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new MemoryLogError(
      file,
      `it begins like an answer of Prometheus but is no JSON (${(error as Error).message}); save the whole answer`,
    );
  }
  const problem = field(answer, "error");
  if (typeof problem === "string") throw new MemoryLogError(file, `Prometheus answered with an error: ${problem}`);
  const result = Array.isArray(answer) ? answer : field(field(answer, "data"), "result");
  if (!Array.isArray(result))
    throw new MemoryLogError(file, "the answer of Prometheus has no data.result; save the whole answer");
  const merged = new Map<string, Map<number, Reading>>();
  for (const each of result) {
    const metric = field(each, "metric");
    const labels = new Map<string, string>();
    if (typeof metric === "object" && metric !== null)
      for (const [name, value] of Object.entries(metric)) labels.set(name, String(value));
    const kind = METRICS.get(metricOf(labels.get("__name__") ?? "")) ?? "memory";
    if (kind === "requests") continue;
    const series = seriesOf(labels);
    const readings = merged.get(series) ?? new Map<number, Reading>();
    merged.set(series, readings);
    const points = field(each, "values") ?? [field(each, "value")];
    for (const point of Array.isArray(points) ? points : []) {
      if (!Array.isArray(point)) continue;
      const at = millisecondsOf(Number(point[0]));
      const value = Number(point[1]);
      if (!Number.isFinite(at) || !Number.isFinite(value) || value < 0) continue;
      const reading = readings.get(at) ?? { at, series };
      reading[kind] = value;
      readings.set(at, reading);
    }
  }
  for (const readings of merged.values())
    for (const reading of [...readings.values()].sort((a, b) => a.at! - b.at!)) sink(reading);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Programs may put a prefix before the names of prom-client. */
function metricOf(name: string): string {
  if (METRICS.has(name)) return name;
  const at = name.search(/nodejs_heap_size_used_bytes$|process_resident_memory_bytes$|nodejs_external_memory_bytes$/);
  return at > 0 && name[at - 1] === "_" ? name.slice(at) : name;
}

function labelsOf(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) labels.set(name!, value!);
  return labels;
}

function seriesOf(labels: ReadonlyMap<string, string>): string {
  return [...labels]
    .filter(([name]) => name !== "__name__")
    .map(([name, value]) => `${name}="${value}"`)
    .sort()
    .join(",");
}

/** Prometheus writes seconds in JSON and milliseconds in text. */
function millisecondsOf(time: number): number {
  return Math.abs(time) < 1e11 ? time * 1000 : time;
}
