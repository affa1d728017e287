import { Column, at, bytesAt, put, putBytes } from "./column";

// `wide`: sizes, sums and what is retained are of eight bytes; else of four, which have room for the sum of all.

/** Sizes in the order of numbers. */
export function sumsByNumber(low: u32, high: u32, node: Column, size: Column, wide: bool, sums: Column): void {
  if (wide) for (let number = low; number < high; number++) putBytes(sums, number, bytesAt(size, at(node, number)));
  else for (let number = low; number < high; number++) put(sums, number, at(size, at(node, number)));
}

/** Adds each sum to that of the dominator, from number `high` down to, not including, `low`. */
export function addToDominators(high: u32, low: u32, dominator: Column, wide: bool, sums: Column): void {
  for (let number = high; number > low; number--) {
    const above = at(dominator, number);
    if (wide) putBytes(sums, above, bytesAt(sums, above) + bytesAt(sums, number));
    else put(sums, above, at(sums, above) + at(sums, number));
  }
}

/** Sums in the order of nodes. */
export function retainedByNode(low: u32, high: u32, node: Column, sums: Column, wide: bool, retained: Column): void {
  if (wide) for (let number = low; number < high; number++) putBytes(retained, at(node, number), bytesAt(sums, number));
  else for (let number = low; number < high; number++) put(retained, at(node, number), at(sums, number));
}
