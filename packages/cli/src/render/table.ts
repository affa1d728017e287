import Table from "cli-table3";
import { width } from "./text-width.js";
import { shorten, NO_BREAK_SPACE } from "./wrap.js";
import type { Paint } from "./style.js";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** How the first column gives way; others never do. */
  readonly shorten?: (text: string, columns: number) => string;
  /** Left out when the line would be too long: 1 goes first. */
  readonly spare?: number;
}

export interface TableLook {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly indent: string;
  readonly heading: Paint;
}

const GAP = 3;
const LEAST = 12;
const EMPTY_CELL = "\ue000";
const FULL_CELL = "\ue001";
const NO_LINES = Object.fromEntries(
  ["top", "bottom", "mid", "left", "right"].flatMap((side) => [
    [side, ""],
    [`${side}-mid`, ""],
    [`${side}-left`, ""],
    [`${side}-right`, ""],
  ]),
);

/**
 * Lines of a table without rules. The first column gives way when the line is too long.
 *
 * cli-table3 lays out stand-ins of the right width instead of the cells: it takes some emoji and combining marks for
 * wider or narrower than terminals do, and the cells come from snapshots that can hold anything.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], look: TableLook): string[] {
  const titles = columns.map((column) => column.title);
  const all = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll(NO_BREAK_SPACE, " ")));
  const widths = titles.map((_, column) => Math.max(...all.map((row) => width(row[column]!))));
  const kept = keptColumns(columns, widths, look.columns - width(look.indent));
  const others = kept.slice(1).reduce((sum, column) => sum + widths[column]! + GAP, width(look.indent));
  const fit = columns[0]?.shorten ?? shorten;
  const cells = all
    .map((row) => kept.map((column) => row[column]!))
    .map(([name, ...rest]) => [fit(name!, Math.max(look.columns - others, LEAST)), ...rest]);

  const layout = new Table({
    chars: { ...NO_LINES, middle: " ".repeat(GAP) },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
    colAligns: kept.map((column) => columns[column]!.align),
  });
  for (const row of cells) layout.push(row.map(standIn));

  const queue = cells.flat().filter((cell) => cell !== "");
  return layout
    .toString()
    .split("\n")
    .map((line, index) => {
      const text = line.replaceAll(/\ue001\ue000*/g, () => queue.shift()!).trimEnd();
      return look.indent + (index === 0 ? look.heading(text) : text);
    });
}

/** Which columns fit into `room`, the first one shortened if need be. */
function keptColumns(columns: readonly Column[], widths: readonly number[], room: number): number[] {
  let kept = columns.map((_, column) => column);
  const spares = [...new Set(columns.map((column) => column.spare ?? Infinity))].sort((a, b) => a - b);
  for (const spare of spares) {
    const first = Math.min(widths[0]!, 2 * LEAST);
    const needed = kept.slice(1).reduce((sum, column) => sum + widths[column]! + GAP, first);
    if (needed <= room || spare === Infinity) break;
    kept = kept.filter((column) => columns[column]!.spare !== spare);
  }
  return kept;
}

function standIn(cell: string): string {
  return cell === "" ? "" : FULL_CELL + EMPTY_CELL.repeat(Math.max(width(cell) - 1, 0));
}
