import { Column, NONE, at, bitAt, byteAt, putByte, put } from "./column";

/** Sets the bits of the edges of some nodes whose type says so; `retains` has a byte for each type. */
export function markByType(
  low: u32,
  high: u32,
  firstEdge: Column,
  edgeType: Column,
  edgeTarget: Column,
  retains: Column,
  bits: Column,
): void {
  let edge = at(firstEdge, low);
  for (let node = low; node < high; node++) {
    const end = at(firstEdge, node + 1);
    for (; edge < end; edge++) {
      const bit = at(edgeTarget, edge) == node ? 0 : byteAt(retains, byteAt(edgeType, edge));
      putByte(bits, edge >>> 3, byteAt(bits, edge >>> 3) | (bit << (edge & 7)));
    }
  }
}

/**
 * Marks what can be reached from nodes on a stack, over edges that are not of type `weak`, for so many nodes at most.
 * @returns nodes that are left on the stack
 */
export function reachFrom(
  depth: u32,
  most: u32,
  firstEdge: Column,
  edgeType: Column,
  edgeTarget: Column,
  weak: u32,
  reached: Column,
  stack: Column,
): u32 {
  for (let left = most; depth > 0 && left > 0; left--) {
    const node = at(stack, --depth);
    const end = at(firstEdge, node + 1);
    for (let edge = at(firstEdge, node); edge < end; edge++) {
      const target = at(edgeTarget, edge);
      if (byteAt(reached, target) == 1 || byteAt(edgeType, edge) == weak) continue;
      putByte(reached, target, 1);
      put(stack, depth++, target);
    }
  }
  return depth;
}

/** Clears the bits of edges from nodes that are not `inside` to those that are left out. */
export function leaveOut(
  low: u32,
  high: u32,
  firstEdge: Column,
  edgeTarget: Column,
  inside: Column,
  isLeftOut: Column,
  bits: Column,
): void {
  for (let node = low; node < high; node++) {
    if (byteAt(inside, node) == 1) continue;
    const end = at(firstEdge, node + 1);
    for (let edge = at(firstEdge, node); edge < end; edge++)
      if (byteAt(isLeftOut, at(edgeTarget, edge)) == 1 && bitAt(bits, edge))
        putByte(bits, edge >>> 3, byteAt(bits, edge >>> 3) & ~((1 as u32) << (edge & 7)));
  }
}

/** Bits that are set in so many bytes. */
export function countOnes(bits: Column, length: u32): u32 {
  let count: u32 = 0;
  for (let row: u32 = 0; row < length; row++) count += popcnt(byteAt(bits, row));
  return count;
}

let foundNode: u32 = 0;

/** The node that the edge starts at that `nextNamed` found last. */
export function nodeOfNamed(): u32 {
  return foundNode;
}

/**
 * The first edge of type `internal`, from `edge` of the node `low` on, that starts at an array and whose name may be meant.
 * @param names a byte a name: 1 if it may
 * @returns NONE if no node before `high` has one
 */
export function nextNamed(
  low: u32,
  high: u32,
  edge: u32,
  nodeType: Column,
  array: u32,
  firstEdge: Column,
  edgeType: Column,
  internal: u32,
  edgeName: Column,
  names: Column,
): u32 {
  let next = edge;
  for (let node = low; node < high; node++) {
    const end = at(firstEdge, node + 1);
    if (byteAt(nodeType, node) == array) {
      for (; next < end; next++) {
        if (byteAt(edgeType, next) != internal || byteAt(names, at(edgeName, next)) == 0) continue;
        foundNode = node;
        return next;
      }
    }
    next = end;
  }
  return NONE;
}
