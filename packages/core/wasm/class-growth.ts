import { Column, NONE, at, bytesAt, put, putBytes } from "./column";

function sizeAt(size: Column, wide: bool, node: u32): f64 {
  return wide ? bytesAt(size, node) : (at(size, node) as f64);
}

function add(column: Column, row: u32, bytes: f64): void {
  putBytes(column, row, bytesAt(column, row) + bytes);
}

/** Counts some nodes and their bytes by class; `rows` has the row of each group. */
export function sumByClass(
  low: u32,
  high: u32,
  groupOf: Column,
  rows: Column,
  size: Column,
  wide: bool,
  count: Column,
  bytes: Column,
): void {
  for (let node = low; node < high; node++) {
    const own = sizeAt(size, wide, node);
    if (own == 0) continue;
    const row = at(rows, at(groupOf, node));
    put(count, row, at(count, row) + 1);
    add(bytes, row, own);
  }
}

/** Counts those of some nodes that have the class they had before, and what they weighed then. */
export function countSurvivors(
  low: u32,
  high: u32,
  same: Column,
  groupBefore: Column,
  rowsBefore: Column,
  sizeBefore: Column,
  wideBefore: bool,
  groupAfter: Column,
  rowsAfter: Column,
  sizeAfter: Column,
  wideAfter: bool,
  count: Column,
  bytes: Column,
  bytesBefore: Column,
): void {
  for (let node = low; node < high; node++) {
    const old = at(same, node);
    if (old == NONE) continue;
    const own = sizeAt(sizeAfter, wideAfter, node);
    const before = sizeAt(sizeBefore, wideBefore, old);
    if (own == 0 || before == 0) continue;
    const row = at(rowsAfter, at(groupAfter, node));
    if (at(rowsBefore, at(groupBefore, old)) != row) continue;
    put(count, row, at(count, row) + 1);
    add(bytes, row, own);
    add(bytesBefore, row, before);
  }
}
