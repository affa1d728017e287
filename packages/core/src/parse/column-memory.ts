/** Bytes of a page of WebAssembly's, and how many of those a memory may have. */
const PAGE = 1 << 16;
const MOST_PAGES = 1 << 16;
/** Columns begin at multiples of so many bytes; the first of a memory not at 0, which is nowhere. */
const ALIGNMENT = 16;

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** Bytes that nobody has, from `start` to, not including, `end`. */
interface Gap {
  start: number;
  end: number;
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
 * Memory that the columns of one heap share with the loops in WebAssembly, which can look at nothing else. What has been
 * freed is used again, so that the system need not find, and clear, a page for each column that comes and goes: touching
 * a page for the first time costs as much as some thousand loads. In return it gets nothing back before the last column
 * is gone.
 */
export class ColumnMemory implements Room {
  readonly memory: WebAssembly.Memory;
  /** Room at the far end, for what is needed to the last: between columns that go before, it would leave gaps. */
  readonly lasting: Room;
  readonly #gaps: Gap[]; // ascending; no two touch
  /** Bytes that have never been used, which are zeros and take no memory. */
  readonly #untouched: Gap;

  private constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.lasting = { take: (length, cleared) => this.#takeFrom("end", length, cleared) };
    const all = { start: ALIGNMENT, end: memory.buffer.byteLength };
    this.#gaps = [{ ...all }];
    this.#untouched = { ...all };
    memories.set(memory.buffer, this);
  }

  /**
   * A memory with room for so many bytes, or for as many as one may have. Only what is written to is taken from the system.
   * Null where there is no WebAssembly, or where a process may have but little of its address space.
   */
  static withRoomFor(bytes: number): ColumnMemory | null {
    const pages = Math.min(Math.ceil((bytes + ALIGNMENT) / PAGE), MOST_PAGES);
    try {
      return new ColumnMemory(new WebAssembly.Memory({ initial: pages }));
    } catch {
      return null;
    }
  }

  take(length: number, cleared: boolean): Uint8Array | null {
    return this.#takeFrom("start", length, cleared);
  }

  #takeFrom(side: "start" | "end", length: number, cleared: boolean): Uint8Array | null {
    const size = roundedUp(length);
    const gap = side === "start" ? this.#smallestGap(size) : this.#gaps.at(-1);
    if (gap === undefined || gap.end - gap.start < size) return null;
    const start = side === "start" ? gap.start : gap.end - size;
    const end = start + size;
    if (side === "start") gap.start = end;
    else gap.end = start;
    if (gap.start === gap.end) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    const untouched = this.#untouched;
    const bytes = new Uint8Array(this.memory.buffer, start, size);
    if (cleared) {
      bytes.subarray(0, Math.max(0, untouched.start - start)).fill(0);
      bytes.subarray(Math.max(0, untouched.end - start)).fill(0);
    }
    if (side === "start") untouched.start = Math.max(untouched.start, end);
    else untouched.end = Math.min(untouched.end, start);
    return bytes.subarray(0, length);
  }

  /** Takes back what `take` gave, in whatever form it is looked at. Nobody may look at it any more. */
  free({ byteOffset: start, byteLength }: Column): void {
    const end = start + roundedUp(byteLength);
    const gaps = this.#gaps;
    let at = gaps.findIndex((gap) => gap.start >= end);
    if (at < 0) at = gaps.length;
    const before = gaps[at - 1];
    const behind = gaps[at];
    if (before?.end === start) {
      before.end = end;
      if (behind?.start !== end) return;
      before.end = behind.end;
      gaps.splice(at, 1);
    } else if (behind?.start === end) behind.start = start;
    else gaps.splice(at, 0, { start, end });
  }

  /** The gap that is used up best: sooner than what has never been used, one that has. */
  #smallestGap(size: number): Gap | undefined {
    let best: Gap | undefined;
    for (const gap of this.#gaps) {
      const room = gap.end - gap.start;
      if (room >= size && (best === undefined || room < best.end - best.start)) best = gap;
    }
    return best;
  }
}

function roundedUp(length: number): number {
  return Math.max(1, Math.ceil(length / ALIGNMENT)) * ALIGNMENT;
}
