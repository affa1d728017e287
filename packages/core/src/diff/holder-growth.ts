import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { HolderBytes } from "./holder-bytes.js";
import { type HolderSums, holderSums } from "./holder-sums.js";
import type { LeftBehind } from "./left-behind.js";
import { creditSharedUnits } from "./shared-units.js";
import type { Survivors } from "./survivors.js";
import { settleTurns } from "./taking-turns.js";

/** What each survivor keeps by itself, or collects, and how that changed from snapshot to snapshot. */
export interface HolderGrowth extends Omit<HolderSums, "program" | "engine"> {
  readonly bytes: HolderBytes;
  /** Set if the last snapshot was taken after cleaning up: what counts is what is left of the first interval. */
  readonly left: LeftBehind | null;
}

/**
 * Sums up each heap by holder, then gives what hangs on several holders, and so on none in the dominator tree, to the
 * one that collects it.
 */
export function holderGrowth(heaps: readonly HeapAnalysis[], survivors: Survivors): HolderGrowth {
  const { program, engine, ...sums } = holderSums(heaps, survivors);
  creditSharedUnits({ ...sums, program, engine });
  const bytes = new HolderBytes(program, engine);
  settleTurns({ ...sums, bytes });
  return { ...sums, bytes, left: null };
}

/** Gives the memory of all columns back: what comes next needs others, and not of all heaps. */
export function putAllBack({ heaps }: Pick<HolderGrowth, "heaps">): void {
  for (const heap of heaps) heap.putBack();
}
