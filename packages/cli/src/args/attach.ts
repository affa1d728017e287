import { closing, type Command, flag, OUTPUT_OPTIONS, REPORT_OPTIONS, type ReportRequest, valued } from "./command.js";
import { toDuration, toReport, toWhole } from "./values.js";

export interface AttachRequest extends ReportRequest {
  readonly command: "attach";
  /** A pid, host:port, or an address that starts with ws:. */
  readonly target: string;
  /** Milliseconds between two snapshots; undefined for when Enter is pressed. */
  readonly every: number | undefined;
  readonly page: string | undefined;
  readonly worker: string | undefined;
  readonly snapshots: number | undefined;
  readonly out: string | undefined;
  readonly gzip: boolean;
}

export const attach: Command<AttachRequest> = {
  name: "attach",
  usage: "attach <target>",
  describe: "Take snapshots of a process that runs, and name what leaks",
  options: {
    every: valued("Time between two snapshots: 30s, 5m (default: at Enter)"),
    snapshots: valued("How many (default 3)"),
    page: valued("The tab with this in its title or address"),
    worker: valued("The worker thread with this in its name or file"),
    out: valued("Folder for the snapshots (default: a new one here)"),
    gzip: flag("Write packed snapshots"),
    ...REPORT_OPTIONS,
    ...OUTPUT_OPTIONS,
  },
  build: (command) =>
    closing(
      command.positional("target", { type: "string", describe: "A pid, host:port of an inspector, or ws://..." }),
      [
        ["leakdiff attach 12345 --every 5m", "A Node process; opens its inspector"],
        ["leakdiff attach localhost:9222 --page Inbox", "A tab of Chrome; at Enter"],
      ],
      "A Node process opens its inspector at the signal SIGUSR1, for whoever may connect to this machine's loopback; leakdiff closes it again. A process stands still while a snapshot is taken.",
    ),
  request: (given) => ({
    command: "attach",
    target: given.words("target")[0]!,
    every: toDuration(given, "every"),
    page: given.words("page").at(-1),
    worker: given.words("worker").at(-1),
    snapshots: toWhole(given, "snapshots", 2, 26),
    out: given.words("out").at(-1),
    gzip: given.flag("gzip"),
    ...toReport(given),
  }),
  misuse: ([target, more]) =>
    target === undefined
      ? "attach needs a process: leakdiff attach 12345, or leakdiff attach localhost:9229"
      : `attach takes one process; "${more}" is too much`,
};
