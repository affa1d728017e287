import type { SummaryReport } from "@leakdiff/core";
import type { Look } from "./look.js";
import { plainText } from "./plain-text.js";
import { prose } from "./prose.js";
import { style } from "./style.js";
import { table, type Column } from "./table.js";
import { bytes, count, counted } from "./units.js";
import { wrap } from "./wrap.js";

const COLUMNS: readonly Column[] = [
  { title: "class", align: "left" },
  { title: "count", align: "right" },
  { title: "own size", align: "right" },
  { title: "retained", align: "right" },
  { title: "of heap", align: "right" },
];

/** What fills one heap, class by class. */
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
  ];
  return lines.join("\n") + "\n";
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : "";
}
