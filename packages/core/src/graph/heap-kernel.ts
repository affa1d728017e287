import { commonMemory, type ColumnMemory } from "../parse/column-memory.js";
import { instantiated, wasmModule } from "../parse/wasm-module.js";

type Column = Uint8Array | Uint32Array | Float64Array;
/** Place of a column in the memory: see `placeOf`. */
type Place = number;

/** What `wasm/heap.ts` exports; numbers come back signed. */
export interface HeapKernel {
  markByType(...order: [...slice: Slice, firstEdge: Place, edgeType: Place, edgeTarget: Place, retains: Place, bits: Place]): void; // prettier-ignore
  reachFrom(...order: [depth: number, most: number, firstEdge: Place, edgeType: Place, edgeTarget: Place, weak: number, reached: Place, stack: Place]): number; // prettier-ignore
  leaveOut(...order: [...slice: Slice, firstEdge: Place, edgeTarget: Place, inside: Place, isLeftOut: Place, bits: Place]): void; // prettier-ignore
  countOnes(bits: Place, length: number): number;
  spreadOwners(...order: [...slice: Slice, firstEdge: Place, edgeType: Place, edgeTarget: Place, weak: number, owner: Place, work: Place]): void; // prettier-ignore
  settleOwners(...order: [...slice: Slice, owner: Place, nodeType: Place, synthetic: number, size: Place, wide: boolean]): void; // prettier-ignore
  startWalk(...order: [firstEdge: Place, edgeTarget: Place, bits: Place, number: Place, parent: Place, leastAbove: Place, last: Place, pairs: Place, edgesLeft: Place]): void; // prettier-ignore
  walk(start: number, first: number, most: number): number;
  startDominators(...order: [label: Place, last: Place, pairs: Place, way: Place, stack: Place, lows: Place]): void; // prettier-ignore
  semidominators(high: number, low: number): void;
  nearestAncestors(...order: [...slice: Slice, parent: Place, semi: Place]): void;
  dominatorsByNode(...order: [...slice: Slice, node: Place, numbers: Place, dominator: Place]): void;
  sumsByNumber(...order: [...slice: Slice, node: Place, size: Place, wide: boolean, sums: Place]): void;
  addToDominators(high: number, low: number, dominator: Place, sums: Place): void;
  retainedByNode(...order: [...slice: Slice, node: Place, sums: Place, retained: Place, wide: boolean]): void;
}

/** Rows from `low` up to, not including, `high`. */
type Slice = [low: number, high: number];

/** Rows that one call works on: an engine has a better version of a loop ready soon, but uses it for the next call only. */
export const SLICE: number = 1 << 14;

const kernels = new WeakMap<ColumnMemory, HeapKernel>();

/**
 * The loops for columns of one heap; null where they cannot be run: see `wasmModule`, and where the columns do not all lie
 * in one memory. Then the same is done without them.
 */
export function kernelFor(first: Column, ...others: readonly Column[]): HeapKernel | null {
  const memory = commonMemory(first, ...others);
  if (memory === null) return null;
  let kernel = kernels.get(memory);
  if (kernel === undefined) {
    const module = wasmModule(new URL("./heap.wasm", import.meta.url));
    if (module === null) return null;
    kernel = instantiated<HeapKernel>(module, memory.memory);
    kernels.set(memory, kernel);
  }
  return kernel;
}

/** Place of a column in its memory. */
export function placeOf({ byteOffset }: Column): Place {
  return byteOffset;
}

/** Places of columns, as they are handed to a loop. */
export function placesOf<const Columns extends readonly Column[]>(columns: Columns): { [I in keyof Columns]: Place } {
  return columns.map(placeOf) as { [I in keyof Columns]: Place };
}

/** Calls `visit` for so many rows, some at a time, first things first. */
export function eachSlice(count: number, visit: (low: number, high: number) => void): void {
  for (let low = 0; low < count; low += SLICE) visit(low, Math.min(count, low + SLICE));
}

/** Calls `visit` for the rows from one down to, not including, 0, some at a time. */
export function eachSliceDown(first: number, visit: (high: number, low: number) => void): void {
  for (let high = first; high > 0; high -= SLICE) visit(high, Math.max(0, high - SLICE));
}
