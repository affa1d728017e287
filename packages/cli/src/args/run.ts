import type { LoadOptions, RequestOptions } from "@leakdiff/capture";
import {
  closing,
  type Command,
  flag,
  type Given,
  OUTPUT_OPTIONS,
  REPORT_OPTIONS,
  type ReportRequest,
  UsageError,
  valued,
} from "./command.js";
import { exampleOf, toDuration, toReport, toWhole } from "./values.js";

export interface RunRequest extends ReportRequest {
  readonly command: "run";
  /** The program to run and its words. */
  readonly program: readonly string[];
  readonly load: LoadOptions;
  /** Where the program listens, if the load does not say. */
  readonly url: string | undefined;
  readonly readyText: string | undefined;
  /** Milliseconds. */
  readonly readyTimeout: number | undefined;
  readonly warmup: number | undefined;
  readonly snapshots: number | undefined;
  readonly cycles: number | undefined;
  /** Words for the process and the worker thread to look at. */
  readonly process: string | undefined;
  readonly worker: string | undefined;
  /** Folder; undefined for a new one. */
  readonly out: string | undefined;
  readonly gzip: boolean;
  readonly restart: boolean;
  readonly nearHeapLimit: boolean;
}

export const run: Command<RunRequest> = {
  name: "run",
  usage: "run <program..>",
  describe: "Start a program, put load on it, and name what leaks",
  wrapsProgram: true,
  options: {
    url: valued("Ask for this address, or /path; more than one take turns"),
    method: valued("How to ask (default GET, or POST with a body)"),
    header: valued('Such as "Cookie: id=1"; may be given more than once'),
    body: valued("What to send with each request, or @file"),
    requests: valued("Requests in a cycle (default 100)"),
    rate: valued("Requests a second (default: as many as go)"),
    connections: valued("Requests at the same time (default 10)"),
    exec: valued("Instead of requests: a shell command, once a cycle"),
    scenario: valued("Instead of requests: a module, called once a cycle"),
    warmup: valued("Cycles before the first snapshot (default 3)"),
    cycles: valued("Cycles between two snapshots (default 5)"),
    snapshots: valued("How many (default 3)"),
    ready: valued("It is ready when it prints this, not when it listens"),
    timeout: valued("How long it may take to be ready (default 30s)"),
    process: valued("Look at the process with this in its words, not the one that listens"),
    worker: valued("Look at the worker thread with this in its name or file"),
    out: valued("Folder for snapshots and logs (default: a new one here)"),
    gzip: flag("Write packed snapshots"),
    restart: flag("If its heap overflows, run it again with less load"),
    "near-heap-limit": flag("Have V8 write a snapshot when the heap is nearly full"),
    ...REPORT_OPTIONS,
    ...OUTPUT_OPTIONS,
  },
  build: (command) =>
    closing(
      command.positional("program", { type: "string", array: true, describe: "The program and its own options" }),
      [
        ["leakdiff run --url /page -- node server.js", "Asks it for /page, over and over"],
        ["leakdiff run --url http://localhost:3000 -- npm start", "Looks at the process that listens"],
        ["leakdiff run --url / --requests 1 --rate 1 -- node a.js", "One request a second"],
        ["leakdiff run --url /orders --body @order.json -- npm start", "POSTs a file"],
        ["leakdiff run --worker render.js --url / -- node a.js", "The heap of a worker thread"],
        ['leakdiff run --exec "k6 run x.js" -- node a.js', "Any load; it finds LEAKDIFF_URL set"],
      ],
      "After each cycle of load garbage is collected and memory is measured. Exit codes are those of leakdiff; 130 after Ctrl-C, which still looks at two or more snapshots.",
    ),
  request: (given) => ({
    command: "run",
    program: given.words("program"),
    ...toLoad(given),
    readyText: given.words("ready").at(-1),
    readyTimeout: toDuration(given, "timeout"),
    warmup: toWhole(given, "warmup", 0),
    snapshots: toWhole(given, "snapshots", 2, 26),
    cycles: toWhole(given, "cycles", 1),
    process: given.words("process").at(-1),
    worker: given.words("worker").at(-1),
    out: given.words("out").at(-1),
    gzip: given.flag("gzip"),
    restart: given.flag("restart"),
    nearHeapLimit: given.flag("near-heap-limit"),
    ...toReport(given),
  }),
  misuse: () => "run needs a program: leakdiff run --url /page -- node server.js",
};

const OF_REQUESTS = ["requests", "rate", "connections", "method", "header", "body"];

function toLoad(given: Given): Pick<RunRequest, "load" | "url"> {
  const urls = given.words("url");
  const command = given.words("exec").at(-1);
  const scenario = given.words("scenario").at(-1);
  if (command !== undefined && scenario !== undefined) {
    throw new UsageError("--exec and --scenario are two kinds of load; give one of them");
  }
  if (command === undefined && scenario === undefined) {
    if (urls.length === 0) {
      throw new UsageError(
        "run needs to know what load to put on the program: --url, --exec or --scenario\n" +
          (given.words("program").some((word) => /^--(?:url|exec|scenario)(?:=|$)/.test(word))
            ? "What stands behind the program is the program's own; put it in front, as in leakdiff run --url / -- node server.js"
            : "For example: leakdiff run --url / -- node server.js"),
      );
    }
    const [requests, connections] = [toWhole(given, "requests", 1), toWhole(given, "connections", 1)];
    const rate = toRate(given);
    const load = {
      urls,
      ...(requests !== undefined && { requests }),
      ...(rate !== undefined && { rate }),
      ...(connections !== undefined && { connections }),
      ...toWords(given),
    };
    return { load, url: undefined };
  }
  const useless = OF_REQUESTS.find((name) => given.words(name).length > 0);
  const kind = command === undefined ? "--scenario" : "--exec";
  if (useless !== undefined) throw new UsageError(`--${useless} is about requests; ${kind} does without them`);
  if (urls.length > 1) throw new UsageError(`${kind} is told of one --url`);
  return { load: command === undefined ? { scenario: scenario! } : { command }, url: urls[0] };
}

/** What each request says. A body that begins with @ is the name of a file, whose bytes are read when they are needed. */
function toWords(given: Given): Pick<RequestOptions, "method" | "headers" | "body"> {
  const method = given.words("method").at(-1);
  if (method !== undefined && !/^[a-z]+$/i.test(method)) {
    throw new UsageError(`--method takes a word such as POST; "${method}" is none`);
  }
  const headers = toHeaders(given);
  const body = given.words("body").at(-1);
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(body !== undefined && { body }),
  };
}

function toHeaders(given: Given): Readonly<Record<string, string>> | undefined {
  const headers = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const text of given.words("header")) {
    const [, name, value] = /^([^\s:]+):\s*(.*?)\s*$/.exec(text) ?? [];
    if (name === undefined) {
      throw new UsageError(`--header takes a name and a value, as in ${exampleOf("header")}; "${text}" is none`);
    }
    const header = headers.get(name.toLowerCase()) ?? { name, values: [] };
    headers.set(name.toLowerCase(), header);
    header.values.push(value!);
  }
  if (headers.size === 0) return undefined;
  // One that is given twice is a list in HTTP, of which cookies are their own kind.
  return Object.fromEntries(
    [...headers].map(([lower, { name, values }]) => [name, values.join(lower === "cookie" ? "; " : ", ")] as const),
  );
}

function toRate(given: Given): number | undefined {
  const text = given.words("rate").at(-1);
  if (text === undefined) return undefined;
  const rate = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (rate <= 0)
    throw new UsageError(`--rate takes requests a second, as in --rate 10 or --rate 0.5; "${text}" is none`);
  return rate;
}
