import type { HolderSummary, SummaryReport } from "@leakdiff/core";
import { commandLines, isReadOnce, toRetainers } from "./handed-on.js";
import { locationText } from "./location-text.js";
import type { Look } from "./look.js";
import { plainText } from "./plain-text.js";
import { prose } from "./prose.js";
import { shellWord } from "./shell-word.js";
import { shortenNames } from "./shorten-names.js";
import { style, type Style } from "./style.js";
import { table, type Column } from "./table.js";
import { width } from "./text-width.js";
import { bytes, count, counted } from "./units.js";
import { NO_BREAK_SPACE, shortenPath, type Span, wrap } from "./wrap.js";

const TITLE_COLUMNS = 240;
const PLACE_COLUMNS = 400;
const CLASS_COLUMNS = 60;
const OTHERS = 3;

const COLUMNS: readonly Column[] = [
  { title: "class", align: "left" },
  { title: "count", align: "right" },
  { title: "own size", align: "right" },
  { title: "retained", align: "right" },
  { title: "of heap", align: "right" },
];

/** What fills one heap: what holds most of it, and what there is, class by class. */
export function renderSummary(report: SummaryReport, look: Look): string {
  const paint = style(look.color);
  const shown = report.classes.slice(0, look.top);
  const rows = shown.map((each) => [
    plainText(each.name),
    count(each.count),
    bytes(each.selfSize),
    bytes(each.retainedSize),
    share(each.retainedSize, report.totalBytes),
  ]);
  const head = `${plainText(report.file)}: ${bytes(report.totalBytes)} in ${counted(report.nodeCount, "node")} and ${counted(report.edgeCount, "edge")}`;
  const omitted = report.classes.length - shown.length;
  const lines = [
    ...wrap([{ text: head, paint: paint.bold }], look.columns),
    ...report.warnings.flatMap(({ message }) =>
      wrap([{ text: prose(message) }], look.columns, paint.yellow("note:") + " ", "      "),
    ),
    ...holders(report, look, paint),
    "",
    ...table(COLUMNS, rows, { columns: look.columns, indent: "  ", heading: paint.dim }),
    ...(omitted > 0
      ? [paint.dim(`  … ${counted(omitted, "more class", "more classes")}; --top ${report.classes.length} shows all`)]
      : []),
    "",
    ...wrap(
      [
        {
          text: "Retained is what would be freed if all objects of the class went; one object can count for several classes.",
          paint: paint.dim,
        },
      ],
      look.columns,
    ),
    ...next(report, look, paint),
  ];
  return lines.join("\n") + "\n";
}

/** What to do next, as commands to copy. */
function next({ file, holders: [first] }: SummaryReport, { asked = {} }: Look, paint: Style): string[] {
  if (first === undefined || isReadOnce(file)) return [];
  const why = ["leakdiff retainers", shellWord(file), `@${first.nodeId}`, ...toRetainers(asked)];
  const grow = ["leakdiff", shellWord(file), "second.heapsnapshot", ...toRetainers(asked)];
  return [
    "",
    ...commandLines(
      [
        ["why the first holder is alive", why],
        ["which of them grow, after more of the same work", grow],
      ],
      paint,
    ),
  ];
}

/** What keeps most alive, a block each. */
function holders({ holders: all, totalBytes }: SummaryReport, { top, columns }: Look, paint: Style): string[] {
  const shown = all.slice(0, top);
  if (shown.length === 0) return [];
  const sizes = shown.map((each) => bytes(each.bytes).replaceAll(NO_BREAK_SPACE, " "));
  const shares = shown.map((each) => share(each.bytes, totalBytes));
  const [sizeWidth, shareWidth] = [sizes, shares].map((cells) => Math.max(...cells.map(width))) as [number, number];
  const left = " ".repeat(2 + sizeWidth + 3 + shareWidth + 3);
  return [
    "",
    paint.dim("  held by"),
    ...shown.flatMap((each, i) => {
      const figures = `  ${paint.bold(sizes[i]!.padStart(sizeWidth))}   ${shares[i]!.padStart(shareWidth)}   `;
      const place = each.location === null ? "" : shortenPath(locationText(each.location), PLACE_COLUMNS);
      return [
        ...wrap(
          [{ text: shortenNames(plainText(each.title), TITLE_COLUMNS), paint: paint.bold }],
          columns,
          figures,
          left,
        ),
        ...wrap(contents(each), columns, left),
        ...(place === "" ? [] : [`${left}${paint.dim("at")} ${place}`]),
      ];
    }),
    ...(all.length > shown.length ? [paint.dim(`  … ${counted(all.length - shown.length, "more holder")}`)] : []),
  ];
}

/** "3,060 entries, mostly User; also held by Array `sorted`, a global", and by what to ask for more. */
function contents({ entries, holds, alsoHeldBy, nodeId }: HolderSummary): Span[] {
  const name = holds === null ? "" : shortenNames(plainText(holds), CLASS_COLUMNS);
  const counts = entries === null ? "" : `${count(entries.count)} ${entries.word}`;
  const what = [counts, name === "" ? "" : `mostly ${name}`].filter((words) => words !== "").join(", ");
  const others = alsoHeldBy.slice(0, OTHERS).map((title) => shortenNames(plainText(title), TITLE_COLUMNS));
  const more = alsoHeldBy.length > OTHERS ? ` and ${count(alsoHeldBy.length - OTHERS)} more` : "";
  const also = others.length === 0 ? "" : `; also held by ${others.join("; ")}${more}`;
  return [{ text: `${what}${also}${what === "" && also === "" ? "" : " · "}@${nodeId}` }];
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : "";
}
