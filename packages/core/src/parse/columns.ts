import { MessageChannel, type MessagePort } from "node:worker_threads";
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

/** So many bytes, for other threads to see if they are `shared`. */
export function newBytes(length: number, shared = false): Uint8Array {
  return new Uint8Array(shared ? new SharedArrayBuffer(length) : new ArrayBuffer(length));
}

/**
 * A copy of the column with room for `length` rows; the column itself if it has just that.
 * @param shared whether other threads shall see what is written to a copy
 */
export function resized<T extends Column>(column: T, length: number, shared = false): T {
  if (column.length === length) return column;
  const bytes = length * column.BYTES_PER_ELEMENT;
  const { buffer } = newBytes(bytes, shared);
  const copy = new (column.constructor as new (buffer: ArrayBufferLike) => T)(buffer);
  copy.set((column.length > length ? column.subarray(0, length) : column) as never);
  return copy;
}

/**
 * Gives the memory of columns back at once; they are empty afterwards. A garbage collector looks at its own heap and
 * may leave what lies outside of it for long. Shared columns stay: others may see them.
 */
export function discard(...columns: readonly Column[]): void {
  const buffers = new Set(columns.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer));
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
