import { unitBytes } from "../../diff/holder-sums.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { differences, sum } from "./growth-verdict.js";

/** Roots of some units of one holder's, per snapshot. */
export type Tops = readonly ReadonlySet<NodeIndex>[];

/** @param roots per snapshot the root of a unit, or NO_NODE */
export function topsOf(roots: readonly NodeIndex[]): Tops {
  return roots.map((root) => new Set(root === NO_NODE ? [] : [root]));
}

/** What units gained, per interval. */
export function unitGrowth(growth: HolderGrowth, tops: Tops): number[] {
  return differences(tops.map((roots, snapshot) => sum([...roots].map((root) => unitBytes(growth, snapshot, root)))));
}
