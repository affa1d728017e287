import type { LeakReport, PathStep, SnapshotSummary, SourceLocation, Suspect } from "@leakdiff/core";
import { countsAsLeak } from "../gate.js";
import { classTable } from "./class-table.js";
import { foldPath, pathSpans } from "./path.js";
import { plainText } from "./plain-text.js";
import type { Look } from "./look.js";
import { shellWord } from "./shell-word.js";
import { style, type Paint, type Style } from "./style.js";
import { table, type Column } from "./table.js";
import { texts } from "./texts.js";
import { prose } from "./prose.js";
import { bytes, count, counted, signedBytes } from "./units.js";
import { shorten, shortenPath, width, wrap, NO_BREAK_SPACE, type Span } from "./wrap.js";

const TITLE_COLUMNS = 240;
const PLACE_COLUMNS = 400;
const OTHERS = 3;
const OTHER_COLUMNS = 90;
const SETTLED = 3;
const LABEL = "held by".length;

/** What leaks, what holds it, and where the rest of the growth went: for a person who has never seen a heap. */
export function renderLeaks(report: LeakReport, look: Look): string {
  const paint = style(look.color);
  const leaks = report.suspects.filter(countsAsLeak);
  const stopped = report.suspects.filter((suspect) => !countsAsLeak(suspect));
  const blocks = [
    verdict(report, look.columns, paint),
    byName(report, look.columns, paint),
    ...suspects(leaks.slice(0, look.top), report, look.columns, paint),
    omittedSuspects(leaks.length - look.top, leaks.length, look.columns, paint),
    settled(stopped, look.columns, paint),
    snapshots(report.snapshots, look.columns, paint),
    totals(report, look.columns),
    classTable(report, look.columns, paint),
    next(report, leaks[0], paint),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")
    .concat("\n");
}

function verdict(report: LeakReport, columns: number, paint: Style): string[] {
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
  const notes = report.warnings.flatMap(({ message }) =>
    wrap([{ text: prose(message) }], columns, paint.yellow("note:") + " ", "      "),
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

/** What is above the suspects, so that nobody takes them for leaks that were proved. */
function byName({ comparison, suspects: all }: LeakReport, columns: number, paint: Style): string[] {
  if (comparison === "by-id" || all.length === 0) return [];
  return wrap([{ text: "compared by name, not by object: weaker", paint: paint.dim }], columns);
}

function suspects(shown: readonly Suspect[], { comparison }: LeakReport, columns: number, paint: Style): string[][] {
  const unit = comparison === "by-id" ? "leaks" : "gained";
  const sizes = shown.map((suspect) =>
    signedBytes(suspect.growth.kept ?? sum(suspect.growth.bytes)).replaceAll(NO_BREAK_SPACE, " "),
  );
  const rankWidth = String(shown.length).length + 2;
  const sizeWidth = Math.max(LABEL, ...sizes.map(width));
  return shown.map((suspect, index) => {
    const rank = paint.dim(String(index + 1).padStart(rankWidth));
    const size = paint.bold(sizes[index]!.padStart(sizeWidth));
    const left = " ".repeat(rankWidth + 2);
    const right = " ".repeat(rankWidth + 2 + sizeWidth + 3);
    const labelled = (label: string, spans: readonly Span[]) =>
      spans.length === 0 ? [] : wrap(spans, columns, `${left}${paint.dim(label.padEnd(sizeWidth))}   `, right);
    const holderAt = suspect.path.findIndex((step) => step.holder);
    const toHolder = suspect.path.slice(0, holderAt + 1);
    const sample = sampleOf(suspect);
    return [
      ...wrap([{ text: title(suspect), paint: paint.bold }], columns, `${rank}  ${size}   `, right),
      ...wrap([{ text: growthWords(suspect) }], columns, right),
      ...place(suspect).map((path) => `${left}${paint.dim("at".padEnd(sizeWidth))}   ${path}`),
      ...sourceLine(suspect, columns - width(right)).map((line) => right + paint.dim(line)),
      ...labelled("a cycle", cycle(suspect)),
      ...labelled("held by", pathSpans(foldPath(toHolder, 2, 4), paint)),
      ...labelled("also by", alsoHeldBy(suspect)),
      ...labelled(unit, [{ text: prose(suspect.leaked.words) }]),
      ...labelled(
        "such as",
        sample ? [{ text: `${plainText(sample.node.name)}${NO_BREAK_SPACE}@${sample.node.id}` }] : [],
      ),
      ...labelled("strings", texts(suspect)),
      ...labelled("fix", [{ text: prose(suspect.advice) }]),
      ...labelled("id", [
        { text: `@${suspect.holder.nodeId} ·`, paint: paint.dim },
        { text: plainText(suspect.fingerprint), paint: paint.dim },
      ]),
    ];
  });
}

/** The other holders of the same objects, which have to let go as well. */
function alsoHeldBy({ alsoHeldBy: titles }: Suspect): Span[] {
  if (titles.length === 0) return [];
  const shown = titles.slice(0, OTHERS).map((each) => shorten(plainText(each), OTHER_COLUMNS));
  const more = titles.length > OTHERS ? ` and ${count(titles.length - OTHERS)} more` : "";
  return [{ text: `${shown.join("; ")}${more}: nothing is freed before all of them let go` }];
}

/** One of the leaked objects. Its key is not told: keys of caches are often data of somebody's users. */
function sampleOf({ path }: Suspect): PathStep | undefined {
  const behind = path.slice(path.findIndex((step) => step.holder) + 1).filter((step) => !step.internal);
  return path.some((step) => step.holder) ? behind.at(-1) : undefined;
}

function title(suspect: Suspect): string {
  return shorten(plainText(suspect.title), TITLE_COLUMNS);
}

/** Where to click: the whole path of the file, which the title has no room for. Broken into lines it would not work. */
function place({ holder: { location, module } }: Suspect): string[] {
  const at = location ? locationText(location) : (module ?? "");
  return at === "" ? [] : [shortenPath(plainText(at), PLACE_COLUMNS)];
}

/** The line of source, as wide as there is room, with its number. */
function sourceLine({ holder: { location } }: Suspect, columns: number): string[] {
  const text = location?.original?.text?.trim() ?? "";
  if (text === "") return [];
  const number = `${location!.original!.line} | `;
  return [number + shorten(plainText(text), Math.max(columns - number.length, 20))];
}

function locationText(location: SourceLocation): string {
  const { file, line, column } = location.original ?? location;
  return `${file}:${line}:${column}`;
}

const VERDICT_WORDS: Record<Suspect["verdict"], string> = {
  growing: "growing",
  stepped: "growing in steps",
  settled: "settled",
  decaying: "slowing down",
  turnover: "none of what it held before is left",
  grew: "grew",
};

const LEFT = "not cleaned up";

/** "1 → 3 → 5 elements; +52.1 MB, then +56.3 MB: growing". */
function growthWords({ growth, verdict }: Suspect): string {
  const counts =
    growth.entryCounts && growth.entryCounts.length > 0 ? series(growth.entryCounts.map(count), " → ") : "";
  const words = growth.kept !== null && verdict === "grew" ? LEFT : VERDICT_WORDS[verdict];
  const entries = counts && `${counts} ${plainText(growth.entryWord ?? "entries")}; `;
  return `${entries}${series(growth.bytes.map(signedBytes), ", then ")}: ${words}`;
}

/** Rates that differ by no more than this share are told as one. */
const ALIKE = 0.02;

/** "adds exactly 20 entries: 1.9 kB": what one request, or whatever the process does, leaves behind. */
function cycle({ growth: { perCycle, entryWord } }: Suspect): Span[] {
  if (perCycle === null) return [];
  const size = rates(perCycle.bytes, (each) => bytes(each), ALIKE);
  if (perCycle.entries === null) return [{ text: `adds ${size}` }];
  const isExact = perCycle.whole && new Set(perCycle.entries).size === 1;
  const entries = rates(perCycle.entries, rate, perCycle.entries.every(Number.isInteger) ? 0 : ALIKE);
  const word = plainText(entryWord ?? "entries");
  const noun = entries === "1" ? word.replace(/ies$/, "y").replace(/s$/, "") : word;
  return [{ text: `adds ${isExact ? "exactly " : ""}${entries}${NO_BREAK_SPACE}${noun}: ${size}` }];
}

function rates(values: readonly number[], words: (value: number) => string, alike: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isOne = most === least || (least > 0 && most - least <= most * alike);
  return isOne ? words(sum(values) / values.length) : series(values.map(words), ", then ");
}

/** Three figures of what does not come out even. */
function rate(value: number): string {
  if (Number.isInteger(value)) return count(value);
  return `about${NO_BREAK_SPACE}${Math.abs(value) < 100 ? String(Number(value.toPrecision(3))) : count(value)}`;
}

/** The first three and the last two of many. */
function series(values: readonly string[], separator: string): string {
  const shown = values.length <= 6 ? values : [...values.slice(0, 3), "…", ...values.slice(-2)];
  return shown.join(separator);
}

function omittedSuspects(omitted: number, all: number, columns: number, paint: Style): string[] {
  if (omitted <= 0) return [];
  return wrap(
    [{ text: `… ${counted(omitted, "more suspect")}; --top ${all} shows all`, paint: paint.dim }],
    columns,
    "  ",
  );
}

function settled(suspects: readonly Suspect[], columns: number, paint: Style): string[] {
  if (suspects.length === 0) return [];
  const stopped = suspects.toSorted((a, b) => sum(b.growth.bytes) - sum(a.growth.bytes));
  const sizes = stopped.map((suspect) => signedBytes(sum(suspect.growth.bytes)).replaceAll(NO_BREAK_SPACE, " "));
  const sizeWidth = Math.max(...sizes.slice(0, SETTLED).map(width));
  const lines = stopped
    .slice(0, SETTLED)
    .flatMap((suspect, index) => [
      ...wrap([{ text: title(suspect) }], columns, `  ${sizes[index]!.padStart(sizeWidth)}   `),
      ...wrap([{ text: growthWords(suspect) }], columns, " ".repeat(sizeWidth + 5)),
    ]);
  const omitted = stopped.length - SETTLED;
  const more = omitted > 0 ? [paint.dim(`  … ${count(omitted)} more`)] : [];
  return [paint.dim(`also grew, ${stoppedWords(stopped)}`), ...lines, ...more];
}

function stoppedWords(stopped: readonly Suspect[]): string {
  if (stopped.every(({ verdict }) => verdict === "settled")) return "but stopped";
  if (stopped.every(({ verdict }) => verdict === "turnover")) return "but lets go";
  return stopped.some(({ verdict }) => verdict === "turnover") ? "but not as leaks do" : "but less and less";
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

/** Keeps the snapshot's number in front of its path. */
function shortenNumbered(cell: string, columns: number): string {
  const [number = ""] = /^\d+ +/.exec(cell) ?? [];
  return number + shortenPath(cell.slice(number.length), columns - number.length);
}

const COMPARABILITY_WORDS: Partial<Record<SnapshotSummary["comparability"], string>> = {
  "same-file": "the same snapshot again",
  "other-process": "another process",
  unclear: "perhaps another process",
};

/** One line whose terms add up; what rounding hides is hidden in all of them alike. */
function totals({ totals: parts, verdict }: LeakReport, columns: number): string[] {
  if (verdict === "cannot-tell") return [];
  const terms: [string, readonly number[]][] = [
    ["suspects", parts.suspects],
    ["settled", parts.settled],
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

const STANDARD_INPUT = ["-", "standard input"];

/** What to do next, as commands to copy. */
function next(report: LeakReport, first: Suspect | undefined, paint: Style): string[] {
  const files = report.snapshots.map((snapshot) => snapshot.file);
  const last = files.at(-1);
  if (first === undefined || last === undefined || files.some((file) => STANDARD_INPUT.includes(file))) return [];
  const sample = sampleOf(first);
  const id = sample?.node.id ?? first.holder.nodeId;
  const why = sample ? "why one of them is alive" : "why it is alive";
  const commands = [[why, `leakdiff retainers ${shellWord(last)} @${id}`]];
  if (report.verdict === "grew") {
    commands.unshift([
      "after the same work once more",
      `leakdiff ${files.map(shellWord).join(" ")} third.heapsnapshot`,
    ]);
  }
  return commands.flatMap(([why, command]) => [paint.dim(`${why}:`), `  ${command}`]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
