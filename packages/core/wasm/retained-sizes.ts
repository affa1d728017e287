import { Column, at, bytesAt, put, putBytes } from "./column";

/** Sizes in the order of numbers. `wide`: sizes are of eight bytes. */
export function sumsByNumber(low: u32, high: u32, node: Column, size: Column, wide: bool, sums: Column): void {
  for (let number = low; number < high; number++) {
    const place = at(node, number);
    putBytes(sums, number, wide ? bytesAt(size, place) : (at(size, place) as f64));
  }
}

/** Adds each sum to that of the dominator, from number `high` down to, not including, `low`. */
export function addToDominators(high: u32, low: u32, dominator: Column, sums: Column): void {
  for (let number = high; number > low; number--) {
    const above = at(dominator, number);
    putBytes(sums, above, bytesAt(sums, above) + bytesAt(sums, number));
  }
}

/** Sums in the order of nodes. `wide`: those are of eight bytes. */
export function retainedByNode(low: u32, high: u32, node: Column, sums: Column, retained: Column, wide: bool): void {
  for (let number = low; number < high; number++) {
    const place = at(node, number);
    const sum = bytesAt(sums, number);
    if (wide) putBytes(retained, place, sum);
    else put(retained, place, sum as u32);
  }
}
