import { statSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../render/shell-word.js";
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
import { toReport } from "./values.js";

export interface LeaksRequest extends ReportRequest {
  readonly command: "leaks";
  readonly files: readonly string[];
  /** Requests, or whatever the process did, between the snapshots: one number for all intervals or one for each. */
  readonly cycles: readonly number[] | undefined;
  /** The snapshots are: before an action, after it, after cleaning up. */
  readonly cleanup: boolean;
}

export const leaks: Command<LeaksRequest> = {
  name: "leaks",
  usage: "$0 <a> <b> [more..]",
  describe: "Name what leaks; oldest snapshot first",
  options: {
    cycles: valued("Requests between the snapshots: 50, or 500,50"),
    cleanup: flag("The third snapshot was taken after cleaning up: what is left?"),
    ...REPORT_OPTIONS,
    ...OUTPUT_OPTIONS,
  },
  build: (command) =>
    closing(
      command
        .positional("a", { type: "string", describe: "The first snapshot; - is standard input" })
        .positional("b", { type: "string", describe: "One taken later, after more of the same work" })
        .positional("more", { type: "string", array: true, describe: "A third tells a leak from a warm-up" }),
      [
        ["leakdiff a.heapsnapshot b.heapsnapshot", "What grew?"],
        ["leakdiff --min-growth 1MB a b c", "What grew by 1 MB or more, steadily?"],
        ["leakdiff --cycles 500,50 a b c", "500 requests, then 50: what does each leak?"],
        ["leakdiff --cleanup a b c", "Cleaned up before c: what is left?"],
        ["leakdiff --source-root . a b c", "Bundled? Names and lines as in the source"],
        ["leakdiff summary c.heapsnapshot --top 50", "What fills the heap?"],
        ["leakdiff retainers c.heapsnapshot @12345", "Why is this object alive?"],
      ],
      "Exit codes: 0 nothing grew; 1 something leaks; 2 trouble: usage, unreadable, cannot tell.",
      "Snapshots come from v8.writeHeapSnapshot(), node --heapsnapshot-signal or DevTools.",
    ),
  request(given) {
    const files = [...given.words("a"), ...given.words("b"), ...given.words("more")];
    if (files.filter((name) => name === "-").length > 1) {
      throw new UsageError("standard input (-) can be read only once; give the other snapshot as a file");
    }
    const cleanup = given.flag("cleanup");
    if (cleanup && files.length !== 3) {
      throw new UsageError(
        `--cleanup takes three snapshots: before an action, after it, and after cleaning up; there are ${files.length}\n` +
          "For example: leakdiff --cleanup before.heapsnapshot after.heapsnapshot cleaned.heapsnapshot",
      );
    }
    const cycles = toCycles(given, cleanup ? 2 : files.length);
    return { command: "leaks", files, cycles, cleanup, ...toReport(given) };
  },
  misuse([only, ...others], theirs) {
    if (only === undefined) {
      return (
        "give two or three snapshots of one process, oldest first: leakdiff a.heapsnapshot b.heapsnapshot\n" +
        "There are none yet? leakdiff run --url /page -- node server.js starts a program, puts load on it and takes them,\n" +
        "and leakdiff attach 12345 takes them of a process that runs"
      );
    }
    if (others.length > 0) return theirs;
    const file = shellWord(only);
    if (isFolder(only)) {
      const inside = ["a", "b"].map((name) => shellWord(join(only, `${name}.heapsnapshot`))).join(" ");
      return `${only} is a folder; name the snapshots in it, oldest first, as in leakdiff ${inside}`;
    }
    return (
      "one snapshot shows what is there, not what grows\n" +
      `Let the process do more of the same work, take a second one, and run leakdiff ${file} second.heapsnapshot\n` +
      `To see what holds most of this one, run leakdiff summary ${file}`
    );
  },
};

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false; // whoever reads it says what is wrong
  }
}

function toCycles(given: Given, snapshots: number): readonly number[] | undefined {
  const text = given.words("cycles").at(-1);
  if (text === undefined) return undefined;
  if (!/^0*[1-9]\d{0,14}(?:,0*[1-9]\d{0,14})*$/.test(text)) {
    throw new UsageError(
      `--cycles takes whole numbers from 1, as in --cycles 50, or --cycles 500,50; "${text}" is none`,
    );
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
