import { type ReadingPlace, fault } from "./reading-place.js";

/** Rows that columns have at first when nothing is known about the size of the file. */
const FIRST_CAPACITY = 1 << 12;

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;

/**
 * How many rows columns should have room for before the first is read: what the header claims, but no more than the
 * file has bytes for (`stride` digits and commas a row), so that a header that lies cannot make us allocate.
 */
export function firstCapacity(claimed: number | null, stride: number, place: ReadingPlace): number {
  const room = place.textBytes > 0 ? Math.floor(place.textBytes / (2 * stride)) + 1 : FIRST_CAPACITY;
  return claimed === null ? Math.min(room, FIRST_CAPACITY) : Math.min(claimed, room);
}

/** Room for `needed` rows: doubled, but not past what the header claims as long as that is enough. */
export function nextCapacity(capacity: number, needed: number, claimed: number | null): number {
  const doubled = Math.max(2 * capacity, needed, FIRST_CAPACITY);
  return claimed !== null && claimed >= needed ? Math.min(doubled, claimed) : doubled;
}

/** A copy of the column with room for `length` rows; the column itself if it has just that. */
export function resized<T extends Column>(column: T, length: number): T {
  if (column.length === length) return column;
  if (column.length > length) return column.slice(0, length) as T;
  const longer = new (column.constructor as new (length: number) => T)(length);
  longer.set(column as never);
  return longer;
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
