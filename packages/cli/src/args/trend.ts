import { parseSize } from "../render/units.js";
import {
  closing,
  type Command,
  type Given,
  OUTPUT_OPTIONS,
  type OutputRequest,
  UsageError,
  valued,
} from "./command.js";

const PER = ["request", "cycle", "hour", "sample"] as const;

export interface TrendRequest extends OutputRequest {
  readonly command: "trend";
  /** `-` is standard input. */
  readonly file: string;
  /** Bytes at which the process dies; undefined leaves it to what the log knows. */
  readonly limit: number | undefined;
  /** What growth is told by; undefined leaves it to what the log knows. */
  readonly per: (typeof PER)[number] | undefined;
  /** Part of the name of the series to take. */
  readonly series: string | undefined;
}

export const trend: Command<TrendRequest> = {
  name: "trend",
  usage: "trend [file]",
  describe: "Tell from a log of memory whether it grows, how fast, and until when",
  options: {
    limit: valued("When is that reached? 512MB, 2GB"),
    per: valued("Tell growth by: request, cycle, hour, sample"),
    series: valued("Of a log of several processes: which one"),
    ...OUTPUT_OPTIONS,
  },
  build: (command) =>
    closing(
      command.positional("file", { type: "string", describe: "A log of memory sizes; - is standard input" }),
      [
        ["leakdiff trend server.log", "Does heapUsed grow?"],
        ["node --trace-gc server.js | leakdiff trend", "Does what garbage collection leaves grow?"],
        ["leakdiff trend --limit 512MB metrics.json", "When is 512 MB reached?"],
      ],
      "Reads logs with sizes (33.2 MB), process.memoryUsage(), JSON lines, CSV, Prometheus, --trace-gc.",
      "Exit codes: 0 it does not grow; 1 it grows; 2 too short to tell, still warming up, or trouble.",
    ),
  request(given) {
    const [file = "-"] = given.words("file");
    const series = given.words("series").at(-1);
    return { command: "trend", file, limit: toLimit(given), per: toPer(given), series, ...given.output };
  },
  misuse: ([, more]) => `trend takes one log; "${more}" is too much`,
};

function toLimit(given: Given): number | undefined {
  const text = given.words("limit").at(-1);
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes === undefined || bytes === 0) {
    throw new UsageError(`--limit takes a size, as in 512MB, 2GB or 512MiB; "${text}" is none`);
  }
  return bytes;
}

function toPer(given: Given): TrendRequest["per"] {
  const text = given.words("per").at(-1);
  if (text === undefined) return undefined;
  const per = PER.find((each) => each === text.replace(/s$/, ""));
  if (per === undefined) throw new UsageError(`--per takes request, cycle, hour or sample; "${text}" is none of them`);
  return per;
}
