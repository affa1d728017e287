import { Column, NONE, at, byteAt, put } from "./column";

/**
 * Parts nodes that have one id and are not the same. `keepsId`: a byte a type, 1 if all of that type have ids that last.
 * The others are listed, from row `row` of the list on, to be asked for.
 * @returns the row behind the last
 */
export function partNodes(
  low: u32,
  high: u32,
  typeBefore: Column,
  typeAfter: Column,
  keepsId: Column,
  same: Column,
  row: u32,
  toAsk: Column,
): u32 {
  let next = row;
  for (let node = low; node < high; node++) {
    const old = at(same, node);
    if (old == NONE) continue;
    const type = byteAt(typeAfter, node);
    if (byteAt(typeBefore, old) != type) put(same, node, NONE);
    else if (byteAt(keepsId, type) != 1) put(toAsk, next++, node);
  }
  return next;
}
