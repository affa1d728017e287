import { readSync } from "node:fs";
import { CLOSE_BRACKET, COMMA, OPEN_BRACKET } from "./json-bytes.js";
import type { Largest } from "./node-rows.js";
import { type Scan, Stop, ZEROS_BEHIND, nextNumber, scanPlainNumbers } from "./plain-numbers.js";
import { type RowKernel, rowKernel, type RowSection } from "./row-kernel.js";

/** What a thread has to know to read rows of one section. Plain data, to be sent to a worker. */
export interface RowOrder {
  /** The file, open in this process. */
  readonly fd: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Place of the section's opening bracket in the file. */
  readonly start: number;
  readonly pieceSize: number;
  /** Rows the columns have room for. */
  readonly capacity: number;
  readonly section: RowSection;
  readonly board: RowBoard;
}

/** What the threads that read one section tell each other. */
export interface RowBoard {
  /** The next piece to take; the piece whose first number is known; 1 if no more can be known. */
  readonly turns: Int32Array;
  /** piece -> how many numbers of the section begin before it */
  readonly numbersBefore: Float64Array;
  /** Place of the closing bracket in the file, 0 if it was not found; numbers of the section; the piece that found it. */
  readonly end: Float64Array;
}

/** Where the rows of a section are in a file, if all of them were read by pieces. Plain data. */
export interface RowsInText extends Pick<RowOrder, "size" | "start" | "pieceSize"> {
  /** piece -> how many numbers of the section begin before it; one more than there are pieces */
  readonly numbersBefore: Float64Array;
}

/** What one thread has to say when all pieces are taken. */
export interface RowsRead {
  readonly largest: Largest;
  /** The first piece that it could not make rows of; -1 if there is none. */
  readonly failed: number;
}

const NEXT = 0;
const TURN = 1;
const STOPPED = 2;

/** Bytes a number takes at most, with what is around it. */
export const MOST_BYTES = 13;

export function pieceCount({ size, start, pieceSize }: Pick<RowOrder, "size" | "start" | "pieceSize">): number {
  return Math.ceil((size - start - 1) / pieceSize);
}

/** The board for a section that nobody has begun to read. */
export function rowBoard(pieces: number): RowBoard {
  return {
    turns: new Int32Array(new SharedArrayBuffer(12)),
    numbersBefore: new Float64Array(new SharedArrayBuffer(8 * (pieces + 1))),
    end: new Float64Array(new SharedArrayBuffer(24)),
  };
}

/** Makes all threads stop after the pieces they have begun to put into the columns. */
export function stopRows({ turns }: RowBoard): void {
  Atomics.store(turns, STOPPED, 1);
  Atomics.notify(turns, TURN);
}

/**
 * One thread's part in reading a section of rows. The section is cut into pieces of one length, wherever that is; each
 * thread takes the next piece that nobody has taken, and scans the numbers that begin in it. Which rows they belong to
 * is known when all pieces before have been scanned, so that is told from piece to piece; then each thread puts the rows
 * that begin in its piece into the columns, while the others go on.
 *
 * It reads plain integers as V8 writes them and nothing else: at whatever is different it stops, and leaves it and all
 * behind it to the reader that knows all of JSON and what to say about it.
 */
export class RowPieces {
  readonly #order: RowOrder;
  readonly #stride: number;
  readonly #kernel: RowKernel;
  readonly #bytes: Uint8Array;
  readonly #scan: Scan = { at: 0, count: 0, stop: Stop.Full };
  readonly #largest: Largest = { name: 0, target: 0 };
  #piece = -1;
  #failed = -1;

  private constructor(order: RowOrder, kernel: RowKernel) {
    this.#order = order;
    this.#stride = order.section.shape.fields.stride;
    this.#kernel = kernel;
    this.#bytes = kernel.bytes;
  }

  /** Null where pieces cannot be read: see `rowKernel`. */
  static of(order: RowOrder): RowPieces | null {
    const { pieceSize, section } = order;
    const { stride } = section.shape.fields;
    const bytes = 1 + pieceSize + stride * MOST_BYTES + ZEROS_BEHIND;
    const kernel = rowKernel(section, bytes, (pieceSize >>> 1) + 1 + stride);
    return kernel === null ? null : new RowPieces(order, kernel);
  }

  get result(): RowsRead {
    return { largest: this.#largest, failed: this.#failed };
  }

  /** Does all that is left for this thread. */
  run(): RowsRead {
    while (this.next()) if (this.awaitTurn(Infinity)) this.put();
    return this.result;
  }

  /** Takes a piece and scans it. False if there is none left. */
  next(): boolean {
    const { turns } = this.#order.board;
    if (Atomics.load(turns, STOPPED) === 1) return false;
    const piece = Atomics.add(turns, NEXT, 1);
    if (piece >= pieceCount(this.#order)) return false;
    this.#scanPiece(piece);
    return true;
  }

  /** Puts the rows of a piece into the columns whose place is known. False if it is not as it was. */
  again(piece: number): boolean {
    const { numbersBefore } = this.#order.board;
    const before = numbersBefore[piece]!;
    this.#scanPiece(piece);
    return before + this.#scan.count === numbersBefore[piece + 1] && this.#putRows(before);
  }

  #scanPiece(piece: number): void {
    this.#piece = piece;
    this.#read();
    this.#scan.at = nextNumber(this.#bytes, 1);
    this.#scan.count = 0;
    this.#scanAll(1 + this.#order.pieceSize);
  }

  /** Waits until it is known where the piece begins, for so many milliseconds. */
  awaitTurn(milliseconds: number): boolean {
    const { turns } = this.#order.board;
    for (;;) {
      const turn = Atomics.load(turns, TURN);
      if (turn === this.#piece) return true;
      if (Atomics.load(turns, STOPPED) === 1) return false;
      if (Atomics.wait(turns, TURN, turn, milliseconds) === "timed-out") return false;
    }
  }

  /** Place in the file behind the piece. */
  get at(): number {
    const { start, pieceSize, size } = this.#order;
    return Math.min(start + 1 + (this.#piece + 1) * pieceSize, size);
  }

  /** Whether the piece will never have its turn. */
  get isOver(): boolean {
    const { turns } = this.#order.board;
    return Atomics.load(turns, STOPPED) === 1 && Atomics.load(turns, TURN) !== this.#piece;
  }

  /** Tells where the next piece begins, and puts the rows of this one into the columns. */
  put(): void {
    const { board, start, pieceSize } = this.#order;
    const piece = this.#piece;
    const before = board.numbersBefore[piece]!;
    const { count, stop, at } = this.#scan;
    const total = before + count;
    if (stop === Stop.Odd) {
      this.#fail();
      return stopRows(board);
    }
    if (stop === Stop.End) {
      board.end[0] = start + piece * pieceSize + at;
      board.end[1] = total;
      board.end[2] = piece;
      stopRows(board);
      if (total % this.#stride !== 0) return this.#fail();
    } else {
      board.numbersBefore[piece + 1] = total;
      Atomics.store(board.turns, TURN, piece + 1);
      Atomics.notify(board.turns, TURN);
    }
    if (!this.#putRows(before)) this.#fail();
  }

  #fail(): void {
    if (this.#failed < 0) this.#failed = this.#piece;
  }

  /** The byte before the piece, the piece, and as much behind it as its last row may take. */
  #read(): void {
    const { fd, start, pieceSize } = this.#order;
    const bytes = this.#bytes;
    const length = bytes.length - ZEROS_BEHIND;
    let filled = 0;
    while (filled < length) {
      const read = readSync(fd, bytes, filled, length - filled, start + this.#piece * pieceSize + filled);
      if (read === 0) break;
      filled += read;
    }
    bytes.fill(0, filled);
  }

  #scanAll(end: number): void {
    const scan = this.#scan;
    const bytes = this.#bytes;
    if (this.#piece === 0 && bytes[0] !== OPEN_BRACKET) {
      scan.stop = Stop.Odd;
      return;
    }
    // Nothing but the end of the array may be left for this piece.
    if (bytes[scan.at] === CLOSE_BRACKET && this.#piece > 0) {
      scan.stop = bytes[scan.at - 1] === COMMA ? Stop.Odd : Stop.End;
      return;
    }
    this.#kernel.scan(scan, end);
    this.#scanPlain(end, this.#kernel.block.length);
  }

  /** Scans what the kernel has left, and finds out why. */
  #scanPlain(end: number, most: number): void {
    scanPlainNumbers(this.#bytes, this.#kernel.block, this.#scan, end, most);
  }

  #putRows(before: number): boolean {
    const { capacity } = this.#order;
    const stride = this.#stride;
    const row = Math.ceil(before / stride);
    const from = row * stride - before;
    const { count } = this.#scan;
    const rows = Math.ceil((count - from) / stride);
    if (rows <= 0) return true;
    if (row + rows > capacity) return false;
    const missing = from + rows * stride - count;
    if (missing > 0) {
      // The last row goes on in the next piece.
      if (this.#scan.stop !== Stop.Full) return false;
      this.#scanPlain(this.#bytes.length, count + missing);
      if (this.#scan.count < count + missing) return false;
    }
    return this.#kernel.put(from, rows, row, this.#largest);
  }
}
