import type { Argv, Options } from "yargs";

/** One command of the program: its help, its options, and how its request is made of what was given. */
export interface Command<Request> {
  /** As it is typed; `leaks` is what leakdiff does without one. */
  readonly name: string;
  /** For yargs: the name and the operands. */
  readonly usage: string;
  /** What it does, in a few words. */
  readonly describe: string;
  /** Only its own; none is global to yargs. */
  readonly options: Readonly<Record<string, Options>>;
  /** Everything from its first operand on belongs to another program. */
  readonly wrapsProgram?: boolean;
  /** Adds operands, examples and closing words. */
  build(command: Argv): Argv;
  /** @throws UsageError */
  request(given: Given): Request;
  /** What to say if there are too few or too many operands. `theirs` is what yargs would say. */
  misuse(operands: readonly string[], theirs: string): string;
}

/** What stood on the command line. */
export interface Given {
  /** Values of an option or operand, in their order. */
  words(name: string): readonly string[];
  /** True for an option that is there. */
  flag(name: string): boolean;
  /** What every command may be told about its output. */
  readonly output: OutputRequest;
}

export interface OutputRequest {
  readonly json: boolean;
  readonly noColor: boolean;
}

/** Wrong usage, in a line or a few. */
export class UsageError extends Error {}

/** An option with a value, which our own words describe; yargs's type tags would only push them off the line. */
export function valued<Text extends string>(describe: Text): Options {
  return { type: "string", global: false, requiresArg: true, describe };
}

export function flag<Text extends string>(describe: Text): Options {
  return { type: "boolean", global: false, describe };
}

/**
 * What stands below the options: examples, each with what it does in a line of its own, since commands are long and a
 * second column would break them; and sentences, which yargs wraps.
 */
export function closing(
  command: Argv,
  examples: readonly (readonly [example: string, does: string])[],
  ...sentences: readonly string[]
): Argv {
  const lines = examples.map(([example, does]) => `  ${example}\n      ${does}\n`);
  return command.epilogue(`Examples:\n${lines.join("")} \n${sentences.join("\n")}`);
}

export const OUTPUT_OPTIONS: Readonly<Record<string, Options>> = {
  json: flag("Print the report as JSON"),
  "no-color": flag("Print without colour, as with NO_COLOR=1"),
};

/** For what may need much memory. */
export const FORCE_OPTION: Readonly<Record<string, Options>> = {
  force: flag("Try it even if memory seems to be short"),
};

/** For what tells names and places. */
export const SOURCE_OPTIONS: Readonly<Record<string, Options>> = {
  "source-root": valued("A folder of sources and source maps: tells original names and lines"),
};

/** What may be said of a report about leaks, in the order of the help. */
export const REPORT_OPTIONS: Readonly<Record<string, Options>> = {
  top: valued("Suspects to show (default 5)"),
  "min-growth": valued("Leave out what grew by less: 10kB, 1MB"),
  ...SOURCE_OPTIONS,
  "show-strings": flag("Show keys and strings of what leaks: users' data"),
  memory: valued("low: read one file after the other, for less memory"),
  ...FORCE_OPTION,
  known: valued("A leak not to count, by the name behind its @id; more than once"),
  "exit-zero": flag("Exit with 0 although something leaks"),
};

/** What REPORT_OPTIONS say. */
export interface ReportRequest extends OutputRequest {
  /** Suspects to show. */
  readonly top: number;
  /** Bytes; undefined leaves it to core. */
  readonly minGrowth: number | undefined;
  /** The folder of the program's sources and source maps. */
  readonly sourceRoot: string | undefined;
  /** Tell texts of the heap. */
  readonly showStrings: boolean;
  /** "low": take less memory, and longer. */
  readonly memory: "low" | undefined;
  /** Try it even if memory seems to be short. */
  readonly force: boolean;
  /** Fingerprints of leaks that are not to count. */
  readonly known: readonly string[];
  readonly exitZero: boolean;
}
