import { fstatSync, readSync, writeSync } from "node:fs";
import { memoryOf } from "../parse/column-memory.js";
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

/** What another thread has to know to write a column, which it sees. Plain data. */
export interface WriteOrder {
  readonly file: number;
  readonly column: Column;
  readonly position: number; // bytes
  /** One number, at first 0: who writes the column makes it TAKEN, and when it is in the file WRITTEN. */
  readonly state: Int32Array;
}

/** Another thread that writes columns into files, one after the other. */
export interface ColumnWriter {
  write(order: WriteOrder): void;
  /** When it has done all that it was told to. Rejected if the thread ends before. */
  written(): Promise<void>;
}

const TAKEN = 1;
const WRITTEN = 2;

/** Does what an order says, if nobody else does. */
export function writeColumn({ file, column, position, state }: WriteOrder): void {
  if (Atomics.compareExchange(state, 0, 0, TAKEN) !== 0) return;
  try {
    write(file, column, position);
    Atomics.store(state, 0, WRITTEN);
  } catch {
    // Whoever gave the order sees that it is not done.
  }
}

/** A column that is being written by another thread. */
interface Pending {
  readonly name: string;
  readonly place: ColumnPlace;
  readonly order: WriteOrder;
}

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
  readonly #writer: ColumnWriter | null;
  #end: number;
  #pending: Pending[] = [];

  /**
   * @param file to whose end they go; null: all columns stay
   * @param writer that writes those that it sees
   */
  constructor(file: number | null, writer: ColumnWriter | null = null) {
    this.#file = file;
    this.#writer = file === null ? null : writer;
    this.#end = file === null ? 0 : fstatSync(file).size;
  }

  /**
   * To be called once for each column, when nobody needs it here any more: it may be empty afterwards. `columns` has it as
   * it is until another thread has written it.
   */
  put(columns: Readonly<Record<string, Column>>): void {
    this.#sweep();
    const written: Column[] = [];
    for (const [name, column] of Object.entries(columns)) {
      if (this.#writer !== null && column.buffer instanceof SharedArrayBuffer) {
        this.#handOver(name, column, this.#writer);
        continue;
      }
      const place = this.#write(column);
      this.columns[name] = place ?? movedOut(column);
      if (place !== null) written.push(column);
    }
    discard(...written);
  }

  /** As `put`, for columns that stay: those in a memory for the thread that has it. */
  keep(columns: Readonly<Record<string, Column>>): void {
    Object.assign(this.columns, columns);
  }

  /** Waits until all columns are where they stay; writes meanwhile, from the other end. */
  async settle(): Promise<void> {
    if (this.#pending.length === 0) return;
    for (const { order } of this.#pending.toReversed()) writeColumn(order);
    await this.#writer!.written().catch(() => undefined); // what a thread that is lost was to write is written here
    this.#sweep();
    const missing = this.#pending;
    this.#pending = [];
    for (const { name, order } of missing) {
      const { column } = order;
      const place = this.#write(column);
      this.columns[name] = place ?? movedOut(column);
      if (place !== null) discard(column);
    }
  }

  #handOver(name: string, column: Column, writer: ColumnWriter): void {
    const place = this.#placeFor(column);
    const { position } = place;
    const order = { file: this.#file!, column, position, state: new Int32Array(new SharedArrayBuffer(4)) };
    this.#end += column.byteLength;
    this.columns[name] = column;
    this.#pending.push({ name, place, order });
    writer.write(order);
  }

  /** Gives the memory of columns back that have been written meanwhile. */
  #sweep(): void {
    const written = this.#pending.filter(({ order }) => Atomics.load(order.state, 0) === WRITTEN);
    if (written.length === 0) return;
    this.#pending = this.#pending.filter((each) => !written.includes(each));
    for (const { name, place } of written) this.columns[name] = place;
    discard(...written.map(({ order }) => order.column));
  }

  #placeFor(column: Column): ColumnPlace {
    return { position: this.#end, length: column.length, rowBytes: column.BYTES_PER_ELEMENT };
  }

  /** A column that was put aside, for the caller to change. */
  copyOf(name: string, where: Where): Column {
    return new ColumnAside(this.#file, this.columns[name]!).copy(where);
  }

  #write(column: Column): ColumnPlace | null {
    if (this.#file === null) return null;
    const place = this.#placeFor(column);
    try {
      write(this.#file, column, place.position);
    } catch {
      return null;
    }
    this.#end += column.byteLength;
    return place;
  }

  /**
   * The column as one that is in memory, and can be put back as well if there is room for it in the file.
   * @param where it shall lie when it is asked for again
   */
  asideAsWell<T extends Column>(column: T, where: Where): ColumnAside<T> {
    return new ColumnAside(this.#file, this.#write(column) ?? column, where, column);
  }
}

/** A column that lies in a file until somebody asks for it. */
export class ColumnAside<T extends Column = Column> {
  readonly #file: number | null;
  readonly #place: ColumnPlace | null; // null: it stays in memory
  readonly #where: Where;
  #column: T | null;
  /** The column once it is put back, as long as nobody else needs its memory. */
  #offered: T | null = null;

  /**
   * @param file a descriptor of the file that the place is in
   * @param where it shall lie when it is asked for
   * @param rows if they are in memory as well
   */
  constructor(file: number | null, column: Column | ColumnPlace, where: Where = "own", rows: T | null = null) {
    this.#file = file;
    this.#where = where;
    this.#place = ArrayBuffer.isView(column) ? null : column;
    this.#column = ArrayBuffer.isView(column) ? (column as T) : rows;
  }

  /** The column, to look at until `putBack` empties it. */
  get rows(): T {
    return (this.#column ??= this.#withdrawn() ?? this.#read(this.#where));
  }

  /** The column, for the caller to keep and to change. */
  copy(where: Where = this.#where): T {
    return this.#column === null ? this.#read(where) : copied(this.#column, where);
  }

  /** Gives the memory of the column back to whoever needs it, if the column can be had from the file again. */
  putBack(): void {
    const column = this.#column;
    if (this.#place === null || column === null) return;
    this.#column = null;
    const memory = memoryOf(column);
    if (memory === null) return discard(column);
    this.#offered = column;
    memory.offer(column, () => (this.#offered = null));
  }

  #withdrawn(): T | null {
    const column = this.#offered;
    if (column === null) return null;
    this.#offered = null;
    memoryOf(column)!.withdraw(column);
    return column;
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
