import { beside, blankColumn } from "../parse/columns.js";
import type { ByteColumn } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";

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

/** The rows that are marked with 1, ascending. Other marks than 0 and 1 there may not be. */
export function markedRows(marks: Uint8Array): Uint32Array {
  const rows = blankColumn(countMarks(marks), beside(marks));
  const kernel = kernelFor(marks, rows);
  let at = 0;
  if (kernel === null) for (let row = 0; row < marks.length; row++) if (marks[row] === 1) rows[at++] = row;
  if (kernel !== null)
    eachSlice(marks.length, (low, high) => {
      at = kernel.listMarked(low, high, placeOf(marks), at, placeOf(rows)) >>> 0;
    });
  return rows;
}

function countMarks(marks: Uint8Array): number {
  const kernel = kernelFor(marks);
  if (kernel !== null) return kernel.countOnes(placeOf(marks), marks.length) >>> 0;
  let count = 0;
  for (let row = 0; row < marks.length; row++) count += marks[row]!;
  return count;
}
