import {
  type Command,
  FORCE_OPTION,
  type Given,
  OUTPUT_OPTIONS,
  type OutputRequest,
  SOURCE_OPTIONS,
  UsageError,
} from "./command.js";

export interface RetainersRequest extends OutputRequest {
  readonly command: "retainers";
  readonly file: string;
  readonly id: number;
  /** The folder of the program's sources and source maps. */
  readonly sourceRoot: string | undefined;
  /** Try it even if memory seems to be short. */
  readonly force: boolean;
}

const MAX_NODE_ID = 2 ** 32 - 1;

export const retainers: Command<RetainersRequest> = {
  name: "retainers",
  usage: "retainers <file> <id>",
  describe: "Explain why one object is alive",
  options: { ...SOURCE_OPTIONS, ...FORCE_OPTION, ...OUTPUT_OPTIONS },
  build: (command) =>
    command
      .positional("file", { type: "string", describe: "The snapshot; - is standard input" })
      .positional("id", { type: "string", describe: "The object, as leakdiff and DevTools print it: @12345" }),
  request: (given) => ({
    command: "retainers",
    file: given.words("file")[0]!,
    id: toId(given),
    sourceRoot: given.words("source-root").at(-1),
    force: given.flag("force"),
    ...given.output,
  }),
  misuse: ([, id, more]) =>
    id === undefined
      ? "retainers needs a snapshot and an object's id: leakdiff retainers a.heapsnapshot @12345"
      : `retainers takes one snapshot and one id; "${more}" is too much`,
};

function toId(given: Given): number {
  const text = given.words("id").at(-1) ?? "";
  const id = /^@?\d{1,10}$/.test(text) ? Number(text.replace("@", "")) : Infinity;
  if (id > MAX_NODE_ID) throw new UsageError(`an object's id is a number as in @12345; "${text}" is none`);
  return id;
}
