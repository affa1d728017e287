// Columns of numbers, given as the place of their first byte.

/** A place in memory. */
export type Column = usize;
/** In the place of a node or of its number: there is none. */
export const NONE: u32 = 0xffffffff;

export function at(column: Column, row: u32): u32 {
  return load<u32>(column + ((row as usize) << 2));
}

export function put(column: Column, row: u32, value: u32): void {
  store<u32>(column + ((row as usize) << 2), value);
}

/** The first of the two numbers in a row of a column of pairs. */
export function firstAt(pairs: Column, row: u32): u32 {
  return load<u32>(pairs + ((row as usize) << 3));
}

export function secondAt(pairs: Column, row: u32): u32 {
  return load<u32>(pairs + ((row as usize) << 3), 4);
}

export function putPair(pairs: Column, row: u32, first: u32, second: u32): void {
  store<u32>(pairs + ((row as usize) << 3), first);
  store<u32>(pairs + ((row as usize) << 3), second, 4);
}

export function putFirst(pairs: Column, row: u32, first: u32): void {
  store<u32>(pairs + ((row as usize) << 3), first);
}

export function putSecond(pairs: Column, row: u32, second: u32): void {
  store<u32>(pairs + ((row as usize) << 3), second, 4);
}

export function byteAt(column: Column, row: u32): u32 {
  return load<u8>(column + (row as usize)) as u32;
}

export function putByte(column: Column, row: u32, value: u32): void {
  store<u8>(column + (row as usize), value as u8);
}

export function bytesAt(column: Column, row: u32): f64 {
  return load<f64>(column + ((row as usize) << 3));
}

export function putBytes(column: Column, row: u32, value: f64): void {
  store<f64>(column + ((row as usize) << 3), value);
}

/** Whether the bit of a row is set. */
export function bitAt(bits: Column, row: u32): bool {
  return (byteAt(bits, row >>> 3) & ((1 as u32) << (row & 7))) != 0;
}
