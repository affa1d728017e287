import type { MemoryLog, MemorySample, Per, Trend } from "@leakdiff/capture";
import { type GraphLook, renderGraph } from "./graph.js";
import { plainText } from "./plain-text.js";
import { style, type Paint, type Style } from "./style.js";
import { bytes, count, counted } from "./units.js";
import { NO_BREAK_SPACE, shorten, type Span, wrap } from "./wrap.js";

/** What `leakdiff trend` found in one log. */
export interface TrendAnswer {
  readonly trend: Trend;
  readonly log: MemoryLog;
  /** What growth is to be told by, if that was asked for. */
  readonly asked?: Per;
  /** A limit that was asked about. */
  readonly limit?: number;
}

const LABEL = "grows by".length + 3;
const HOUR = 3_600_000;
const GB = 1e9;
const SERIES_COLUMNS = 80;

/** The drawing, the verdict, how fast, until when, and what to do next. */
export function renderTrend({ trend, log, asked, limit }: TrendAnswer, look: GraphLook): string {
  const paint = style(look.color);
  const labelled = (label: string, text: string) =>
    text === ""
      ? []
      : wrap([{ text }], look.columns, `  ${paint.dim(label.padEnd(LABEL - 2))} `, " ".repeat(LABEL + 1));
  const sentence: Span = { text: trend.sentence, paint: (text) => paint.bold(verdictPaint(trend, paint)(text)) };
  const blocks = [
    [...wrap([sentence], look.columns), ...notes(trend, log, look.columns, paint)],
    renderGraph(log.samples, look, {
      restarts: trend.restarts,
      ends: endsOf(log.samples, trend.per),
      ...(trend.forecast && { limit: trend.forecast.limit }),
    }),
    [
      ...labelled(grows(trend) ? "grows by" : "growth", growthWords(trend, asked)),
      ...labelled("limit", forecastWords(trend) || unreachedWords(trend, limit)),
      ...labelled("judged", judgedWords(trend)),
      ...labelled("restarts", restartWords(trend, log.samples)),
    ],
    nextSteps(trend, log, look.columns, paint),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")
    .concat("\n");
}

export function verdictPaint({ verdict }: Trend, paint: Style): Paint {
  if (verdict === "mountain") return paint.red;
  return verdict === "plateau" || verdict === "sawtooth" ? paint.green : paint.yellow;
}

function grows({ verdict, growth }: Trend): boolean {
  return growth !== undefined && growth.bytes > 0 && verdict !== "plateau" && verdict !== "sawtooth";
}

function notes(trend: Trend, log: MemoryLog, columns: number, paint: Style): string[] {
  const found: string[] = [];
  if (log.assumedUnit) found.push(`sizes have no unit there; they were taken for ${log.assumedUnit}.`);
  if (log.otherSeries.length > 0) {
    const [other] = log.otherSeries;
    found.push(
      `this is ${name(log.series)}, the longest of ${counted(log.otherSeries.length + 1, "series", "series")}; --series takes another, such as ${name(other!)}.`,
    );
  }
  if (log.measure === "rss") {
    found.push("this is resident memory, which also has buffers, code and room that was freed; heapUsed tells more.");
  }
  const lines = found.flatMap((text) => wrap([{ text }], columns, `${paint.yellow("note:")} `, "      "));
  return lines.length > 0 ? ["", ...lines] : [];
}

function name(series: string): string {
  return series === "" ? "one without a name" : shorten(plainText(series), SERIES_COLUMNS);
}

/** How fast; of what does not grow, which leak would not show. `asked`: what growth is to be told by, and nothing else. */
export function growthWords(trend: Trend, asked?: Per): string {
  const { growth, per } = trend;
  if (growth === undefined) return "";
  if (!grows(trend)) return `a leak below ${noticeableWords(trend, asked)} would not show`;
  const { share, words } = paceIn(growth.bytes, per, asked);
  const [rate, low, high] = [growth.bytes, growth.low, growth.high].map((each) => size(each * share));
  const surely = low === high ? "" : ` (between ${low} and ${high}, with 99${NO_BREAK_SPACE}% confidence)`;
  return `${rate} ${words}${surely}`;
}

/** The least growth that would have shown; empty if nothing is known of it. */
export function noticeableWords({ noticeable, per }: Trend, asked?: Per): string {
  if (noticeable === undefined) return "";
  const { share, words } = paceIn(noticeable, per, asked);
  return `${size(noticeable * share)} ${words}`;
}

function paceIn(rate: number, per: Per, asked: Per | undefined): Pace {
  return per === "hour" && asked === undefined ? paceOf(rate) : { share: 1, words: each(per) };
}

function each(per: Per): string {
  return per === "hour" ? "an hour" : `a ${per}`;
}

/** A time to tell growth by, as a share of what it was measured by. */
interface Pace {
  readonly share: number;
  readonly words: string;
}

/** The time in which as much grows as one can imagine: no gigabytes, and no bytes of what takes months. */
function paceOf(hourly: number): Pace {
  const rate = Math.abs(hourly);
  if (rate >= 60 * GB) return { share: 1 / 3600, words: "a second" };
  if (rate >= GB) return { share: 1 / 60, words: "a minute" };
  return rate < 10e3 ? { share: 24, words: "a day" } : { share: 1, words: "an hour" };
}

/** Small growth needs its digits: 0.4 bytes a request is a leak too. */
function size(number: number): string {
  return Math.abs(number) < 10 ? `${Number(number.toPrecision(2))}${NO_BREAK_SPACE}B` : bytes(number);
}

/** When a limit is reached; empty if none is known. */
export function forecastWords({ forecast, per }: Trend): string {
  if (forecast === undefined) return "";
  const limit = bytes(forecast.limit);
  if (forecast.after === 0) return `${limit}: passed already`;
  const { after, earliest, latest } = forecast;
  const text = `at this rate ${limit} are reached after about ${amount(after, per)} more`;
  // Stairs leave it open how slow growth may be.
  if (latest === undefined || latest > 20 * after) return `${text} (no sooner than ${about(earliest)})`;
  return about(earliest) === about(latest) ? text : `${text} (${about(earliest)} to ${about(latest)})`;
}

/** Why there is no telling when a limit is reached; empty if nobody asked. */
function unreachedWords({ verdict }: Trend, limit: number | undefined): string {
  if (limit === undefined) return "";
  const size = bytes(limit);
  if (verdict === "too-short") return `no telling when ${size} are reached`;
  if (verdict === "warming-up") return `no telling when ${size} are reached, as growth slows down`;
  return `${size} are not reached as long as memory does not grow`;
}

/** Two digits; nobody knows more of what is to come. */
function about(number: number): string {
  return number >= 100 ? count(Number(number.toPrecision(2))) : String(Number(number.toPrecision(2)));
}

function amount(number: number, per: Per): string {
  if (per === "hour") return duration(number * HOUR);
  return plural(number, per);
}

function judgedWords({ basis, points, samples, growth }: Trend): string {
  if (growth === undefined) return "";
  if (basis === "collected")
    return `${counted(points, "point")} after garbage collection, of ${counted(samples, "sample")}`;
  return `${counted(points, "low")} between garbage collections, of ${counted(samples, "sample")}`;
}

function restartWords({ restarts }: Trend, samples: readonly MemorySample[]): string {
  if (restarts.length === 0) return "";
  const heights = restarts.slice(-4).map((at) => bytes(samples[at - 1]!.heapUsed));
  const more = restarts.length > heights.length ? "the last " : "";
  return `${count(restarts.length)}, ${more}at ${heights.join(", ")}`;
}

/** What stands below the two ends of a drawing. */
export function endsOf(samples: readonly MemorySample[], per: Per): [string, string] {
  const first = samples[0]!;
  const last = samples.at(-1)!;
  if (per === "request") return [count(first.requests ?? 0), counted(last.requests ?? 0, "request")];
  if (per === "cycle") return [`cycle ${count(first.cycle ?? 0)}`, `cycle ${count(last.cycle ?? 0)}`];
  if (first.at !== undefined && last.at !== undefined) return ["0", duration(last.at - first.at)];
  return ["1", `${counted(samples.length, "sample")}`];
}

function duration(milliseconds: number): string {
  const hours = milliseconds / HOUR;
  if (hours >= 48) return plural(hours / 24, "day");
  if (hours >= 1) return plural(hours, "hour");
  return milliseconds >= 60_000 ? plural(milliseconds / 60_000, "minute") : plural(milliseconds / 1000, "second");
}

function plural(number: number, unit: string): string {
  const text = about(number);
  return `${text} ${text === "1" ? unit : `${unit}s`}`;
}

/** Commands to copy: what tells more than this log. */
function nextSteps(
  { verdict, reason, snapshots, per }: Trend,
  { form }: MemoryLog,
  columns: number,
  paint: Style,
): string[] {
  const say = (text: string) => wrap([{ text }], columns);
  const command = (text: string) => `  ${paint.cyan(text)}`;
  if (verdict === "plateau" || verdict === "sawtooth") return [];
  if (snapshots === undefined || reason !== undefined) {
    const isTrace = form === "gc-trace";
    return [
      ...say(
        `A longer log tells more, and so ${isTrace ? "does a load test" : "do samples after garbage collection"}:`,
      ),
      ...(isTrace ? [] : [command("node --trace-gc server.js > gc.log; leakdiff trend gc.log")]),
      command("leakdiff run --url / -- node server.js"),
    ];
  }
  const apart = amount(snapshots.every, per);
  const intro = `To see what grows, take three snapshots: one now, then every ${apart}, in which memory grows by some ${bytes(snapshots.growth)}:`;
  const every = per === "hour" ? interval(snapshots.every * HOUR) : "5m";
  return [
    ...say(intro),
    ...(per === "request" || per === "cycle"
      ? [command(`leakdiff run --url / --requests ${Math.ceil(snapshots.every / 5)} -- node server.js`)]
      : []),
    ...(per === "hour" ? [command(`leakdiff attach <pid> --every ${every} --snapshots 3`)] : []),
    command("kill -USR2 <pid>     # with node --heapsnapshot-signal=SIGUSR2 server.js"),
    command("leakdiff a.heapsnapshot b.heapsnapshot c.heapsnapshot"),
  ];
}

function interval(milliseconds: number): string {
  if (milliseconds >= HOUR) return `${Math.ceil(milliseconds / HOUR)}h`;
  return milliseconds >= 60_000
    ? `${Math.ceil(milliseconds / 60_000)}m`
    : `${Math.max(Math.ceil(milliseconds / 1000), 1)}s`;
}
