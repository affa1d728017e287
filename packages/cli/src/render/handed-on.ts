import type { ReportRequest } from "../args/command.js";
import { shellWord } from "./shell-word.js";
import type { Style } from "./style.js";

/** What a request said that another command about the same snapshots has to be told again. */
export type Asked = Partial<
  Pick<ReportRequest, "minGrowth" | "sourceRoot" | "showStrings" | "memory" | "force" | "known">
>;

/** Whether nobody can read what was read from there a second time. */
export function isReadOnce(file: string): boolean {
  return /^(?:-|standard input|\/dev\/.*|\/proc\/.*)$/.test(file);
}

/** What commands are good for, and their words, as lines to copy from. */
export function commandLines(commands: readonly (readonly [string, readonly string[]])[], paint: Style): string[] {
  return commands.flatMap(([why, words]) => [paint.dim(`${why}:`), `  ${words.join(" ")}`]);
}

/** Options that `leakdiff retainers` understands too, as they are typed. */
export function toRetainers({ sourceRoot, force }: Asked): string[] {
  return [...(sourceRoot === undefined ? [] : ["--source-root", shellWord(sourceRoot)]), ...(force ? ["--force"] : [])];
}

/** Options of another comparison, as they are typed; `cycles` as the report has them. */
export function toComparison(asked: Asked, cycles: readonly number[] | null): string[] {
  const { minGrowth, showStrings, memory, known = [] } = asked;
  return [
    ...(cycles === null ? [] : ["--cycles", [...new Set(cycles)].join(",")]),
    ...(minGrowth === undefined ? [] : ["--min-growth", String(minGrowth)]),
    ...(showStrings ? ["--show-strings"] : []),
    ...(memory === undefined ? [] : ["--memory", memory]),
    ...known.flatMap((fingerprint) => ["--known", fingerprint]),
    ...toRetainers(asked),
  ];
}
