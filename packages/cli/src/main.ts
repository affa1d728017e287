import { readFileSync } from "node:fs";
import type { CaptureError, CaptureErrorCode } from "@leakdiff/capture";
import type { FindLeaksOptions, Progress, RunOptions } from "@leakdiff/core";
import type { AttachRequest, Request, RunRequest, TrendRequest } from "./args.js";
import type { ReportRequest } from "./args/command.js";
import type { Taken } from "./capture/take-snapshots.js";
import { EXIT, exitCode } from "./gate.js";
import type { Asked } from "./render/handed-on.js";
import { prepareWidths } from "./render/text-width.js";
import type { Answer } from "./render/index.js";
import { type Core, isScreen, type Surroundings } from "./surroundings.js";

export type { Core, Output, Surroundings } from "./surroundings.js";

const WIDEST = 120;
/** Tables have no room in less. */
const NARROWEST = 24;
const OUTPUT_COLUMNS = 200;

/** The program: `argv` are the words after its name. Resolves to the exit code and rejects for nothing. */
export async function main(argv: readonly string[], around: Surroundings): Promise<number> {
  const { stdout, stderr, env } = around;
  let command: Request["command"] | undefined;
  try {
    const version = packageVersion();
    if (argv.length === 1 && argv[0] === "--version") {
      stdout.write(`${version}\n`);
      return EXIT.nothingGrew;
    }
    const columns = columnsOf(stdout, env);
    await prepareWidths(argv);
    // Before it is known what all words mean: threads take as long to start as everything else does.
    const files = argv.filter((word) => !word.startsWith("-"));
    if (around.core === undefined && files.length > 1) {
      // What goes wrong goes wrong again, and is told, where it is needed.
      void import("@leakdiff/core").then(({ prepare }) => prepare(files)).catch(() => undefined);
    }
    const { parseArgs } = await import("./args.js");
    const parsed = await parseArgs(argv, version, Math.min(columns, 100));
    switch (parsed.kind) {
      case "print":
        stdout.write(`${parsed.text}\n`);
        return EXIT.nothingGrew;
      case "usage": {
        const { plainText } = await import("./render/plain-text.js");
        const lines = parsed.message.split("\n").map(plainText);
        stderr.write(`leakdiff: ${lines.join("\n")}\nsee leakdiff --help\n`);
        return EXIT.trouble;
      }
      case "run":
        command = parsed.request.command;
        return await run(parsed.request, columns, around);
    }
  } catch (error) {
    if (around.signal?.aborted) {
      stderr.write("leakdiff: interrupted\n");
      return EXIT.interrupted;
    }
    stderr.write(await trouble(error, command));
    return EXIT.trouble;
  }
}

async function run(request: Request, columns: number, around: Surroundings): Promise<number> {
  if (request.command === "trend") return (await import("./trend.js")).runTrend(request, columns, around);
  const { stdout, stderr, env, signal } = around;
  const isCapture = request.command === "run" || request.command === "attach";
  const taken = isCapture ? await takenBy(request, columns, around) : undefined;
  const core = around.core ?? (await import("@leakdiff/core"));
  const line = isScreen(stderr, env)
    ? (await import("./progress.js")).progressLine(stderr, (await import("./render/style.js")).wantsAscii(env))
    : undefined;
  const options = {
    onProgress(progress: Progress) {
      around.onProgress?.(progress);
      line?.show(progress);
    },
    ...(signal && !signal.aborted && { signal }),
  };

  // What prints is loaded meanwhile: large snapshots are read by other threads.
  const isComparison = request.command === "leaks" || isCapture;
  if (isComparison && !request.json) void import("./render/leaks.js");
  let answer: Answer;
  try {
    answer = await ask(core, request, taken, options);
  } finally {
    line?.stop();
    taken?.clear();
  }
  if (taken?.capture.ended !== "interrupted") signal?.throwIfAborted();

  const [{ render }, { wantsAscii, wantsColor }] = await Promise.all([
    import("./render/index.js"),
    import("./render/style.js"),
    ...(request.json ? [] : [prepareWidths(answer)]),
  ]);
  const color = wantsColor(request.noColor, env, stdout.isTTY === true);
  const top = request.command === "retainers" ? Infinity : request.top;
  const asked: Asked = request;
  stdout.write(
    await render(answer, request.json ? "json" : "text", { columns, color, ascii: wantsAscii(env), top, asked }),
  );
  return exitCodeOf(answer, request);
}

function exitCodeOf(answer: Answer, request: Request): number {
  const [exitZero, known] = "exitZero" in request ? [request.exitZero, request.known] : [false, []];
  switch (answer.command) {
    case "leaks":
      return exitCode(answer.report, exitZero, known);
    case "capture": {
      if (answer.capture.ended === "interrupted") return EXIT.interrupted;
      const code = exitCode(answer.report, exitZero, known);
      return code === EXIT.nothingGrew && answer.capture.ended !== "complete" ? EXIT.trouble : code;
    }
    default:
      return EXIT.nothingGrew;
  }
}

async function takenBy(request: RunRequest | AttachRequest, columns: number, around: Surroundings): Promise<Taken> {
  around.onProgress?.({ stage: "capture" });
  const [{ takeSnapshots }] = await Promise.all([import("./capture/take-snapshots.js"), prepareWidths()]);
  return takeSnapshots(request, columns, around);
}

async function ask(
  core: Core,
  request: Exclude<Request, TrendRequest>,
  taken: Taken | undefined,
  options: RunOptions,
): Promise<Answer> {
  switch (request.command) {
    case "leaks": {
      const { files, cycles, cleanup } = request;
      const report = await core.findLeaks(files, {
        ...options,
        ...reportOptions(request),
        ...(cycles !== undefined && { cycles }),
        ...(cleanup && { cleanup }),
      });
      return { command: "leaks", report };
    }
    case "attach":
    case "run": {
      const { files, loads } = taken!.capture;
      const report = await core.findLeaks(files, {
        ...options,
        ...reportOptions(request),
        ...(loads.length > 0 && { cycles: loads }),
        distinct: true,
      });
      const { capture, trend } = taken!;
      return { command: "capture", capture, trend, report };
    }
    case "summary": {
      const { file, sourceRoot, force } = request;
      const report = await core.summarize(file, {
        ...options,
        ...(force && { force }),
        ...(sourceRoot !== undefined && { sourceRoot }),
      });
      return { command: "summary", report };
    }
    case "retainers": {
      const { file, id, sourceRoot, force } = request;
      const report = await core.explainRetainers(file, id, {
        ...options,
        ...(force && { force }),
        ...(sourceRoot !== undefined && { sourceRoot }),
      });
      return { command: "retainers", report };
    }
  }
}

function reportOptions({ minGrowth, sourceRoot, showStrings, memory, force }: ReportRequest): FindLeaksOptions {
  return {
    ...(minGrowth !== undefined && { minGrowth }),
    ...(sourceRoot !== undefined && { sourceRoot }),
    ...(showStrings && { showStrings }),
    ...(memory && { memory }),
    ...(force && { force }),
  };
}

/** What is told with the last lines of the program, if there are any. */
const OF_PROGRAM: ReadonlySet<CaptureErrorCode> = new Set(["exited", "not-ready", "no-inspector"]);
/** What the program has nothing to do with: what it printed would only mislead. */
const NOT_OF_PROGRAM: ReadonlySet<CaptureErrorCode> = new Set(["bad-option", "cannot-write", "not-found"]);

/** One sentence for what the user can mend; the whole story for what is our fault. */
async function trouble(error: unknown, command: Request["command"] | undefined): Promise<string> {
  const { plainText } = await import("./render/plain-text.js");
  const message = error instanceof Error ? error.message : String(error);
  if (isCaptureError(error)) {
    const lines = NOT_OF_PROGRAM.has(error.code) ? [] : (error.output ?? []);
    const output = lines.map((text) => `  ${plainText(text.slice(0, OUTPUT_COLUMNS))}\n`).join("");
    const said = error.message.split("\n").map(plainText).join("\n");
    const hint = error.code === "out-of-memory" ? "--restart runs it again with so little load that it lives\n" : "";
    const [only, ...others] = error.capture?.files ?? [];
    const { shellWord } = await import("./render/shell-word.js");
    const alone =
      only === undefined || others.length > 0
        ? ""
        : `one snapshot cannot say what grew; leakdiff summary ${shellWord(only)} says what holds most of it\n`;
    // What failed is the load there.
    const who = error.code === "load-failed" && error.printedBy === "program" ? "the program" : "it";
    const last = output === "" ? "" : `what ${who} printed last:\n${output}`;
    // Of a process that was attached to nobody knows what it prints.
    const isSilent = last === "" && command === "run" && OF_PROGRAM.has(error.code);
    return `leakdiff: ${said}\n${hint}${alone}${isSilent ? "it printed nothing\n" : last}`;
  }
  if (error instanceof Error && /^(?:SnapshotError|MemoryLogError)$/.test(error.name))
    return `leakdiff: ${plainText(message)}\n`;
  if (error instanceof RangeError && /allocation failed|Invalid (typed )?array length/.test(message)) {
    return "leakdiff: there is not enough memory to hold these snapshots; run it where more is free\n";
  }
  const stack = (error instanceof Error && error.stack) || message;
  const lines = stack.split("\n").map(plainText).join("\n");
  return `leakdiff: ${plainText(message)}\nthis is a bug in leakdiff, please report it with these lines:\n${lines}\n`;
}

/** By name: the package is loaded only where it is used. */
function isCaptureError(error: unknown): error is CaptureError {
  return error instanceof Error && error.name === "CaptureError";
}

function columnsOf(stdout: Surroundings["stdout"], env: Surroundings["env"]): number {
  const columns = stdout.isTTY && stdout.columns ? stdout.columns : Number(env["COLUMNS"]);
  return columns >= 1 ? Math.min(Math.max(Math.floor(columns), NARROWEST), WIDEST) : 80;
}

function packageVersion(): string {
  const file = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(file) as { version: string }).version;
}
