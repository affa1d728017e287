import { amountsWithUnit, wholeAmount } from "./amounts.js";
import type { FieldValues } from "./field-value.js";
import { MemoryLogError, quoted } from "./memory-log-error.js";
import { type FieldKind, kindOfField, type LineReader, type Reading, type Sink } from "./reading.js";

/** How a table separates its cells. */
export interface TableForm {
  readonly separator: "," | ";" | "\t" | " ";
  /** What the columns hold, by position; of a table without a header it is guessed. */
  readonly columns: readonly Column[];
  readonly hasHeader: boolean;
}

export interface Column {
  readonly name: string;
  readonly kind: FieldKind | undefined;
}

const SEPARATORS = ["\t", ";", ","] as const;
const MOST_COLUMNS = 200;

/** How to read a table of which these are the first lines; `undefined` if they are none, or tell no memory. */
export function tableFormOf(lines: readonly string[]): TableForm | undefined {
  const [first, ...rows] = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  // `1,234.5` is one number.
  if (first === undefined || wholeAmount(first) !== undefined) return undefined;
  for (const separator of [...SEPARATORS, " "] as const) {
    const header = cellsOf(first, separator);
    if (header.length > MOST_COLUMNS || (header.length < 2 && separator !== ",")) continue;
    if (rows.slice(0, 5).some((row) => cellsOf(row, separator).length !== header.length)) continue;
    const hasHeader = header.every(isName);
    if (!hasHeader && separator === " ") continue;
    const columns = hasHeader
      ? named(
          header,
          rows.map((row) => cellsOf(row, separator)),
        )
      : guessed(header);
    // A single column without a header is a plain log.
    if (columns === undefined || (header.length < 2 && !hasHeader)) continue;
    return { separator, columns, hasHeader };
  }
  return undefined;
}

/** Tables, with a header or without: CSV, tabs, and what is set in columns, such as `ps` prints. */
export class CsvReader implements LineReader {
  private readonly file: string;
  private readonly sink: Sink;
  private readonly form: TableForm;
  private readonly values: FieldValues;
  private header: string | undefined;

  constructor(file: string, sink: Sink, form: TableForm, values: FieldValues) {
    this.file = file;
    this.sink = sink;
    this.form = form;
    this.values = values;
  }

  read(line: string, number: number): void {
    if (line.trim() === "" || line.startsWith("#")) return;
    if (this.form.hasHeader && this.header === undefined) {
      this.header = line;
      return;
    }
    // `ps` in a loop repeats its header, and so do files that were joined.
    if (line === this.header) return;
    const cells = cellsOf(line, this.form.separator);
    const reading: Reading = {};
    for (const [position, { name, kind }] of this.form.columns.entries()) {
      const cell = cells[position] ?? "";
      if (kind === undefined || this.values.put(reading, name, cell, kind)) continue;
      if (kind === "at") continue;
      throw new MemoryLogError(
        this.file,
        `line ${number} has ${quoted(cell)} in column ${position + 1} (${name}), where a number is expected; correct or remove that line`,
      );
    }
    this.sink(reading);
  }
}

function named(header: readonly string[], rows: readonly (readonly string[])[]): Column[] | undefined {
  const columns = header.map((name) => ({ name, kind: kindOfField(name) }));
  const has = (...kinds: (FieldKind | undefined)[]) => columns.some(({ kind }) => kinds.includes(kind));
  if (has("heapUsed", "rss", "memory")) return columns;
  // Exports of dashboards name the column after the series. It is the first one that holds sizes.
  const memory = header.findIndex(
    (_, at) => columns[at]!.kind === undefined && rows.length > 0 && rows.every((row) => isMemory(row[at] ?? "")),
  );
  if (memory === -1 || !has("at")) return undefined;
  return columns.map((column, at) => (at === memory ? { ...column, kind: "memory" } : column));
}

/** Without names: the last of one or two columns is memory, the first of several is time. */
function guessed(cells: readonly string[]): Column[] | undefined {
  if (!/^\d/.test(cells[0]!)) return undefined;
  const memory = cells.findIndex((cell, at) => (at > 0 || cells.length === 1) && isMemory(cell));
  if (memory === -1) return undefined;
  return cells.map((_, at) => ({
    name: `column ${at + 1}`,
    kind: at === memory ? "memory" : at === 0 ? "at" : undefined,
  }));
}

function isMemory(cell: string): boolean {
  return cell === "" || wholeAmount(cell) !== undefined;
}

/** A heading: words without a size in them, or a series as Prometheus and Grafana name it. */
function isName(cell: string): boolean {
  return (
    /^(?:[\w:]+)?\{.*\}$/.test(cell) ||
    (/^[@%]?[a-z_][\w .%@()[\]/-]{0,60}$/i.test(cell) && amountsWithUnit(cell).length === 0)
  );
}

function cellsOf(line: string, separator: string): string[] {
  if (separator === " ") return line.trim().split(/\s+/, MOST_COLUMNS + 1);
  if (!line.includes('"')) return line.split(separator, MOST_COLUMNS + 1).map((cell) => cell.trim());
  const cells: string[] = [];
  const cell = new RegExp(String.raw`(?:\s*"((?:[^"]|"")*)"\s*|([^${separator}]*))(?:${separator}|$)`, "y");
  while (cell.lastIndex < line.length && cells.length <= MOST_COLUMNS) {
    const match = cell.exec(line);
    if (match === null) break;
    cells.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
    if (match[0] === "") break;
  }
  return cells;
}
