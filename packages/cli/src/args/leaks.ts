import { shellWord } from "../render/shell-word.js";
import {
  type Command,
  flag,
  type Given,
  MEMORY_OPTIONS,
  OUTPUT_OPTIONS,
  type OutputRequest,
  REPORT_OPTIONS,
  SOURCE_OPTIONS,
  UsageError,
  valued,
} from "./command.js";
import { exampleOf, toMemory, toMinGrowth, toTop } from "./values.js";

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
  /** The folder of the program's sources and source maps. */
  readonly sourceRoot: string | undefined;
  /** Tell texts of the heap. */
  readonly showStrings: boolean;
  /** "low": take less memory, and longer. */
  readonly memory: "low" | undefined;
  /** Try it even if memory seems to be short. */
  readonly force: boolean;
  readonly exitZero: boolean;
}

const { top, "min-growth": minGrowth, "exit-zero": exitZero } = REPORT_OPTIONS;

export const leaks: Command<LeaksRequest> = {
  name: "leaks",
  usage: "$0 <a> <b> [more..]",
  describe: "Name what leaks; oldest snapshot first",
  options: {
    top: top!,
    "min-growth": minGrowth!,
    cycles: valued("Requests between the snapshots: 50, or 500,50"),
    cleanup: flag("The third snapshot was taken after cleaning up: what is left?"),
    ...SOURCE_OPTIONS,
    "show-strings": flag("Show keys and strings of what leaks: users' data"),
    ...MEMORY_OPTIONS,
    "exit-zero": exitZero!,
    ...OUTPUT_OPTIONS,
  },
  build: (command) =>
    command
      .positional("a", { type: "string", describe: "The first snapshot; - is standard input" })
      .positional("b", { type: "string", describe: "One taken later, after more of the same work" })
      .positional("more", { type: "string", array: true, describe: "A third tells a leak from a warm-up" })
      .example("leakdiff a.heapsnapshot b.heapsnapshot", "What grew?")
      .example("leakdiff --min-growth 1MB a b c", "What grew by 1 MB or more, steadily?")
      .example("leakdiff --cycles 500,50 a b c", "500 requests, then 50: what does each leak?")
      .example("leakdiff --cleanup a b c", "Cleaned up before c: what is left?")
      .example("leakdiff --source-root . a b c", "Bundled? Names and lines as in the source")
      .example("leakdiff summary c.heapsnapshot --top 50", "What fills the heap?")
      .example("leakdiff retainers c.heapsnapshot @12345", "Why is this object alive?")
      .epilogue(
        "Exit codes: 0 nothing grew; 1 something leaks; 2 trouble: usage, unreadable, cannot tell.\n" +
          "Snapshots come from v8.writeHeapSnapshot(), node --heapsnapshot-signal or DevTools.",
      ),
  request(given) {
    const files = [...given.words("a"), ...given.words("b"), ...given.words("more")];
    if (files.filter((name) => name === "-").length > 1) {
      throw new UsageError("standard input (-) can be read only once; give the other snapshot as a file");
    }
    const minGrowth = toMinGrowth(given);
    const cleanup = given.flag("cleanup");
    if (cleanup && files.length !== 3) {
      throw new UsageError(
        `--cleanup takes three snapshots: before an action, after it, and after cleaning up; there are ${files.length}\n` +
          "For example: leakdiff --cleanup before.heapsnapshot after.heapsnapshot cleaned.heapsnapshot",
      );
    }
    const cycles = toCycles(given, cleanup ? 2 : files.length);
    const exitZero = given.flag("exit-zero");
    const sourceRoot = given.words("source-root").at(-1);
    const showStrings = given.flag("show-strings");
    const memory = toMemory(given);
    const force = given.flag("force");
    const of = { minGrowth, cycles, cleanup, sourceRoot, showStrings, memory, force, exitZero };
    return { command: "leaks", files, top: toTop(given, 5), ...of, ...given.output };
  },
  misuse([only, ...others], theirs) {
    if (only === undefined) {
      return "give two or three snapshots of one process, oldest first: leakdiff a.heapsnapshot b.heapsnapshot";
    }
    if (others.length > 0) return theirs;
    const file = shellWord(only);
    return (
      "one snapshot shows what is there, not what grows\n" +
      `Let the process do more of the same work, take a second one, and run leakdiff ${file} second.heapsnapshot\n` +
      `To see what fills this one, run leakdiff summary ${file}`
    );
  },
};

function toCycles(given: Given, snapshots: number): readonly number[] | undefined {
  const text = given.words("cycles").at(-1);
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
