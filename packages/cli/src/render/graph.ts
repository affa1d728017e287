import type { MemorySample } from "@leakdiff/capture";
import { style, type Paint, type Style } from "./style.js";
import { bytes } from "./units.js";
import { width } from "./text-width.js";
import { NO_BREAK_SPACE, shorten } from "./wrap.js";

/** What a drawing may depend on besides its samples. */
export interface GraphLook {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** Without characters that not every terminal has. */
  readonly ascii?: boolean;
  /** Lines between the top and the axis; 10 if not given. */
  readonly rows?: number;
}

/** What a drawing shows besides memory. */
export interface GraphMarks {
  /** Positions of samples that are the first of a restarted process. */
  readonly restarts?: readonly number[];
  /** Positions of the samples that stand beside a snapshot, in the order of the snapshots. */
  readonly snapshots?: readonly number[];
  /** Bytes; drawn as a line where it is not far above. */
  readonly limit?: number;
  /** What stands below the first and the last sample, such as "0" and "9,400 requests". */
  readonly ends?: readonly [string, string];
}

/** The axis of memory: what its lowest and its highest line stand for. */
interface Scale {
  readonly bottom: number;
  readonly top: number;
}

interface Column {
  readonly low: number;
  readonly high: number;
}

const ROWS = 10;
const WIDEST_BAR = 6;
const LABEL = 9;
const BLOCKS = " ▁▂▃▄▅▆▇█";
const ASCII_BLOCKS = "  ...::##";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * Lines of a drawing of `heapUsed` over time: filled up to the lowest sample of a column, shaded from there to the highest.
 * No lines without samples.
 */
export function renderGraph(samples: readonly MemorySample[], look: GraphLook, marks: GraphMarks = {}): string[] {
  if (samples.length === 0) return [];
  const paint = style(look.color);
  const rows = look.rows ?? ROWS;
  const room = Math.max(look.columns - LABEL - 2, 8);
  const count = Math.min(room, samples.length * WIDEST_BAR);
  const columnOf = (position: number) => Math.min(Math.floor((position * count) / samples.length), count - 1);
  const columns = columnsOf(samples, count);
  const scale = scaleOf(columns, marks.limit);
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) lines.push(line(columns, row, rows, scale, look, marks.limit, paint));
  const [corner, dash] = look.ascii ? ["+", "-"] : ["└", "─"];
  lines.push(paint.dim(`${label(scale.bottom)} ${corner}${dash.repeat(count)}`));
  lines.push(...markLines(marks, columnOf, count, look, paint));
  if (marks.ends) lines.push(paint.dim(endsLine(marks.ends, count)));
  return lines.map((text) => text.trimEnd());
}

function columnsOf(samples: readonly MemorySample[], count: number): Column[] {
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * samples.length) / count);
    const to = Math.max(Math.floor(((column + 1) * samples.length) / count), from + 1);
    let low = Infinity;
    let high = 0;
    for (let at = from; at < to; at++) {
      const { heapUsed } = samples[at]!;
      low = Math.min(low, heapUsed);
      high = Math.max(high, heapUsed);
    }
    return { low, high };
  });
}

/** Less than this, drawn large, would look like more than it is. */
const WORTH_A_LOOK = 5e6;

/** From zero, unless all that happens happens far above; up to a round number, or to a limit that is near. */
function scaleOf(columns: readonly Column[], limit: number | undefined): Scale {
  const low = columns.reduce((least, column) => Math.min(least, column.low), Infinity);
  const high = columns.reduce((most, column) => Math.max(most, column.high), 1);
  const reach = limit !== undefined && limit > high && limit < 2 * high ? limit : high;
  const from = low > 0.7 * reach && reach - low >= WORTH_A_LOOK ? low - (reach - low) * 0.5 : 0;
  const step = roundUp((reach - from) / 4 || reach / 4);
  const bottom = Math.max(Math.floor(from / step) * step, 0);
  return { bottom, top: Math.max(Math.ceil(reach / step) * step, bottom + step) };
}

function roundUp(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 2.5, 5, 10].find((digit) => digit * power >= number * 0.999)! * power;
}

function line(
  columns: readonly Column[],
  row: number,
  rows: number,
  { bottom, top }: Scale,
  look: GraphLook,
  limit: number | undefined,
  paint: Style,
): string {
  const height = (value: number) => ((value - bottom) / (top - bottom)) * rows;
  const blocks = look.ascii ? ASCII_BLOCKS : BLOCKS;
  const shade = look.ascii ? "'" : "░";
  const atLimit = limit !== undefined && Math.min(Math.floor(height(limit)), rows - 1) === row && limit <= top;
  const cells = columns.map(({ low, high }) => {
    const filled = Math.min(Math.max(height(low) - row, 0), 1);
    const block = blocks[Math.round(filled * 8)]!;
    if (block !== " ") return { text: block, paint: paint.cyan };
    // What is there shows, be it less than an eighth of a line.
    if (row === 0 && low > 0) return { text: blocks[1] === " " ? "." : blocks[1]!, paint: paint.cyan };
    if (height(high) - row >= 0.5) return { text: shade, paint: paint.dim };
    return atLimit ? { text: look.ascii ? "=" : "╌", paint: paint.red } : { text: " ", paint: plain };
  });
  const tick = look.ascii ? "|" : "┤";
  const isLabelled = row === rows - 1 || row === Math.floor(rows / 2) - 1;
  const value = bottom + ((row + 1) / rows) * (top - bottom);
  const name = isLabelled ? label(value) : " ".repeat(LABEL);
  const axis = look.ascii || isLabelled ? tick : "│";
  return paint.dim(`${name} ${axis}`) + painted(cells);
}

function plain(text: string): string {
  return text;
}

function painted(cells: readonly { readonly text: string; readonly paint: Paint }[]): string {
  let out = "";
  for (let at = 0; at < cells.length;) {
    const { paint } = cells[at]!;
    let text = "";
    for (; at < cells.length && cells[at]!.paint === paint; at++) text += cells[at]!.text;
    out += paint(text);
  }
  return out;
}

function label(value: number): string {
  return bytes(value).replace(NO_BREAK_SPACE, " ").padStart(LABEL);
}

/** One line of marks below the axis, and what they mean. */
function markLines(
  { restarts = [], snapshots = [] }: GraphMarks,
  columnOf: (position: number) => number,
  count: number,
  look: GraphLook,
  paint: Style,
): string[] {
  if (restarts.length === 0 && snapshots.length === 0) return [];
  const restart = look.ascii ? "^" : "▲";
  const cells = Array.from({ length: count }, () => ({ text: " ", paint: plain as Paint }));
  for (const position of restarts) cells[columnOf(position)] = { text: restart, paint: paint.red };
  const letters = snapshots.map((_, at) => LETTERS[at % LETTERS.length]!);
  for (const [at, position] of snapshots.entries())
    cells[columnOf(position)] = { text: letters[at]!, paint: paint.bold };
  const legend = [
    ...(restarts.length > 0 ? [`${restart} restarted`] : []),
    ...(snapshots.length > 0 ? [`${letters.join(", ")} ${letters.length === 1 ? "snapshot" : "snapshots"}`] : []),
  ].join("; ");
  const indent = " ".repeat(LABEL + 2);
  return [indent + painted(cells), indent + paint.dim(shorten(legend, Math.max(look.columns - indent.length, 8)))];
}

function endsLine([first, last]: readonly [string, string], count: number): string {
  const gap = Math.max(count - width(first) - width(last), 1);
  return " ".repeat(LABEL + 2) + first + " ".repeat(gap) + last;
}
