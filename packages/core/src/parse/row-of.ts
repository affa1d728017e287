import { lastUpTo } from "./last-up-to.js";

/** The row of a value in a column that ascends, of several the last; -1 if it is not there. */
export function rowOf(column: Uint32Array, value: number): number {
  const row = lastUpTo(column, 0, column.length, value);
  return column[row] === value ? row : -1;
}
