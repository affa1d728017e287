import { Column, at, bitAt, put } from "./column";

/**
 * Finds those of some edges that retain one of the wanted nodes.
 * @param targets of the edges from `first` on
 * @param wanted a bit a node
 * @param found room for as many edges
 * @returns how many that are
 */
export function edgesTo(count: u32, first: u32, targets: Column, wanted: Column, bits: Column, found: Column): u32 {
  let length: u32 = 0;
  for (let row: u32 = 0; row < count; row++)
    if (bitAt(wanted, at(targets, row)) && bitAt(bits, first + row)) put(found, length++, first + row);
  return length;
}

/** Counts the retaining edges among some by their targets. @param targets of the edges from `first` on */
export function countRetainers(low: u32, high: u32, first: u32, targets: Column, bits: Column, counts: Column): void {
  for (let row = low; row < high; row++) {
    if (!bitAt(bits, first + row)) continue;
    const target = at(targets, row);
    put(counts, target, at(counts, target) + 1);
  }
}

/** Turns the counts of some into the rows behind the last of each; `sum` is that of all before. */
export function addUp(low: u32, high: u32, sum: u32, counts: Column): u32 {
  let total = sum;
  for (let row = low; row < high; row++) {
    total += at(counts, row);
    put(counts, row, total);
  }
  return total;
}

/**
 * Puts retaining edges from `high` down to, not including, `low` into the rows of their targets, the last one first.
 * @param targets of the edges from `first` on
 */
export function fillRetainers(
  high: u32,
  low: u32,
  first: u32,
  targets: Column,
  bits: Column,
  firstRetainer: Column,
  retainerEdge: Column,
): void {
  for (let i = high; i > low; i--) {
    const edge = first + i - 1;
    if (!bitAt(bits, edge)) continue;
    const target = at(targets, i - 1);
    const row = at(firstRetainer, target) - 1;
    put(firstRetainer, target, row);
    put(retainerEdge, row, edge);
  }
}
