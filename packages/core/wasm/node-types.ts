import { Column, byteAt, put, putByte } from "./column";

/** Puts other numbers into some rows of a column of types; `ours` has one for each. */
export function translate(low: u32, high: u32, types: Column, ours: Column): void {
  for (let row = low; row < high; row++) putByte(types, row, byteAt(ours, byteAt(types, row)));
}

/**
 * Lists those of some nodes that are of a type.
 * @param found room for as many nodes
 * @returns how many that are
 */
export function nodesOfType(low: u32, high: u32, types: Column, type: u32, found: Column): u32 {
  let count: u32 = 0;
  for (let node = low; node < high; node++) if (byteAt(types, node) == type) put(found, count++, node);
  return count;
}
