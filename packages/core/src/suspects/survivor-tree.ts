import type { HolderGrowth } from "../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../diff/survivors.js";
import type { NodeIndex } from "../graph/heap-graph.js";

/** @returns survivor -> the survivor next above it in the dominator tree of the last snapshot, or NO_SURVIVOR */
export function survivorParents(growth: HolderGrowth): Uint32Array {
  const last = growth.heaps.length - 1;
  const { dominator } = growth.heaps[last]!;
  const region = growth.region[last]!;
  return growth.survivors.nodes[last]!.map((node) => (node === 0 ? NO_SURVIVOR : region[dominator[node]!]!));
}

/** A survivor in the last snapshot. */
export function lastNode(growth: HolderGrowth, survivor: SurvivorIndex): NodeIndex {
  return growth.survivors.nodes[growth.heaps.length - 1]![survivor]!;
}
