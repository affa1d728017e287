import yargs, { type Argv } from "yargs";
import { nearest } from "./nearest.js";
import { shellWord } from "./render/shell-word.js";
import { parseSize } from "./render/units.js";

/** What the command line asks for. */
export type Request = LeaksRequest | SummaryRequest | RetainersRequest;

interface OutputRequest {
  readonly json: boolean;
  readonly noColor: boolean;
}

export interface LeaksRequest extends OutputRequest {
  readonly command: "leaks";
  readonly files: readonly string[];
  /** Suspects to show. */
  readonly top: number;
  /** Bytes; undefined leaves it to core. */
  readonly minGrowth: number | undefined;
  /** Requests, or whatever the process did, between the snapshots: one number for all intervals or one for each. */
  readonly cycles: readonly number[] | undefined;
  /** The snapshots are: before an action, after it, after cleaning up. */
  readonly cleanup: boolean;
  readonly exitZero: boolean;
}

export interface SummaryRequest extends OutputRequest {
  readonly command: "summary";
  readonly file: string;
  /** Classes to show. */
  readonly top: number;
}

export interface RetainersRequest extends OutputRequest {
  readonly command: "retainers";
  readonly file: string;
  readonly id: number;
}

/** Something to run, a text to print and be done, or one message of a few lines about wrong usage. */
export type Parsed =
  | { readonly kind: "run"; readonly request: Request }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string };

type Values = Readonly<Record<string, unknown>>;

/** None is global to yargs: each command lists its own. */
const OUTPUT_OPTIONS = {
  json: { type: "boolean", global: false, describe: "Print the report as JSON" },
  "no-color": { type: "boolean", global: false, describe: "Print without colour, as with NO_COLOR=1" },
} as const;
const LEAKS_OPTIONS = {
  top: { type: "string", global: false, requiresArg: true, describe: "Suspects to show (default 5)" },
  "min-growth": {
    type: "string",
    global: false,
    requiresArg: true,
    describe: "Leave out what grew by less: 10kB, 1MB",
  },
  cycles: {
    type: "string",
    global: false,
    requiresArg: true,
    describe: "Requests between the snapshots: 50, or 500,50",
  },
  cleanup: {
    type: "boolean",
    global: false,
    describe: "The third snapshot was taken after cleaning up: what is left?",
  },
  "exit-zero": { type: "boolean", global: false, describe: "Exit with 0 although something leaks" },
  ...OUTPUT_OPTIONS,
} as const;
const SUMMARY_OPTIONS = {
  top: { type: "string", global: false, requiresArg: true, describe: "Classes to show (default 20)" },
  ...OUTPUT_OPTIONS,
} as const;

const EVERYWHERE = ["help", "version"];
const OPTIONS = {
  leaks: [...Object.keys(LEAKS_OPTIONS), ...EVERYWHERE],
  summary: [...Object.keys(SUMMARY_OPTIONS), ...EVERYWHERE],
  retainers: [...Object.keys(OUTPUT_OPTIONS), ...EVERYWHERE],
  completion: EVERYWHERE,
} as const;
const COMMANDS = ["summary", "retainers", "completion"] as const;
const WITH_VALUE = ["--top", "--min-growth", "--cycles"];
const COMPLETIONS = "--get-yargs-completions";
const MAX_NODE_ID = 2 ** 32 - 1;

/** Reads the arguments that follow the program's name. What a user typed never makes it throw. */
export async function parseArgs(argv: readonly string[], version: string, width: number): Promise<Parsed> {
  const completing = argv[0] === COMPLETIONS;
  const operands: string[] = [];
  const words = completing ? argv : guardOperands(argv, operands);
  const restore = (word: string) => (word.startsWith("\0") ? operands[Number(word.slice(1))]! : word);

  const misspelt = completing ? undefined : (unknownCommand(words) ?? unknownOption(words));
  if (misspelt !== undefined) return { kind: "usage", message: misspelt };

  // With the callback yargs neither prints nor ends the process; what it has to say comes back as a value.
  let error: Error | undefined;
  let output = "";
  const values = await build(version, width).parseAsync(words, {}, (failure: unknown, _values: unknown, text) => {
    if (failure instanceof Error) error = failure;
    output = text;
  });

  if (error !== undefined) return { kind: "usage", message: usageMessage(error, words, restore) };
  if (completing) return { kind: "print", text: output.replace(/^\$0\n/m, "") };
  if (output !== "") return { kind: "print", text: withoutTypes(output) };
  try {
    return { kind: "run", request: toRequest(values, restore) };
  } catch (problem) {
    if (problem instanceof UsageError) return { kind: "usage", message: problem.message };
    throw problem;
  }
}

class UsageError extends Error {}

/**
 * Hides from yargs what it would misread as an option or lose: everything behind `--`, a lone `-`, an empty name. Each
 * goes to `operands` and leaves NUL and its number, which no real argument can contain.
 */
function guardOperands(argv: readonly string[], operands: string[]): string[] {
  const dashes = argv.indexOf("--");
  const guard = (word: string) => `\0${operands.push(word) - 1}`;
  const before = argv.slice(0, dashes === -1 ? undefined : dashes);
  const behind = dashes === -1 ? [] : argv.slice(dashes + 1);
  return [...before.map((word) => (word === "-" || word === "" ? guard(word) : word)), ...behind.map(guard)];
}

function build(version: string, width: number): Argv {
  const parser = yargs();
  return (
    parser
      .scriptName("leakdiff")
      .locale("en")
      .parserConfiguration({
        "boolean-negation": false,
        "camel-case-expansion": false,
        "dot-notation": false,
        "parse-numbers": false,
        "parse-positional-numbers": false,
      })
      .usage("Names what leaks in a JavaScript process, from two or three V8 heap snapshots.")
      // Here too, or yargs would take what follows `--json` for its value before it has seen the command.
      .options(LEAKS_OPTIONS)
      .command("$0 <a> <b> [more..]", "Name what leaks; oldest snapshot first", (command) =>
        command
          .positional("a", { type: "string", describe: "The first snapshot; - is standard input" })
          .positional("b", { type: "string", describe: "One taken later, after more of the same work" })
          .positional("more", { type: "string", array: true, describe: "A third tells a leak from a warm-up" })
          .options(LEAKS_OPTIONS)
          .example("leakdiff a.heapsnapshot b.heapsnapshot", "What grew?")
          .example("leakdiff --min-growth 1MB a b c", "What grew by 1 MB or more, steadily?")
          .example("leakdiff --cycles 500,50 a b c", "500 requests, then 50: what does each leak?")
          .example("leakdiff --cleanup a b c", "Cleaned up before c: what is left?")
          .example("leakdiff summary c.heapsnapshot --top 50", "What fills the heap?")
          .example("leakdiff retainers c.heapsnapshot @12345", "Why is this object alive?")
          .epilogue(
            "Exit codes: 0 nothing grew; 1 something leaks; 2 trouble: usage, unreadable, cannot tell.\n" +
              "Snapshots come from v8.writeHeapSnapshot(), node --heapsnapshot-signal or DevTools.",
          ),
      )
      .command("summary <file>", "Show what fills one heap, class by class", (command) =>
        command
          .positional("file", { type: "string", describe: "The snapshot; - is standard input" })
          .options(SUMMARY_OPTIONS),
      )
      .command("retainers <file> <id>", "Explain why one object is alive", (command) =>
        command
          .positional("file", { type: "string", describe: "The snapshot; - is standard input" })
          .positional("id", { type: "string", describe: "The object, as leakdiff and DevTools print it: @12345" })
          .options(OUTPUT_OPTIONS),
      )
      .command(
        "completion",
        "Print a completion script for bash or zsh",
        (command) => command.epilogue("For example: leakdiff completion >> ~/.bashrc"),
        () => void parser.showCompletionScript(),
      )
      .strict()
      .help()
      .alias("help", "h")
      .describe("help", "Show this help")
      .version(version)
      .describe("version", "Show the version")
      .wrap(width)
  );
}

/** Help says in its words what an option takes; yargs's type tags only push them off the line. */
function withoutTypes(help: string): string {
  return help.replaceAll(/\s*\[(?:boolean|string|default|required|array)\]/g, "").trimEnd();
}

/** The words that are neither options nor their values. */
function operandsOf(words: readonly string[]): string[] {
  return words.filter((word, position) => !word.startsWith("-") && !WITH_VALUE.includes(words[position - 1] ?? ""));
}

function commandOf(words: readonly string[]): keyof typeof OPTIONS {
  const [first] = operandsOf(words);
  return COMMANDS.find((command) => command === first) ?? "leaks";
}

/** A file called `sumary` can still be given as `./sumary`. */
function unknownCommand(words: readonly string[]): string | undefined {
  const [word] = operandsOf(words);
  if (word === undefined || commandOf(words) !== "leaks" || /[./\\\0]/.test(word)) return undefined;
  const command = word === "help" ? "--help" : nearest(word, COMMANDS);
  return command && `there is no command ${word}; did you mean leakdiff ${command}?`;
}

function unknownOption(words: readonly string[]): string | undefined {
  const command = commandOf(words);
  const known: readonly string[] = OPTIONS[command];
  const anywhere: readonly string[] = Object.values(OPTIONS).flat();
  for (const [position, word] of words.entries()) {
    if (!word.startsWith("-") || word === "-h" || WITH_VALUE.includes(words[position - 1]!)) continue;
    const option = word.split("=", 1)[0]!;
    const name = option.replace(/^--/, "");
    if (known.includes(name)) continue;
    if (anywhere.includes(name)) return `leakdiff ${command === "leaks" ? "<a> <b>" : command} has no ${option}`;
    const meant = nearest(name.replace(/^-/, ""), known);
    return `there is no option ${option}${meant === undefined ? "" : `; did you mean --${meant}?`}`;
  }
  return undefined;
}

/** Our words for what yargs found; its own where there are none. */
function usageMessage(error: Error, words: readonly string[], restore: (word: string) => string): string {
  const command = commandOf(words);
  const operands = operandsOf(words).map(restore);
  const valueless = /^Not enough arguments following: (\S+)/.exec(error.message);
  if (valueless) return `--${valueless[1]} needs a value, as in ${exampleOf(valueless[1]!)}`;
  switch (command) {
    case "summary":
      return operands.length < 2
        ? "summary needs a snapshot: leakdiff summary a.heapsnapshot"
        : `summary takes one snapshot; "${operands[2]}" is too much`;
    case "retainers":
      return operands.length < 3
        ? "retainers needs a snapshot and an object's id: leakdiff retainers a.heapsnapshot @12345"
        : `retainers takes one snapshot and one id; "${operands[3]}" is too much`;
    case "completion":
      return `completion takes nothing; "${operands[1]}" is too much`;
    case "leaks": {
      const [only] = operands;
      if (only === undefined) {
        return "give two or three snapshots of one process, oldest first: leakdiff a.heapsnapshot b.heapsnapshot";
      }
      if (operands.length > 1) return error.message;
      const file = shellWord(only);
      return (
        "one snapshot shows what is there, not what grows\n" +
        `Let the process do more of the same work, take a second one, and run leakdiff ${file} second.heapsnapshot\n` +
        `To see what fills this one, run leakdiff summary ${file}`
      );
    }
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  top: "--top 10",
  "min-growth": "--min-growth 1MB",
  cycles: "--cycles 50, or --cycles 500,50",
};

function exampleOf(option: string): string {
  return EXAMPLES[option] ?? `--${option}`;
}

function toRequest(values: Values, restore: (word: string) => string): Request {
  const words = (name: string) => [values[name] ?? []].flat().map((word) => restore(String(word)));
  const output = { json: values["json"] === true, noColor: values["no-color"] === true };
  const [file = ""] = words("file");
  switch ((values["_"] as unknown[])[0]) {
    case "summary":
      return { command: "summary", file, top: toTop(words("top"), 20), ...output };
    case "retainers":
      return { command: "retainers", file, id: toId(words("id")), ...output };
    default: {
      const files = [...words("a"), ...words("b"), ...words("more")];
      if (files.filter((name) => name === "-").length > 1) {
        throw new UsageError("standard input (-) can be read only once; give the other snapshot as a file");
      }
      const minGrowth = toMinGrowth(words("min-growth"));
      const cleanup = values["cleanup"] === true;
      if (cleanup && files.length !== 3) {
        throw new UsageError(
          `--cleanup takes three snapshots: before an action, after it, and after cleaning up; there are ${files.length}\n` +
            "For example: leakdiff --cleanup before.heapsnapshot after.heapsnapshot cleaned.heapsnapshot",
        );
      }
      const cycles = toCycles(words("cycles"), cleanup ? 2 : files.length);
      const exitZero = values["exit-zero"] === true;
      return { command: "leaks", files, top: toTop(words("top"), 5), minGrowth, cycles, cleanup, exitZero, ...output };
    }
  }
}

function toTop(given: readonly string[], otherwise: number): number {
  const text = given.at(-1);
  if (text === undefined) return otherwise;
  if (!/^0*[1-9]\d{0,8}$/.test(text)) {
    throw new UsageError(`--top takes a whole number from 1, as in ${exampleOf("top")}; "${text}" is none`);
  }
  return Number(text);
}

function toMinGrowth(given: readonly string[]): number | undefined {
  const text = given.at(-1);
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes === undefined) {
    throw new UsageError(`--min-growth takes a size, as in 512, 10kB, 1MB or 64KiB; "${text}" is none`);
  }
  return bytes;
}

function toCycles(given: readonly string[], snapshots: number): readonly number[] | undefined {
  const text = given.at(-1);
  if (text === undefined) return undefined;
  if (!/^0*[1-9]\d{0,14}(?:,0*[1-9]\d{0,14})*$/.test(text)) {
    throw new UsageError(`--cycles takes whole numbers from 1, as in ${exampleOf("cycles")}; "${text}" is none`);
  }
  const cycles = text.split(",").map(Number);
  const intervals = snapshots - 1;
  if (cycles.length > 1 && intervals === 1) {
    throw new UsageError(`there is one interval to count, so --cycles takes one number, as in --cycles ${cycles[0]}`);
  }
  if (cycles.length === 1 || cycles.length === intervals) return cycles;
  const each = Array.from({ length: intervals }, (_, i) => cycles[Math.min(i, cycles.length - 1)]);
  throw new UsageError(
    `--cycles takes one number, or one for each of the ${intervals} intervals between ${snapshots} snapshots, ` +
      `as in --cycles ${each.join(",")}; "${text}" has ${cycles.length}`,
  );
}

function toId(given: readonly string[]): number {
  const text = given.at(-1) ?? "";
  const id = /^@?\d{1,10}$/.test(text) ? Number(text.replace("@", "")) : Infinity;
  if (id > MAX_NODE_ID) throw new UsageError(`an object's id is a number as in @12345; "${text}" is none`);
  return id;
}
