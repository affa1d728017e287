import { Column, NONE, at, byteAt, put, putByte } from "./column";

/** Marks nodes that are no storage. */
export function markOwners(low: u32, high: u32, owner: Column, lived: Column): void {
  for (let node = low; node < high; node++) putByte(lived, node, at(owner, node) == node ? 1 : 0);
}

/**
 * Follows nodes that have lived so far to the snapshot before; the root is matched to itself. `now`: node of the last
 * snapshot -> node of the one at hand; `before`: the same for the one before, 0 if nobody asks.
 */
export function followBack(
  low: u32,
  high: u32,
  lived: Column,
  now: Column,
  match: Column,
  owner: Column,
  before: Column,
): void {
  for (let node = low; node < high; node++) {
    if (byteAt(lived, node) == 0) continue;
    const old = node == 0 ? 0 : at(match, at(now, node));
    if (old == NONE || at(owner, old) != old) putByte(lived, node, 0);
    else if (before != 0) put(before, node, old);
  }
}

/** Puts the node before of each survivor but the root's. */
export function nodesBefore(low: u32, high: u32, later: Column, match: Column, earlier: Column): void {
  for (let survivor = max<u32>(1, low); survivor < high; survivor++)
    put(earlier, survivor, at(match, at(later, survivor)));
}
