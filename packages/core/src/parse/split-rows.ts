import { readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { areShared } from "./columns.js";
import type { EdgeColumns } from "./edge-columns.js";
import type { NodeColumns } from "./node-columns.js";
import { numberBefore } from "./plain-numbers.js";
import { MOST_BYTES, type RowOrder, RowPieces, type RowsRead, pieceCount, rowBoard, stopRows } from "./row-pieces.js";

/** Another thread that reads rows. */
export interface RowReader {
  /**
   * Reads pieces until there are none left. Rejected if the thread ends before.
   * @param over there are none left: whoever has not begun need not
   */
  read(order: RowOrder, over: Promise<unknown>): Promise<RowsRead>;
}

/** A file whose bytes can be read anywhere. */
export interface OpenFile {
  readonly fd: number;
  /** Bytes. */
  readonly size: number;
}

export interface SplitOptions {
  /** Threads that help; without any, this one reads alone. */
  readonly readers?: readonly RowReader[];
  /** Bytes. */
  readonly pieceSize?: number;
  /** Called now and then, with the place in the file. Stops the reading by throwing. */
  readonly onPiece?: (at: number) => void;
}

/** Bytes of a piece: few enough that it and its numbers stay in a core's cache between the scan and the columns. */
const PIECE_SIZE = 64 << 10;
/** Pieces read between two turns of the event loop, in which a signal can come: some milliseconds. */
const PIECES_A_TURN = 64;
/** Milliseconds to wait for a thread before looking whether it is still there. */
const PATIENCE = 20;

/** How far the rows of a section have been read. */
export interface RowsDone {
  /** Place in the file of the first byte that is not read: of a row, or of the closing bracket. */
  readonly at: number;
  /** Whether that is the closing bracket. */
  readonly whole: boolean;
}

/**
 * Reads the rows of a section, as far as they are plain, with the help of other threads.
 * @param start place of the opening bracket in the file
 * @returns null if that is not even the first row, or where rows cannot be read so; then all is as it was
 */
export async function splitRows(
  file: OpenFile,
  start: number,
  columns: NodeColumns | EdgeColumns,
  options: SplitOptions,
): Promise<RowsDone | null> {
  const order = orderFor(file, start, columns, options.pieceSize ?? PIECE_SIZE);
  const pieces = RowPieces.of(order);
  if (pieces === null) return null;
  const { board } = order;
  let lost = false;
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const readers = areShared(order.section.columns) ? (options.readers ?? []) : [];
  const helping = readers.map((reader) =>
    reader.read(order, over).catch(() => {
      lost = true;
      stopRows(board);
      return null;
    }),
  );
  const here = await readHere(pieces, options).finally(async () => {
    end();
    stopRows(board);
    await Promise.all(helping);
  });
  // Rows that a thread had taken when it ended are missing anywhere.
  const results = [here, ...(await Promise.all(helping))].filter((result) => result !== null);
  if (lost) return null;
  for (const { largest } of results) {
    columns.largest.name = Math.max(columns.largest.name, largest.name);
    columns.largest.target = Math.max(columns.largest.target, largest.target);
  }
  const failed = results.map((result) => result.failed).filter((piece) => piece >= 0);
  return failed.length > 0 ? upTo(Math.min(...failed), order, columns) : upToEnd(order, columns);
}

function orderFor(file: OpenFile, start: number, columns: NodeColumns | EdgeColumns, pieceSize: number): RowOrder {
  const { fd, size } = file;
  const board = rowBoard(pieceCount({ size, start, pieceSize }));
  return { fd, size, start, pieceSize, capacity: columns.capacity, section: columns.section(), board };
}

async function readHere(pieces: RowPieces, { onPiece }: SplitOptions): Promise<RowsRead> {
  for (let taken = 1; pieces.next(); taken++) {
    while (!pieces.awaitTurn(PATIENCE) && !pieces.isOver) await setImmediate();
    if (pieces.isOver) break;
    pieces.put();
    onPiece?.(pieces.at);
    if (taken % PIECES_A_TURN === 0) await setImmediate();
  }
  return pieces.result;
}

/** All rows are there. */
function upToEnd(order: RowOrder, columns: NodeColumns | EdgeColumns): RowsDone | null {
  const { board, section, size, start, pieceSize } = order;
  const [at, numbers, lastPiece] = board.end as unknown as [number, number, number];
  const rows = numbers / section.shape.fields.stride;
  const numbersBefore = board.numbersBefore.slice(0, lastPiece + 2).fill(numbers, lastPiece + 1);
  if (at === 0 || rows === 0 || !columns.placed(rows)) return null;
  if ("inText" in columns) columns.inText = { size, start, pieceSize, numbersBefore };
  return { at, whole: true };
}

/** The rows before a piece are there: goes back to the one that begins last before it. */
function upTo(piece: number, order: RowOrder, columns: NodeColumns | EdgeColumns): RowsDone | null {
  const { stride } = order.section.shape.fields;
  const numbers = order.board.numbersBefore[piece]!;
  const row = Math.ceil(numbers / stride) - 1;
  if (row < 1) return null;
  const end = order.start + 1 + piece * order.pieceSize;
  const bytes = Buffer.alloc(Math.min(end - order.start, (stride + 1) * MOST_BYTES));
  readSync(order.fd, bytes, 0, bytes.length, end - bytes.length);
  const at = numberBefore(bytes, bytes.length, numbers - 1 - row * stride);
  return at >= 0 && columns.placed(row) ? { at: end - bytes.length + at, whole: false } : null;
}
