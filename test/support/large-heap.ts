import { SnapshotBuilder } from "./snapshot-builder.js";

/** A heap of so many objects with three edges each, to whatever, of types that a linear congruence deals out. */
export function largeHeap(count: number, seed: number): SnapshotBuilder {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  const heap = new SnapshotBuilder();
  const global = heap.global();
  const types = ["object", "array", "hidden", "closure", "code", "object"];
  const nodes = Array.from({ length: count }, () => heap.node(types[next(6)]!, "Thing", { size: next(64) }));
  for (const [i, node] of nodes.entries()) {
    if (next(8) === 0) heap.property(global, `p${i}`, node);
    for (const type of ["property", "internal", "weak"].slice(0, next(4)))
      heap.edge(type, node, "x", nodes[Math.min(count - 1, next(4) === 0 ? next(count) : i + next(20))]!);
  }
  return heap;
}
