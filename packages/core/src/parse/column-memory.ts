import { type Gap, between, dropEmpty, enter, roomOf } from "./gaps.js";

/**
 * Bytes of a page of WebAssembly's, and how many of those a memory has at most: one less than it may have, because columns
 * in 2^32 bytes cannot be sent to another thread (V8 counts those bytes in 32 bits).
 */
const PAGE = 1 << 16;
const MOST_PAGES = (1 << 16) - 1;
/** Columns begin at multiples of so many bytes; the first of a memory not at 0, which is nowhere. */
const ALIGNMENT = 16;
/** Bytes that a memory can have room for. */
export const MOST_ROOM: number = MOST_PAGES * PAGE - ALIGNMENT;

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;
type ColumnMaker<T> = new (buffer: ArrayBufferLike, start: number, length: number) => T;

type Side = "start" | "end";

/** Bytes that are taken. */
interface Place {
  readonly start: number;
  /** What is known to be zeros there, and beyond. */
  readonly zeros: Readonly<Gap>;
}

/** What of a memory is free and takes none of the system's, or hardly any. Plain data. */
export interface Unused {
  /** What has never been used. */
  readonly untouched: Readonly<Gap>;
  /** What columns have left of which hardly anything was used. */
  readonly sparse: readonly Readonly<Gap>[];
}

/** A part of a memory, for another thread to take columns from. Plain data. */
export interface LentMemory extends Unused {
  readonly memory: WebAssembly.Memory;
  readonly start: number; // bytes
  readonly end: number;
}

/** What columns are taken from. */
export interface Room {
  /** So many bytes; null if there is no gap for them. `cleared`: they have to be zeros. */
  take(length: number, cleared: boolean): Uint8Array | null;
}

// The buffer of a memory -> the memory.
const memories = new WeakMap<ArrayBufferLike, ColumnMemory>();

/** The memory that a column lies in; null for a column with a buffer of its own. */
export function memoryOf(column: Column): ColumnMemory | null {
  return memories.get(column.buffer) ?? null;
}

/** The memory that all of some columns lie in; null if there is none. */
export function commonMemory(first: Column, ...others: readonly Column[]): ColumnMemory | null {
  const memory = memoryOf(first);
  return others.every(({ buffer }) => buffer === first.buffer) ? memory : null;
}

/**
 * Memory that the columns of one heap share with the loops in WebAssembly, which can look at nothing else, and with other
 * threads. What has been freed is used again, so that the system need not find, and clear, a page for each column that
 * comes and goes: touching a page for the first time costs as much as some thousand loads. In return it gets nothing back
 * before the last column is gone.
 */
export class ColumnMemory implements Room {
  readonly memory: WebAssembly.Memory;
  /** Room at the far end, for what is needed to the last: between columns that go before, it would leave gaps. */
  readonly lasting: Room;
  /** Room for columns of which hardly anything is used: whoever wants pages that were used had better not get theirs. */
  readonly sparse: Room;
  /** What has been used and is free, ascending; no two touch. */
  readonly #gaps: Gap[] = [];
  /** The same, of what hardly anything was used of. */
  readonly #sparseGaps: Gap[] = [];
  /** Where a column begins -> from where on it had never been used, of those that had not to their ends. */
  readonly #zerosFrom = new Map<number, number>();
  /** Where the columns in `sparse` begin. */
  readonly #sparseColumns = new Set<number>();
  /** Columns that may go, those that were offered first before others -> what to call then. */
  readonly #offered = new Map<Column, () => void>();
  /** What has never been used: zeros, which take no memory. */
  readonly #untouched: Gap;

  private constructor(memory: WebAssembly.Memory, untouched: Gap) {
    this.memory = memory;
    this.lasting = { take: (length, cleared) => this.#takeFrom("end", length, cleared) };
    this.sparse = { take: (length, cleared) => this.#takeSparse(length, cleared) };
    this.#untouched = untouched;
    memories.set(memory.buffer, this);
  }

  /**
   * A memory with room for so many bytes, or for as many as one may have. Only what is written to is taken from the system.
   * Null where there is no WebAssembly, or where a process may have but little of its address space.
   */
  static withRoomFor(bytes: number): ColumnMemory | null {
    const pages = Math.min(Math.ceil((bytes + ALIGNMENT) / PAGE), MOST_PAGES);
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
      return new ColumnMemory(memory, { start: ALIGNMENT, end: memory.buffer.byteLength });
    } catch {
      return null;
    }
  }

  /**
   * The same memory in another thread, which may take what it was lent. Columns that come in one message with that lie in
   * it, too.
   */
  static borrowed(lent: LentMemory): ColumnMemory {
    const { memory, start, end, untouched, sparse } = lent;
    const borrowed = new ColumnMemory(memory, { ...untouched });
    for (const gap of sparse) enter(gap, borrowed.#sparseGaps);
    for (const gap of between([untouched, ...sparse], { start, end })) enter(gap, borrowed.#gaps);
    return borrowed;
  }

  /** So many bytes that have never been used, for another thread to take columns from; null if there are not as many. */
  lend(length: number): LentMemory | null {
    const place = this.#takeZeros("start", roundedUp(length));
    return place && { memory: this.memory, ...place.zeros, untouched: place.zeros, sparse: [] };
  }

  /** What another thread needs to look at columns, and to take none. */
  get nothingLent(): LentMemory {
    return { memory: this.memory, start: 0, end: 0, untouched: { start: 0, end: 0 }, sparse: [] };
  }

  /** For whoever has lent this memory to this thread. */
  get unused(): Unused {
    return { untouched: { ...this.#untouched }, sparse: this.#sparseGaps.map((gap) => ({ ...gap })) };
  }

  /**
   * Frees what was lent, to be used again as what was used. The other thread may look at it no more.
   * @param columns that it has left there: they are this memory's own now
   */
  takeBack({ start, end, untouched, sparse }: LentMemory, columns: readonly Column[] = []): void {
    const unused = [untouched, ...sparse].filter((gap) => roomOf(gap) > 0);
    const taken = columns.map(({ byteOffset, byteLength }) => ({
      start: byteOffset,
      end: byteOffset + roundedUp(byteLength),
    }));
    for (const gap of unused) enter(gap, this.#sparseGaps);
    for (const gap of between([...taken, ...unused], { start, end })) enter(gap, this.#gaps);
  }

  /** A column that another thread has left in this memory. */
  found<T extends Column>({ byteOffset, length, constructor }: T): T {
    return new (constructor as ColumnMaker<T>)(this.memory.buffer, byteOffset, length);
  }

  /** Frees what a column has behind so many bytes, which nobody has written to. */
  cutOff({ byteOffset, byteLength }: Column, length: number): void {
    const start = byteOffset + roundedUp(length);
    const end = byteOffset + roundedUp(byteLength);
    const zerosFrom = Math.max(start, this.#zerosFrom.get(byteOffset) ?? end);
    if (start < zerosFrom) enter({ start, end: zerosFrom }, this.#gaps);
    if (zerosFrom >= end) return;
    if (end === this.#untouched.start) this.#untouched.start = zerosFrom;
    else enter({ start: zerosFrom, end }, this.#sparseGaps);
  }

  take(length: number, cleared: boolean): Uint8Array | null {
    return this.#takeFrom("start", length, cleared);
  }

  #takeFrom(side: Side, length: number, cleared: boolean): Uint8Array | null {
    const size = roundedUp(length);
    const place =
      this.#takeUsed(side, size) ??
      (side === "start" ? this.#takeOffered(size) : null) ??
      this.#takeUntouched(side, size) ??
      this.#takeUsed("start", size) ??
      this.#takeOffered(size) ??
      firstOf(this.#sparseGaps, size);
    return place === null ? null : this.#columnAt(place, length, cleared);
  }

  /** From what columns leave that were offered. */
  #takeOffered(size: number): Place | null {
    for (const [column, gone] of this.#offered) {
      this.#offered.delete(column);
      gone();
      this.free(column);
      const place = this.#takeUsed("start", size);
      if (place !== null) return place;
    }
    return null;
  }

  #takeSparse(length: number, cleared: boolean): Uint8Array | null {
    const size = roundedUp(length);
    const place =
      firstOf(this.#sparseGaps, size) ??
      this.#takeZeros("end", size) ??
      this.#takeUsed("start", size) ??
      this.#takeOffered(size);
    if (place === null) return null;
    this.#sparseColumns.add(place.start);
    return this.#columnAt(place, length, cleared);
  }

  #columnAt({ start, zeros }: Place, length: number, cleared: boolean): Uint8Array {
    const size = roundedUp(length);
    const bytes = new Uint8Array(this.memory.buffer, start, size);
    if (cleared) {
      bytes.subarray(0, Math.max(0, zeros.start - start)).fill(0);
      bytes.subarray(Math.max(0, zeros.end - start)).fill(0);
    }
    return bytes.subarray(0, length);
  }

  /**
   * For what lasts from the last gap, if that lies behind what has never been used; for all else from the one that is used
   * up best, of those before that if any has room: so columns of a second heap come to lie as those of the first did.
   */
  #takeUsed(side: Side, size: number): Place | null {
    const fitting = this.#gaps.filter((gap) => roomOf(gap) >= size);
    const isBehind = ({ start }: Gap): boolean => start >= this.#untouched.end;
    const best = (a: Gap, b: Gap): number => Number(isBehind(a)) - Number(isBehind(b)) || roomOf(a) - roomOf(b);
    const gap = side === "start" ? fitting.sort(best)[0] : fitting.findLast(isBehind);
    if (gap === undefined) return null;
    const start = side === "start" ? gap.start : gap.end - size;
    if (side === "start") gap.start += size;
    else gap.end -= size;
    dropEmpty(this.#gaps);
    return { start, zeros: { start: start + size, end: start + size } };
  }

  /** From what has never been used alone. */
  #takeZeros(side: Side, size: number): Place | null {
    const untouched = this.#untouched;
    if (roomOf(untouched) < size) return null;
    const start = side === "start" ? untouched.start : untouched.end - size;
    if (side === "start") untouched.start += size;
    else untouched.end -= size;
    return { start, zeros: { start, end: start + size } };
  }

  /** From what has never been used, together with the gaps that touch it: of those none is large enough. */
  #takeUntouched(side: Side, size: number): Place | null {
    const untouched = this.#untouched;
    const zeros = { ...untouched };
    const below = this.#gaps.find(({ end }) => end === zeros.start) ?? { start: zeros.start, end: zeros.start };
    const above = this.#gaps.find(({ start }) => start === zeros.end) ?? { start: zeros.end, end: zeros.end };
    if (above.end - below.start < size) return null;
    const start = side === "start" ? below.start : above.end - size;
    const end = start + size;
    if (side === "start") {
      below.end = below.start;
      untouched.start = Math.min(Math.max(zeros.start, end), zeros.end);
      above.start = Math.max(above.start, end);
    } else {
      above.start = above.end;
      untouched.end = Math.max(Math.min(zeros.end, start), zeros.start);
      below.end = Math.min(below.end, start);
    }
    dropEmpty(this.#gaps);
    if (zeros.start < end && end <= zeros.end) this.#zerosFrom.set(start, Math.max(start, zeros.start));
    return { start, zeros };
  }

  /** Has a column freed as soon as another needs the room, which is told by `gone`; till then it may be withdrawn. */
  offer(column: Column, gone: () => void): void {
    this.#offered.set(column, gone);
  }

  withdraw(column: Column): void {
    this.#offered.delete(column);
  }

  /** Takes back what `take` gave, in whatever form it is looked at. Nobody may look at it any more. */
  free({ byteOffset: start, byteLength }: Column): void {
    const gap = { start, end: start + roundedUp(byteLength) };
    this.#zerosFrom.delete(start);
    enter(gap, this.#sparseColumns.delete(start) ? this.#sparseGaps : this.#gaps);
  }
}

/** Takes the first gap that has so much room. */
function firstOf(gaps: Gap[], size: number): Place | null {
  const gap = gaps.find((each) => roomOf(each) >= size);
  if (gap === undefined) return null;
  const { start } = gap;
  gap.start += size;
  dropEmpty(gaps);
  return { start, zeros: { start: gap.start, end: gap.start } };
}

function roundedUp(length: number): number {
  return Math.max(1, Math.ceil(length / ALIGNMENT)) * ALIGNMENT;
}
