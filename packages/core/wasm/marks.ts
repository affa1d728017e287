import { Column, at, byteAt, bytesAt, put, putByte } from "./column";

/** Marks the rows in which two columns differ by so many bytes at least. `wide`: those are of eight bytes. */
export function markApart(
  low: u32,
  high: u32,
  one: Column,
  other: Column,
  wide: bool,
  least: u32,
  marks: Column,
): void {
  for (let row = low; row < high; row++) {
    const difference = wide ? bytesAt(one, row) - bytesAt(other, row) : (at(one, row) as f64) - (at(other, row) as f64);
    if (abs(difference) >= (least as f64)) putByte(marks, row, 1);
  }
}

/**
 * Lists marked rows, from row `row` of the list on.
 * @returns the row behind the last
 */
export function listMarked(low: u32, high: u32, marks: Column, row: u32, list: Column): u32 {
  let next = row;
  for (let each = low; each < high; each++) if (byteAt(marks, each) == 1) put(list, next++, each);
  return next;
}
