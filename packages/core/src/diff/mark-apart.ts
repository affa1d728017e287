import type { ByteColumn } from "../graph/heap-graph.js";
import { eachSlice, kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";

/** Marks the rows in which two columns differ by so many bytes at least; 1: in which they are not the same. */
export function markApart(one: ByteColumn, other: ByteColumn, least: number, marks: Uint8Array): void {
  const isWide = one instanceof Float64Array;
  const kernel = isWide === other instanceof Float64Array ? kernelFor(one, other, marks) : null;
  if (kernel === null) {
    for (let row = 0; row < marks.length; row++) if (Math.abs(other[row]! - one[row]!) >= least) marks[row] = 1;
  } else {
    const places = [...placesOf([one, other]), isWide, least, placeOf(marks)] as const;
    eachSlice(marks.length, (low, high) => kernel.markApart(low, high, ...places));
  }
}
