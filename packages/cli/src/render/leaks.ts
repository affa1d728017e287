import { countsAsLeak, type LeakReport, type SnapshotSummary, type Suspect } from "@leakdiff/core";
import { classTable } from "./class-table.js";
import { growthWords, isLoading } from "./growth-words.js";
import { type Asked, commandLines, isReadOnce, toComparison, toRetainers } from "./handed-on.js";
import type { Look } from "./look.js";
import { plainText } from "./plain-text.js";
import { prose } from "./prose.js";
import { shellWord } from "./shell-word.js";
import { style, type Paint, type Style } from "./style.js";
import { sampleOf, suspects, title } from "./suspects.js";
import { table, type Column } from "./table.js";
import { bytes, count, counted, signedBytes, sum } from "./units.js";
import { width } from "./text-width.js";
import { shortenPath, wrap, NO_BREAK_SPACE } from "./wrap.js";

/** Of what is no news so many are told. */
const BRIEFLY = 3;

/** What leaks, what holds it, and where the rest of the growth went: for a person who has never seen a heap. */
export function renderLeaks(report: LeakReport, look: Look): string {
  const paint = style(look.color);
  const names = look.asked?.known ?? [];
  const all = report.suspects.filter(countsAsLeak);
  const [leaks, known] = [false, true].map((is) => all.filter((each) => names.includes(each.fingerprint) === is)) as [
    Suspect[],
    Suspect[],
  ];
  const isAnswer = report.verdict !== "cannot-tell";
  const gone = names.filter((name) => report.suspects.every(({ fingerprint }) => isAnswer && fingerprint !== name));
  const stopped = report.suspects.filter((suspect) => !countsAsLeak(suspect));
  const blocks = [
    verdict(report, { known: known.length, all: all.length, gone }, look.columns, paint),
    byName(report, look.columns, paint),
    ...suspects(leaks.slice(0, look.top), report, look, paint),
    omittedSuspects(leaks.length - look.top, leaks.length, look.columns, paint),
    briefly("known, and not counted", known, look.columns, paint),
    briefly(`also grew, ${stoppedWords(stopped)}`, stopped, look.columns, paint),
    snapshots(report.snapshots, look.columns, paint),
    totals(report, look.columns),
    classTable(report, look.columns, paint),
    next(report, leaks[0], look.asked ?? {}, paint),
    look.asked?.sourceRoot !== undefined ? [] : sourceRootNote(leaks.slice(0, look.top), look.columns, paint),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")
    .concat("\n");
}

/** Of how many leaks how many are known, and the fingerprints of those that are known and are not there. */
interface Known {
  readonly known: number;
  readonly all: number;
  readonly gone: readonly string[];
}

function verdict(report: LeakReport, about: Known, columns: number, paint: Style): string[] {
  const color: Record<LeakReport["verdict"], Paint> = {
    leak: paint.red,
    grew: paint.yellow,
    "cannot-tell": paint.yellow,
    "no-leak": paint.green,
  };
  const lines = wrap(
    [{ text: prose(report.sentence), paint: (text) => paint.bold(color[report.verdict](text)) }],
    columns,
  );
  const notes = [...knownWords(about), ...report.warnings.map(({ message }) => prose(message))].flatMap((text) =>
    wrap([{ text }], columns, paint.yellow("note:") + " ", "      "),
  );
  if (report.verdict === "no-leak") {
    const least = bytes(report.smallestLeak);
    const grown =
      report.snapshots.length > 2 ? `in every interval, and by ${least} or more in all,` : `by ${least} or more`;
    const text = report.cleanup
      ? `Any holder that keeps ${least} or more of it would be named here.`
      : `Anything that grew ${grown} would be named here.`;
    lines.push(...wrap([{ text }], columns));
  }
  return notes.length > 0 ? [...lines, "", ...notes] : lines;
}

function knownWords({ known, all, gone }: Known): string[] {
  const some =
    known === 1 ? "1 of these is known, and does not count" : `${known} of these are known, and do not count`;
  const every = all === 1 ? "this one is known: nothing new leaks" : "all of these are known: nothing new leaks";
  return [
    ...(known === 0 ? [] : [known === all ? every : some]),
    ...(gone.length === 0
      ? []
      : [`${gone.join(", ")} was not found here; what is mended need not be --known any more`]),
  ];
}

/** What is above the suspects, so that nobody takes them for leaks that were proved. */
function byName({ comparison, suspects: all }: LeakReport, columns: number, paint: Style): string[] {
  if (comparison === "by-id" || all.length === 0) return [];
  return wrap([{ text: "compared by name, not by object: weaker", paint: paint.dim }], columns);
}

function omittedSuspects(omitted: number, all: number, columns: number, paint: Style): string[] {
  if (omitted <= 0) return [];
  return wrap(
    [{ text: `… ${counted(omitted, "more suspect")}; --top ${all} shows all`, paint: paint.dim }],
    columns,
    "  ",
  );
}

function briefly(heading: string, suspects: readonly Suspect[], columns: number, paint: Style): string[] {
  if (suspects.length === 0) return [];
  const sorted = suspects.toSorted((a, b) => sum(b.growth.bytes) - sum(a.growth.bytes));
  const sizes = sorted.map((suspect) => signedBytes(sum(suspect.growth.bytes)).replaceAll(NO_BREAK_SPACE, " "));
  const sizeWidth = Math.max(...sizes.slice(0, BRIEFLY).map(width));
  const lines = sorted
    .slice(0, BRIEFLY)
    .flatMap((suspect, index) => [
      ...wrap([{ text: title(suspect) }], columns, `  ${sizes[index]!.padStart(sizeWidth)}   `),
      ...wrap([{ text: growthWords(suspect) }], columns, " ".repeat(sizeWidth + 5)),
    ]);
  const omitted = sorted.length - BRIEFLY;
  const more = omitted > 0 ? [paint.dim(`  … ${count(omitted)} more`)] : [];
  return [paint.dim(heading), ...lines, ...more];
}

function stoppedWords(stopped: readonly Suspect[]): string {
  if (stopped.every(({ verdict }) => verdict === "settled")) return "but stopped";
  if (stopped.every(({ verdict }) => verdict === "turnover")) return "but lets go";
  if (stopped.every(({ verdict }) => verdict === "filling")) return "but has a bound";
  return stopped.some((suspect) => ["turnover", "filling"].includes(suspect.verdict) || isLoading(suspect))
    ? "but not as leaks do"
    : "but less and less";
}

function snapshots(all: readonly SnapshotSummary[], columns: number, paint: Style): string[] {
  const titles: Column[] = [
    { title: "snapshot", align: "left", shorten: shortenNumbered },
    { title: "size", align: "right" },
    { title: "nodes", align: "right", spare: 1 },
    { title: "growth", align: "right" },
  ];
  const odd = all.some(({ comparability }) => comparability in COMPARABILITY_WORDS);
  if (odd) titles.push({ title: "", align: "left" });
  const rows = all.map((snapshot, index) => [
    `${index + 1}  ${plainText(snapshot.file)}`,
    bytes(snapshot.totalBytes),
    count(snapshot.nodeCount),
    index === 0 ? "" : signedBytes(snapshot.totalBytes - all[index - 1]!.totalBytes),
    ...(odd ? [COMPARABILITY_WORDS[snapshot.comparability] ?? ""] : []),
  ]);
  return table(titles, rows, { columns, indent: "  ", heading: paint.dim });
}

/** Keeps the snapshot's number in front of its path, and of that, where there is hardly any room, what tells them apart. */
function shortenNumbered(cell: string, columns: number): string {
  const [number = ""] = /^\d+ +/.exec(cell) ?? [];
  const isRoomy = width(cell) <= columns || columns >= 2 * ".heapsnapshot".length;
  const path = isRoomy ? cell : cell.replace(/\.heap(?:snapshot|timeline)(?:\.gz)?$/, "");
  return number + shortenPath(path.slice(number.length), columns - number.length);
}

const COMPARABILITY_WORDS: Partial<Record<SnapshotSummary["comparability"], string>> = {
  "same-file": "the same snapshot again",
  "other-process": "another process",
  unclear: "perhaps another process",
};

/** One line whose terms add up; what rounding hides is hidden in all of them alike. */
function totals({ totals: parts, snapshots: all }: LeakReport, columns: number): string[] {
  if (all.some(({ comparability }) => comparability === "same-file" || comparability === "other-process")) return [];
  const terms: (readonly [string, readonly number[]])[] = [
    ["suspects", parts.suspects],
    ["settled", parts.settled],
    ...(sum(parts.leftOut) === 0 ? [] : ([["left out by --min-growth", parts.leftOut]] as const)),
    ["engine", parts.engine],
    ["unexplained", parts.unexplained],
  ];
  const grown = sum(parts.growth);
  const words = terms.map(([name, intervals], index) => {
    const size = sum(intervals);
    const sign = size < 0 ? "- " : index === 0 ? "" : "+ ";
    return `${sign.replace(" ", NO_BREAK_SPACE)}${bytes(Math.abs(size))}${NO_BREAK_SPACE}${name}`;
  });
  const text = `heap ${grown < 0 ? "shrank:" : "grew"} ${bytes(grown)} = ${words.join(" ")}`;
  return wrap([{ text }], columns, "  ");
}

/**
 * Of long files V8 writes the beginning only, in which a variable may not be declared. And V8 runs JavaScript: where
 * TypeScript or the like seems to have run, places are those of what it was compiled to.
 */
function sourceRootNote(shown: readonly Suspect[], columns: number, paint: Style): string[] {
  const isWithoutLine = ({ holder: { name, module, location } }: Suspect): boolean =>
    name !== "" && location === null && module !== null && !/^(?:node|ext):/.test(module);
  const compiled = shown.map(({ holder }) => compiledFile(holder.location?.file ?? "")).find((name) => name !== "");
  if (compiled === undefined && !shown.some(isWithoutLine)) return [];
  const text = shown.some(isWithoutLine)
    ? "snapshots have only the beginning of long files: --source-root DIR, the program's folder, tells lines"
    : `${plainText(compiled!)} was compiled before it ran, and lines are those of that: --source-root DIR, the program's folder, tells whether they are the source's`;
  return wrap([{ text }], columns, `${paint.yellow("note:")} `, "      ");
}

/** The last part of a path or URL that is called as what no engine runs; else empty. */
function compiledFile(place: string): string {
  return /([^/\\]+\.(?:[cm]?tsx?|jsx|vue|svelte|astro))(?:\?.*)?$/.exec(place)?.[1] ?? "";
}

/** What to do next, as commands to copy. */
function next(report: LeakReport, first: Suspect | undefined, asked: Asked, paint: Style): string[] {
  const files = report.snapshots.map((snapshot) => snapshot.file);
  const last = files.at(-1);
  if (last === undefined || files.some(isReadOnce)) return [];
  if (first === undefined) {
    if (report.verdict !== "cannot-tell") return [];
    const held = ["leakdiff summary", shellWord(last), ...toRetainers(asked)];
    return commandLines([["what holds most of the last one", held]], paint);
  }
  const sample = sampleOf(first);
  const id = sample?.node.id ?? first.holder.nodeId;
  const why = sample ? "why one of them is alive" : "why it is alive";
  const commands: [string, readonly string[]][] = [];
  // Of the root there is nothing to tell.
  if (sample !== undefined || first.path.length > 1)
    commands.push([why, ["leakdiff retainers", shellWord(last), `@${id}`, ...toRetainers(asked)]]);
  if (report.verdict === "grew") {
    const again = ["leakdiff", ...files.map(shellWord), "third.heapsnapshot", ...toComparison(asked, report.cycles)];
    commands.unshift(["after the same work once more", again]);
  }
  return commandLines(commands, paint);
}
