import type { LeakReport } from "@leakdiff/core";
import { plainText } from "./plain-text.js";
import type { Style } from "./style.js";
import { table, type Column } from "./table.js";
import { count, counted, signedBytes, signedCount, sum } from "./units.js";

const CLASSES = 8;

/** Which classes gained bytes; of different processes how many there are more or fewer. */
export function classTable(report: LeakReport, columns: number, paint: Style): string[] {
  const growing = report.classes.filter((each) => each.bytes > 0);
  if (growing.length === 0) return [];
  const intervals = report.snapshots.length - 1;
  const isByName = report.comparison === "by-name";
  const perInterval = intervals > 1 && intervals <= 3;
  const titles: Column[] = [
    { title: "class", align: "left" },
    { title: isByName ? "gained" : "born", align: "right", spare: 2 },
    { title: isByName ? "lost" : "died", align: "right", spare: 2 },
    { title: "net", align: "right" },
  ];
  if (perInterval)
    for (let index = 1; index <= intervals; index++)
      titles.push({ title: `${index}→${index + 1}`, align: "right", spare: 1 });
  titles.push({ title: "growth", align: "right" });
  const rows = growing.slice(0, CLASSES).map((each) => {
    const born = sum(each.intervals.map((interval) => interval.born.count));
    const died = sum(each.intervals.map((interval) => interval.died.count));
    return [
      plainText(each.name),
      count(born),
      count(died),
      signedCount(born - died),
      ...(perInterval ? each.intervals.map((interval) => signedBytes(interval.bytes)) : []),
      signedBytes(each.bytes),
    ];
  });
  const lines = table(titles, rows, { columns, indent: "  ", heading: paint.dim });
  const omitted = growing.length - CLASSES;
  return omitted > 0 ? [...lines, paint.dim(`  … ${counted(omitted, "more class", "more classes")}`)] : lines;
}
