import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import type { NodeIndex } from "../../graph/heap-graph.js";

/** The survivor next above one in the dominator tree of the last snapshot, or NO_SURVIVOR. */
export function survivorAbove(growth: HolderGrowth, survivor: SurvivorIndex): SurvivorIndex {
  const last = growth.heaps.length - 1;
  const node = lastNode(growth, survivor);
  return node === 0 ? NO_SURVIVOR : growth.cuts[last]!.regionOf(growth.heaps[last]!.dominator[node]!);
}

/** A survivor in the last snapshot. */
export function lastNode(growth: HolderGrowth, survivor: SurvivorIndex): NodeIndex {
  return growth.survivors.nodesIn(growth.heaps.length - 1)[survivor]!;
}
