/** The last row from `low` on, before `end`, whose value is not above `most`; rows ascend, and that of `low` is not. */
export function lastUpTo(column: Uint32Array | Float64Array, low: number, end: number, most: number): number {
  let high = end - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (column[middle]! <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}
