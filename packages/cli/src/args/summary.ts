import { type Command, FORCE_OPTION, OUTPUT_OPTIONS, type OutputRequest, SOURCE_OPTIONS, valued } from "./command.js";
import { toTop } from "./values.js";

export interface SummaryRequest extends OutputRequest {
  readonly command: "summary";
  readonly file: string;
  /** Classes to show, and holders. */
  readonly top: number;
  /** The folder of the program's sources and source maps. */
  readonly sourceRoot: string | undefined;
  /** Try it even if memory seems to be short. */
  readonly force: boolean;
}

export const summary: Command<SummaryRequest> = {
  name: "summary",
  usage: "summary <file>",
  describe: "Show what fills one heap: what holds most, and classes",
  options: {
    top: valued("Holders and classes to show (default 20)"),
    ...SOURCE_OPTIONS,
    ...FORCE_OPTION,
    ...OUTPUT_OPTIONS,
  },
  build: (command) => command.positional("file", { type: "string", describe: "The snapshot; - is standard input" }),
  request: (given) => ({
    command: "summary",
    file: given.words("file")[0]!,
    top: toTop(given, 20),
    sourceRoot: given.words("source-root").at(-1),
    force: given.flag("force"),
    ...given.output,
  }),
  misuse: ([file, more]) =>
    file === undefined
      ? "summary needs a snapshot: leakdiff summary a.heapsnapshot"
      : `summary takes one snapshot; "${more}" is too much`,
};
