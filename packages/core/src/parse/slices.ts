/** Rows that one call works on: an engine has a better version of a loop ready soon, but uses it for the next call only. */
export const SLICE: number = 1 << 14;

/** Calls `visit` for so many rows, some at a time, first things first. */
export function eachSlice(count: number, visit: (low: number, high: number) => void): void {
  for (let low = 0; low < count; low += SLICE) visit(low, Math.min(count, low + SLICE));
}

/** Calls `visit` for the rows from one down to, not including, 0, some at a time. */
export function eachSliceDown(first: number, visit: (high: number, low: number) => void): void {
  for (let high = first; high > 0; high -= SLICE) visit(high, Math.max(0, high - SLICE));
}
