import { parseSize } from "../render/units.js";
import { type Given, type ReportRequest, UsageError } from "./command.js";

const EXAMPLES: Readonly<Record<string, string>> = {
  top: "--top 10",
  "min-growth": "--min-growth 1MB",
  cycles: "--cycles 50",
  url: "--url /page",
  method: "--method POST",
  header: '--header "Cookie: id=1"',
  body: "--body @order.json",
  requests: "--requests 100",
  rate: "--rate 10",
  connections: "--connections 10",
  exec: '--exec "k6 run load.js"',
  scenario: "--scenario load.mjs",
  warmup: "--warmup 3",
  snapshots: "--snapshots 3",
  ready: '--ready "listening"',
  timeout: "--timeout 90s, or --timeout 2m",
  out: "--out heap",
  "source-root": "--source-root .",
  every: "--every 5m",
  page: "--page Inbox",
  process: "--process queue.js",
  worker: "--worker render.js",
  memory: "--memory low",
  known: "--known map-cache-1355a1461f4e",
  limit: "--limit 512MB",
  per: "--per request",
  series: "--series web-1",
};

/** How an option is used. */
export function exampleOf(option: string): string {
  return EXAMPLES[option] ?? `--${option}`;
}

export function toTop(given: Given, otherwise: number): number {
  const text = given.words("top").at(-1);
  if (text === undefined) return otherwise;
  if (!/^0*[1-9]\d{0,8}$/.test(text)) {
    throw new UsageError(`--top takes a whole number from 1, as in ${exampleOf("top")}; "${text}" is none`);
  }
  return Number(text);
}

/** @throws UsageError */
export function toReport(given: Given): ReportRequest {
  return {
    top: toTop(given, 5),
    minGrowth: toMinGrowth(given),
    sourceRoot: given.words("source-root").at(-1),
    showStrings: given.flag("show-strings"),
    memory: toMemory(given),
    force: given.flag("force"),
    known: toKnown(given),
    exitZero: given.flag("exit-zero"),
    ...given.output,
  };
}

function toMemory(given: Given): "low" | undefined {
  const text = given.words("memory").at(-1);
  if (text !== undefined && text !== "low") throw new UsageError(`--memory takes one word, low; "${text}" is none`);
  return text;
}

function toKnown(given: Given): readonly string[] {
  const known = given.words("known");
  const wrong = known.find((text) => !/^[a-z]+(?:-[a-z]+)*-[\da-f]{12}$/.test(text));
  if (wrong === undefined) return known;
  throw new UsageError(
    `--known takes the name that stands behind the @id of a leak, as in ${exampleOf("known")}; "${wrong}" is none`,
  );
}

function toMinGrowth(given: Given): number | undefined {
  const text = given.words("min-growth").at(-1);
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes === undefined) {
    throw new UsageError(`--min-growth takes a size, as in 512, 10kB, 1MB or 64KiB; "${text}" is none`);
  }
  return bytes;
}

/** Undefined if the option is not there. */
export function toWhole(given: Given, option: string, least: number, most = 1e9): number | undefined {
  const text = given.words(option).at(-1);
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (number < least || number > most) {
    const range = most === 1e9 ? `from ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`--${option} takes a whole number ${range}, as in ${exampleOf(option)}; "${text}" is none`);
  }
  return number;
}

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds; undefined if the option is not there. */
export function toDuration(given: Given, option: string): number | undefined {
  const text = given.words(option).at(-1);
  if (text === undefined) return undefined;
  const [, number, unit = "s"] = DURATION.exec(text.trim()) ?? [];
  const duration = Number(number) * MILLISECONDS[unit]!;
  if (duration > 0 && duration < 2 ** 31) return duration;
  throw new UsageError(`--${option} takes a time, as in ${exampleOf(option)}; "${text}" is none`);
}
