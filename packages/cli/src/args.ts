import type { Argv } from "yargs";
import { attach, type AttachRequest } from "./args/attach.js";
import { type Command, type Given, UsageError } from "./args/command.js";
import { leaks, type LeaksRequest } from "./args/leaks.js";
import { plainCall, type Values } from "./args/plain-call.js";
import { retainers, type RetainersRequest } from "./args/retainers.js";
import { run, type RunRequest } from "./args/run.js";
import { summary, type SummaryRequest } from "./args/summary.js";
import { trend, type TrendRequest } from "./args/trend.js";
import { exampleOf } from "./args/values.js";
import { nearest } from "./nearest.js";

export type { AttachRequest } from "./args/attach.js";
export type { LeaksRequest } from "./args/leaks.js";
export type { RetainersRequest } from "./args/retainers.js";
export type { RunRequest } from "./args/run.js";
export type { SummaryRequest } from "./args/summary.js";
export type { TrendRequest } from "./args/trend.js";

/** What the command line asks for. */
export type Request = LeaksRequest | RunRequest | AttachRequest | TrendRequest | SummaryRequest | RetainersRequest;

/** Something to run, a text to print and be done, or one message of a few lines about wrong usage. */
export type Parsed =
  | { readonly kind: "run"; readonly request: Request }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string };

/** In the order of the help. The first is what leakdiff does if no other is named. */
const COMMANDS: readonly Command<Request>[] = [leaks, run, attach, trend, summary, retainers];
const NAMES = [...COMMANDS.slice(1).map(({ name }) => name), "completion"];
const EVERYWHERE = ["help", "version"];
const WITH_VALUE = COMMANDS.flatMap(({ options }) =>
  Object.keys(options).filter((name) => options[name]!.requiresArg === true),
).map((name) => `--${name}`);
const COMPLETIONS = "--get-yargs-completions";

/** Reads the arguments that follow the program's name. What a user typed never makes it throw. */
export async function parseArgs(argv: readonly string[], version: string, width: number): Promise<Parsed> {
  return parsePlainArgs(argv) ?? parseAnyArgs(argv, version, width);
}

/** Reads a call that takes no parser to understand; undefined for all others. */
export function parsePlainArgs(argv: readonly string[]): Parsed | undefined {
  const operands: string[] = [];
  const words = guardOperands(argv, operands);
  const command = commandOf(words);
  if (command === undefined || unknownCommand(words) !== undefined) return undefined;
  const name = operandPlaces(words)[0];
  const values = plainCall(command, command === leaks ? words : words.toSpliced(name!, 1));
  return values && requestOf(command, values, operands);
}

/** Reads any call, with yargs. */
export async function parseAnyArgs(argv: readonly string[], version: string, width: number): Promise<Parsed> {
  const completing = argv[0] === COMPLETIONS;
  const operands: string[] = [];
  const words = completing ? argv : guardOperands(argv, operands);

  const misspelt = completing ? undefined : (unknownCommand(words) ?? unknownOption(words) ?? cutOff(argv));
  if (misspelt !== undefined) return { kind: "usage", message: misspelt };

  // With the callback yargs neither prints nor ends the process; what it has to say comes back as a value.
  let error: Error | undefined;
  let output = "";
  const values = await build((await import("yargs")).default(), version, width).parseAsync(
    words,
    {},
    (failure: unknown, _values: unknown, text) => {
      if (failure instanceof Error) error = failure;
      output = text;
    },
  );

  if (error !== undefined) return { kind: "usage", message: usageMessage(error, words, operands) };
  if (completing) return { kind: "print", text: output.replace(/^\$0\n/m, "") };
  if (output !== "") return { kind: "print", text: withoutTypes(output) };
  const name = (values["_"] as unknown[])[0];
  return requestOf(COMMANDS.find((one) => one.name === name) ?? leaks, values, operands);
}

function requestOf(command: Command<Request>, values: Values, operands: readonly string[]): Parsed {
  try {
    return { kind: "run", request: command.request(givenBy(values, operands)) };
  } catch (problem) {
    if (problem instanceof UsageError) return { kind: "usage", message: problem.message };
    throw problem;
  }
}

/**
 * Hides from yargs what it would misread as an option or lose: everything behind `--`, a lone `-`, an empty name, and
 * another program's words. Each goes to `operands` and leaves NUL and its number, which no real argument can contain.
 */
function guardOperands(argv: readonly string[], operands: string[]): string[] {
  const guard = (word: string) => `\0${operands.push(word) - 1}`;
  const dashes = argv.indexOf("--");
  const before = argv.slice(0, dashes === -1 ? undefined : dashes);
  const behind = dashes === -1 ? [] : argv.slice(dashes + 1);
  const program = programPlace(before);
  if (program !== undefined) {
    return [...before.slice(0, program), ...argv.slice(program).map(guard)];
  }
  return [...before.map((word) => (word === "-" || word === "" ? guard(word) : word)), ...behind.map(guard)];
}

function restored(word: string, guarded: readonly string[]): string {
  return word.startsWith("\0") ? guarded[Number(word.slice(1))]! : word;
}

function build(parser: Argv, version: string, width: number): Argv {
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
    .options(leaks.options);
  for (const { usage, describe, options, build: buildCommand } of COMMANDS) {
    parser.command(usage, describe, (command) => buildCommand(command.options(options)));
  }
  return parser
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
    .wrap(width);
}

/** Help says in its words what an option takes; yargs's type tags only push them off the line. */
function withoutTypes(help: string): string {
  return help.replaceAll(/\s*\[(?:boolean|string|default(?:: \[\])?|required|array)\]/g, "").trimEnd();
}

/** Positions of the words that are neither options nor their values. */
function operandPlaces(words: readonly string[]): number[] {
  return [...words.keys()].filter(
    (place) => !words[place]!.startsWith("-") && !WITH_VALUE.includes(words[place - 1] ?? ""),
  );
}

/** Where another program's words begin that has no `--` in front of it; undefined if there is none. */
function programPlace(before: readonly string[]): number | undefined {
  return commandOf(before)?.wrapsProgram ? operandPlaces(before)[1] : undefined;
}

function operandsOf(words: readonly string[]): string[] {
  return operandPlaces(words).map((place) => words[place]!);
}

/** Undefined for `completion`, which is yargs's. */
function commandOf(words: readonly string[]): Command<Request> | undefined {
  const [first] = operandsOf(words);
  return first === "completion" ? undefined : (COMMANDS.find(({ name }) => name === first) ?? leaks);
}

/** A file called `sumary` can still be given as `./sumary`. */
function unknownCommand(words: readonly string[]): string | undefined {
  const [word] = operandsOf(words);
  if (word === undefined || commandOf(words) !== leaks || /[./\\\0]/.test(word)) return undefined;
  const [, of] = operandsOf(words);
  const help = COMMANDS.some(({ name }) => name === of && name !== leaks.name) ? `${of} --help` : "--help";
  const command = word === "help" ? help : word === "version" ? "--version" : nearest(word, NAMES);
  return command && `there is no command ${word}; did you mean leakdiff ${command}?`;
}

function unknownOption(words: readonly string[]): string | undefined {
  const command = commandOf(words);
  const known = [...Object.keys(command?.options ?? {}), ...EVERYWHERE];
  const anywhere = COMMANDS.flatMap(({ options }) => Object.keys(options));
  for (const [position, word] of words.entries()) {
    if (!word.startsWith("-") || word === "-h" || WITH_VALUE.includes(words[position - 1]!)) continue;
    const option = word.split("=", 1)[0]!;
    const name = option.replace(/^--/, "");
    if (known.includes(name)) continue;
    if (anywhere.includes(name)) {
      return `leakdiff ${command === leaks ? "<a> <b>" : (command?.name ?? "completion")} has no ${option}`;
    }
    if (option.includes(".")) return `there is no option ${option}; a file of that name is given as ./${option}`;
    const letters = name.replace(/^-/, "");
    const begun = letters.length === 1 ? known.filter((each) => each.startsWith(letters.toLowerCase())) : [];
    const meant = begun.length === 1 ? begun[0] : nearest(letters, known);
    return `there is no option ${option}${meant === undefined ? "" : `; did you mean --${meant}?`}`;
  }
  return undefined;
}

/** An option with nothing but `--` behind it would take the first word behind that. */
function cutOff(argv: readonly string[]): string | undefined {
  const before = argv.slice(0, Math.max(argv.indexOf("--"), 0));
  if (programPlace(before) !== undefined) return undefined; // the `--` is that one's
  const last = before.at(-1) ?? "";
  const isValue = WITH_VALUE.includes(before.at(-2) ?? "");
  return WITH_VALUE.includes(last) && !isValue ? needsValue(last.slice(2)) : undefined;
}

function needsValue(option: string): string {
  return `--${option} needs a value, as in ${exampleOf(option)}`;
}

/** Our words for what yargs found; its own where there are none. */
function usageMessage(error: Error, words: readonly string[], guarded: readonly string[]): string {
  const command = commandOf(words);
  const operands = operandsOf(words).map((word) => restored(word, guarded));
  const valueless = /^Not enough arguments following: (\S+)/.exec(error.message);
  if (valueless) return needsValue(valueless[1]!);
  if (command === undefined) return `completion takes nothing; "${operands[1]}" is too much`;
  return command.misuse(command === leaks ? operands : operands.slice(1), error.message);
}

function givenBy(values: Values, guarded: readonly string[]): Given {
  const flag = (name: string) => values[name] === true;
  return {
    words: (name) => [values[name] ?? []].flat().map((word) => restored(String(word), guarded)),
    flag,
    output: { json: flag("json"), noColor: flag("no-color") },
  };
}
