import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { beside, blankColumn } from "../parse/columns.js";
import { HolderBytes } from "./holder-bytes.js";
import { type HolderSums, holderSums } from "./holder-sums.js";
import type { LeftBehind } from "./left-behind.js";
import { PassingMaps } from "./passing-maps.js";
import { creditSharedUnits } from "./shared-units.js";
import { Survivors } from "./survivors.js";
import { settleTurns } from "./taking-turns.js";
import { Cut } from "./units.js";

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

/** One heap by itself, in which all lives and nothing grew: what names are asked of where nothing is compared. */
export function nothingGrown(heap: HeapAnalysis): HolderGrowth {
  const none = new Uint32Array(0);
  const itself = blankColumn(heap.graph.nodeCount, beside(heap.dominator)); // each node by its own number
  for (let node = 0; node < itself.length; node++) itself[node] = node;
  const all = new Survivors([heap], [itself]);
  const cut = new Cut(heap, all, 0, { place: itself, members: none, region: none, unit: none });
  return {
    heaps: [heap],
    survivors: all,
    cuts: [cut],
    devTools: [new Set()],
    maps: [new PassingMaps(heap, cut)],
    heldBelow: [new Map()],
    bytes: new HolderBytes([none], [none]),
    left: null,
  };
}

/** Gives the memory of all columns back: what comes next needs others, and not of all heaps. */
export function putAllBack({ heaps }: Pick<HolderGrowth, "heaps">): void {
  for (const heap of heaps) heap.putBack();
}
