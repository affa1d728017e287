import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { type HolderGrowth, holderSums } from "./holder-sums.js";
import { creditSharedUnits } from "./shared-units.js";

export type { HolderGrowth };

/**
 * Sums up each heap by holder, then gives what hangs on several holders, and so on none in the dominator tree, to the
 * one that collects it.
 * @param matches per interval: node of the later snapshot -> node of the earlier one, or NO_NODE
 */
export function holderGrowth(heaps: readonly HeapAnalysis[], matches: readonly Uint32Array[]): HolderGrowth {
  const growth = holderSums(heaps, matches);
  creditSharedUnits(growth);
  return growth;
}

/** Gives the memory of what was asked about heaps before the last back: it is little, and has to be read as a whole. */
export function putEarlierBack({ heaps }: HolderGrowth): void {
  for (const heap of heaps.slice(0, -1)) heap.putBack();
}
