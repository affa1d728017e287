import { fstatSync, readSync, writeSync } from "node:fs";
import { type Where, copied, discard, movedOut, newBytes } from "../parse/columns.js";

export type Column = Uint8Array | Uint32Array | Float64Array;

/** Where a column lies in a file. Plain data. */
export interface ColumnPlace {
  readonly position: number; // bytes
  readonly length: number; // rows
  readonly rowBytes: number; // 1, 4 or 8
}

/** Columns by their names, each in memory or in a file. Plain data. */
export type PutAside<Name extends string = string> = Readonly<Record<Name, Column | ColumnPlace>>;

/** Bytes that are written or read by one call. */
const MOST_BYTES = 1 << 26;

/**
 * Puts columns into a file as soon as they are hardly needed any more, and gives their memory back. Where the file has
 * no room for one, it stays.
 */
export class ColumnsGoingAside {
  /** All columns so far. */
  readonly columns: Record<string, Column | ColumnPlace> = {};
  readonly #file: number | null;
  #end: number;

  /** @param file to whose end they go; null: all columns stay */
  constructor(file: number | null) {
    this.#file = file;
    this.#end = file === null ? 0 : fstatSync(file).size;
  }

  /** To be called once for each column, when nobody needs it here any more: it may be empty afterwards. */
  put(columns: Readonly<Record<string, Column>>): void {
    const written: Column[] = [];
    for (const [name, column] of Object.entries(columns)) {
      const place = this.#write(column);
      this.columns[name] = place ?? movedOut(column);
      if (place !== null) written.push(column);
    }
    discard(...written);
  }

  /** A column that was put aside, for the caller to change. */
  copyOf(name: string, where: Where): Column {
    return new ColumnAside(this.#file, this.columns[name]!).copy(where);
  }

  #write(column: Column): ColumnPlace | null {
    if (this.#file === null) return null;
    const place = { position: this.#end, length: column.length, rowBytes: column.BYTES_PER_ELEMENT };
    try {
      write(this.#file, column, place.position);
    } catch {
      return null;
    }
    this.#end += column.byteLength;
    return place;
  }
}

/** A column that lies in a file until somebody asks for it. */
export class ColumnAside<T extends Column = Column> {
  readonly #file: number | null;
  readonly #place: ColumnPlace | null; // null: it stays in memory
  readonly #where: Where;
  #column: T | null;

  /**
   * @param file a descriptor of the file that the place is in
   * @param where it shall lie when it is asked for
   */
  constructor(file: number | null, column: Column | ColumnPlace, where: Where = "own") {
    this.#file = file;
    this.#where = where;
    this.#place = ArrayBuffer.isView(column) ? null : column;
    this.#column = ArrayBuffer.isView(column) ? (column as T) : null;
  }

  /** The column, to look at until `putBack` empties it. */
  get rows(): T {
    return (this.#column ??= this.#read(this.#where));
  }

  /** The column, for the caller to keep and to change. */
  copy(where: Where = this.#where): T {
    return this.#column === null ? this.#read(where) : copied(this.#column, where);
  }

  /** Gives the memory of the column back, if it can be had from the file again. */
  putBack(): void {
    if (this.#place === null || this.#column === null) return;
    discard(this.#column);
    this.#column = null;
  }

  #read(where: Where): T {
    const column = columnOf(this.#place!, where);
    read(this.#file!, column, this.#place!.position);
    return column as T;
  }
}

function columnOf({ length, rowBytes }: ColumnPlace, where: Where): Column {
  const { buffer, byteOffset } = newBytes(length * rowBytes, where, false);
  if (rowBytes === 1) return new Uint8Array(buffer, byteOffset, length);
  return rowBytes === 4 ? new Uint32Array(buffer, byteOffset, length) : new Float64Array(buffer, byteOffset, length);
}

function bytesOf(column: Column): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function write(file: number, column: Column, position: number): void {
  const bytes = bytesOf(column);
  for (let at = 0; at < bytes.length;)
    at += writeSync(file, bytes, at, Math.min(bytes.length - at, MOST_BYTES), position + at);
}

/** Fills a column with what lies in a file. */
export function read(file: number, column: Column, position: number): void {
  const bytes = bytesOf(column);
  for (let at = 0; at < bytes.length;) {
    const length = readSync(file, bytes, at, Math.min(bytes.length - at, MOST_BYTES), position + at);
    if (length === 0) throw new Error("a temporary file of leakdiff's has become shorter");
    at += length;
  }
}
