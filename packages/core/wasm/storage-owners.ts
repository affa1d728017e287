import { Column, NONE, at, byteAt, bytesAt, put, putBytes } from "./column";

const SEVERAL: u32 = NONE - 1;

/** Says of some nodes that they are storage, by their types, or else their own. */
export function markStorage(low: u32, high: u32, nodeType: Column, hidden: u32, array: u32, owner: Column): void {
  for (let node = low; node < high; node++) {
    const type = byteAt(nodeType, node);
    put(owner, node, type == hidden || type == array ? NONE : node);
  }
}

/** Tells the storage that some nodes refer to whose it is: see `ownersOf` in src/analysis/storage-owners.ts. */
export function spreadOwners(
  low: u32,
  high: u32,
  firstEdge: Column,
  edgeType: Column,
  edgeTarget: Column,
  weak: u32,
  owner: Column,
  work: Column,
): void {
  for (let start = low; start < high; start++) {
    if (at(owner, start) != start) continue;
    let depth: u32 = 0;
    let node = start;
    for (;;) {
      const from = at(owner, node);
      const end = at(firstEdge, node + 1);
      for (let edge = at(firstEdge, node); edge < end; edge++) {
        const target = at(edgeTarget, edge);
        const known = at(owner, target);
        if (known == target || known == from || known == SEVERAL || byteAt(edgeType, edge) == weak) continue;
        put(owner, target, known == NONE ? from : SEVERAL);
        put(work, depth++, target);
      }
      if (depth == 0) break;
      node = at(work, --depth);
    }
  }
}

/** Moves the sizes of storage to its owners. `wide`: sizes are of eight bytes. */
export function settleOwners(
  low: u32,
  high: u32,
  owner: Column,
  nodeType: Column,
  synthetic: u32,
  size: Column,
  wide: bool,
): void {
  for (let node = low; node < high; node++) {
    const to = at(owner, node);
    if (to == node) continue;
    if (to >= SEVERAL || to == 0 || byteAt(nodeType, to) == synthetic) {
      put(owner, node, node);
    } else if (wide) {
      putBytes(size, to, bytesAt(size, to) + bytesAt(size, node));
      putBytes(size, node, 0);
    } else {
      put(size, to, at(size, to) + at(size, node));
      put(size, node, 0);
    }
  }
}
