import { MessageChannel, type MessagePort } from "node:worker_threads";
import { type Room, memoryOf } from "./column-memory.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { ReadFault, SnapshotError } from "./snapshot-error.js";

/** Rows that columns have at first when nothing is known about the size of the file. */
const FIRST_CAPACITY = 1 << 12;

/** A port that nobody listens at: what is sent to it is gone. */
const nowhere = closedPort();

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.close();
  port2.close();
  return port1;
}

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** Bytes that add up to the size of a heap at most: exact whole numbers, in half the room where that is below 4 GiB. */
export type ByteColumn = Float64Array | Uint32Array;

/** Where a column lies: in a buffer of its own, in one that other threads see, or with others of its heap. */
export type Where = "own" | "shared" | Room;

/** Where the columns of nodes and edges lie, which most of the work on a heap is done with. */
export function whereWorkedOn({ shared, memory }: ReadingPlace): Where {
  return memory ?? (shared ? "shared" : "own");
}

/** Where those of them lie that are needed to the last. */
export function whereWorkedOnToTheLast({ shared, memory }: ReadingPlace): Where {
  return memory?.lasting ?? (shared ? "shared" : "own");
}

/** Where all other columns lie that are read: they stay when the work is done. */
export function whereKept({ shared, kept }: ReadingPlace): Where {
  return kept ?? (shared ? "shared" : "own");
}

/** Whether other threads see all columns of an object: those that a memory had no room for are this thread's own. */
export function areShared(columns: object): boolean {
  return Object.values(columns).every(
    (column) => !ArrayBuffer.isView(column) || column.buffer instanceof SharedArrayBuffer,
  );
}

/** Where another column lies, if that is with others of its heap. */
export function beside(column: Column): Where {
  return memoryOf(column) ?? "own";
}

/** The same, for one that is needed to the last. */
export function besideToTheLast(column: Column): Where {
  return memoryOf(column)?.lasting ?? "own";
}

/** The same, for one of which hardly anything is used. */
export function besideSparsely(column: Column): Where {
  return memoryOf(column)?.sparse ?? "own";
}

/**
 * How many rows columns should have room for before the first is read: what the header claims, but no more than the
 * file has bytes for (`stride` digits and commas a row), so that a header that lies cannot make us allocate.
 */
function firstCapacity(claimed: number | null, stride: number, place: ReadingPlace): number {
  const room = place.textBytes > 0 ? Math.floor(place.textBytes / (2 * stride)) + 1 : FIRST_CAPACITY;
  return claimed === null ? Math.min(room, FIRST_CAPACITY) : Math.min(claimed, room);
}

/** Room for `needed` rows: doubled, but not past what the header claims as long as that is enough. */
export function nextCapacity(capacity: number, needed: number, claimed: number | null): number {
  const doubled = Math.max(2 * capacity, needed, FIRST_CAPACITY);
  return claimed !== null && claimed >= needed ? Math.min(doubled, claimed) : doubled;
}

/**
 * The C library of most Linux systems maps what has 32 MB and more by itself and gives it back to the system as soon as
 * it is freed. What is smaller comes, once some has been freed, from pools that threads keep to themselves, where most of
 * it stays. So large columns ask for more than that; of what nobody writes to a system gives nothing (comparing two heaps
 * of 3 x 10^6 nodes: peak of 765 MB without, 610 MB with it).
 */
const MAPPED_FROM = 33 << 20;
const WORTH_MAPPING = 1 << 22;
const mapsByItself = process.platform === "linux";

/** Bytes to ask for where `length` are needed. */
function roomFor(length: number): number {
  return mapsByItself && length >= WORTH_MAPPING && length < MAPPED_FROM ? MAPPED_FROM : length;
}

/**
 * So many zeros. Their buffer may be longer. A memory that is full has them in a buffer of their own.
 * @param cleared false: they need not be zeros
 */
export function newBytes(length: number, where: Where = "own", cleared = true): Uint8Array {
  const taken = typeof where === "string" ? null : where.take(length, cleared);
  if (taken !== null) return taken;
  const room = roomFor(length);
  return new Uint8Array(where === "shared" ? new SharedArrayBuffer(room) : new ArrayBuffer(room), 0, length);
}

/** A column of zeros. Its buffer may be longer. */
export function uint32Column(length: number, where: Where = "own"): Uint32Array {
  const { buffer, byteOffset } = newBytes(4 * length, where);
  return new Uint32Array(buffer, byteOffset, length);
}

/** A column that is to be written before it is read: it may hold anything. Its buffer may be longer. */
export function blankColumn(length: number, where: Where = "own"): Uint32Array {
  const { buffer, byteOffset } = newBytes(4 * length, where, false);
  return new Uint32Array(buffer, byteOffset, length);
}

/** A column of zeros. Its buffer may be longer. */
export function int32Column(length: number, where: Where = "own"): Int32Array {
  const { buffer, byteOffset } = newBytes(4 * length, where);
  return new Int32Array(buffer, byteOffset, length);
}

/** A column of zeros. Its buffer may be longer. */
export function float64Column(length: number, where: Where = "own"): Float64Array {
  const { buffer, byteOffset } = newBytes(8 * length, where);
  return new Float64Array(buffer, byteOffset, length);
}

/** A copy of a column. Its buffer may be longer. */
export function copied<T extends Column>(column: T, where: Where = "own"): T {
  return resizedCopy(column, column.length, where);
}

/** The column in a buffer that can be handed to another thread: itself, or a copy in its place. */
export function movedOut<T extends Column>(column: T): T {
  if (memoryOf(column) === null) return column;
  const copy = copied(column);
  discard(column);
  return copy;
}

/**
 * The column with room for `length` rows: itself if it has just that, else a copy, and itself empty. Rows that it did not
 * have may hold anything.
 * @param where a copy lies
 */
export function resized<T extends Column>(column: T, length: number, where: Where = "own"): T {
  return column.length === length ? column : moved(column, length, where);
}

/** A copy of the column with room for `length` rows, as `resized` makes it; itself is empty then. */
export function moved<T extends Column>(column: T, length: number, where: Where): T {
  const copy = resizedCopy(column, length, where);
  discard(column);
  return copy;
}

function resizedCopy<T extends Column>(column: T, length: number, where: Where): T {
  const { buffer, byteOffset } = newBytes(length * column.BYTES_PER_ELEMENT, where, false);
  const { constructor } = column as unknown as {
    constructor: new (buffer: ArrayBufferLike, start: number, length: number) => T;
  };
  const copy = new constructor(buffer, byteOffset, length);
  copy.set((column.length > length ? column.subarray(0, length) : column) as never);
  return copy;
}

/** The first rows of a column of which no others were used. Nobody may look at those afterwards. */
export function shortened<T extends Uint32Array | Int32Array>(column: T, length: number): T {
  memoryOf(column)?.cutOff(column, length * column.BYTES_PER_ELEMENT);
  return column.subarray(0, length) as T;
}

/**
 * Gives the memory of columns back at once; nobody may look at them afterwards. A garbage collector looks at its own heap
 * and may leave what lies outside of it for long. Shared columns stay: others may see them.
 */
export function discard(...columns: readonly Column[]): void {
  const own = columns.filter((column) => {
    const memory = memoryOf(column);
    memory?.free(column);
    return memory === null;
  });
  const buffers = new Set(own.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer));
  if (buffers.size === 0) return;
  nowhere.postMessage(null, [...buffers]);
}

/** Turns the engine's refusal to allocate into a message that says what to do. */
export function allocating<T>(place: ReadingPlace, rows: number, what: string, allocate: () => T): T {
  try {
    return allocate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const remedy = "use a machine with more memory, or a snapshot of a smaller heap";
    throw fault("too-large", place.file, `has too many ${what} for the memory of this process (${rows})`, remedy);
  }
}

/** What the header claims of a section of rows, and how to complain if it is not so. */
export class ClaimedRows {
  readonly #place: ReadingPlace;
  readonly #section: string;
  readonly #stride: number;
  readonly #claimed: number | null;

  constructor(place: ReadingPlace, section: string, stride: number, claimed: number | null) {
    this.#place = place;
    this.#section = section;
    this.#stride = stride;
    this.#claimed = claimed;
  }

  /** Room to begin with. */
  firstCapacity(): number {
    return firstCapacity(this.#claimed, this.#stride, this.#place);
  }

  /** Room for `needed` rows, where `capacity` is not enough. @throws SnapshotError if that is more than the claim */
  nextCapacity(capacity: number, needed: number): number {
    if (this.#claimed !== null && needed > this.#claimed) throw this.#wrongCount("more");
    return nextCapacity(capacity, needed, this.#claimed);
  }

  /** @throws SnapshotError if the section ends with `left` numbers of one more row, or with other than the claimed rows */
  checkEnd(count: number, left: number): void {
    if (left > 0) throw this.damaged("counts", `row ${count} has ${left} of ${this.#stride} numbers`);
    if (this.#claimed !== null && this.#claimed !== count) throw this.#wrongCount(`${count}`);
  }

  reached(count: number): string {
    return `after ${count} of ${this.#claimed ?? "an unknown number of"} rows`;
  }

  damaged(code: ReadFault, what: string): SnapshotError {
    return fault(code, this.#place.file, `is damaged in its section "${this.#section}": ${what}`);
  }

  #wrongCount(found: string): SnapshotError {
    return this.damaged("counts", `the header claims ${this.#claimed} rows, there are ${found}`);
  }
}
