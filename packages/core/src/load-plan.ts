import type { LoadOrder } from "./load-queue.js";
import { WORKERS_FROM } from "./load-threads.js";
import { ColumnMemory, type LentMemory, MOST_ROOM } from "./parse/column-memory.js";
import { threadsFor } from "./threads-for.js";

export interface PlanOptions {
  /** Of files of this many bytes and more several are loaded at a time; 0: of all, Infinity: of none. */
  readonly workersFrom?: number;
  /** Gives a file for the columns of each such heap, which lie there until they are needed; null: there is no place. */
  readonly aside?: () => number | null;
  /** Opens a file, from which edges can be read again until all is compared; null: it cannot be. */
  readonly openText?: (file: string) => number | null;
  /** "low": one file after the other, for less memory. */
  readonly memory?: "low" | undefined;
}

/** Bytes of memory for columns, for each byte of the files that are loaded or compared in it: what is not used is not there. */
const ROOM = 2;
/** The same, below which too much would have to lie elsewhere, and for each byte of room that a file by itself may need. */
const LEAST_ROOM = 0.5;
/** The same for one file by itself: of one that is nearly all rows more is in use at a time. */
const ROOM_ALONE = 3;

/** Which thread loads which files, and in which memory. */
export interface LoadPlan {
  /** Those that any thread loads. */
  readonly orders: readonly LoadOrder[];
  /** The last heap is the one whose edges are asked for most: this thread loads it, where their targets can stay. */
  readonly last: LoadOrder | undefined;
  /** Whether it would be the only one in the end: then all threads load it together, else this one begins with it. */
  readonly isTogether: boolean;
  /** Those that this thread loads by itself. */
  readonly small: readonly LoadOrder[];
  /** For the columns of all heaps. */
  readonly memory: ColumnMemory | null;
  /** Parts of it for other threads to load in, one for each; none if they have memories of their own. */
  readonly lent: readonly LentMemory[];
  /** Bytes that the columns of any file may take. */
  readonly room: number;
}

/** How many threads shall load beside this one. */
export function threadsBeside(sizes: readonly number[], { workersFrom = WORKERS_FROM, memory }: PlanOptions): number {
  const large = sizes.filter((size) => size >= workersFrom);
  return memory === "low" ? 0 : Math.max(0, threadsFor(large.length) - 1);
}

/**
 * @param sizes of the files, in bytes
 * @param others how many threads load beside this one
 */
export function planFor(
  files: readonly string[],
  sizes: readonly number[],
  others: number,
  options: PlanOptions,
): LoadPlan {
  const { workersFrom = WORKERS_FROM, aside, openText } = options;
  const [orders, small]: [LoadOrder[], LoadOrder[]] = [[], []];
  for (const [index, file] of files.entries()) {
    const isLarge = sizes[index]! >= workersFrom;
    if (!isLarge) small.push({ index, file, asideIn: null, text: null });
    else orders.push({ index, file, asideIn: aside?.() ?? null, text: openText?.(file) ?? null });
  }
  const last = others > 0 && orders.at(-1)?.index === files.length - 1 ? orders.pop() : undefined;
  const isLeft = last !== undefined && orders.length % (others + 1) === 0;
  const memory = memoryFor(sizes, workersFrom, isLeft ? others : 0);
  return { orders, last, isTogether: isLeft && memory.lent.length === others, small, ...memory };
}

/**
 * Memory for all heaps, with parts for other threads, or without if there is no room for all.
 * @param sizes of files, of which those from `from` on are loaded by several threads
 */
function memoryFor(sizes: readonly number[], from: number, others: number): Pick<LoadPlan, "memory" | "lent" | "room"> {
  const room = ROOM_ALONE * Math.max(0, ...sizes.filter((size) => size >= from));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const forOthers = room * others;
  const least = Math.max(room, LEAST_ROOM * room + LEAST_ROOM * bytes);
  const isLent = least + forOthers <= MOST_ROOM;
  const memory = ColumnMemory.withRoomFor(Math.min(MOST_ROOM, ROOM * bytes + (isLent ? forOthers : 0)));
  const parts = Array.from({ length: isLent ? others : 0 }, () => memory?.lend(room) ?? null);
  return { memory, lent: parts.filter((part) => part !== null), room };
}
