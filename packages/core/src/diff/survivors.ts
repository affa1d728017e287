import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../graph/heap-graph.js";

/** Number of an object that lives in all snapshots: row of the columns of Survivors. */
export type SurvivorIndex = number;
export const NO_SURVIVOR: SurvivorIndex = NO_NODE;

/**
 * The objects that live in all snapshots. V8's storage is none: its owner stands for it, so that an array whose
 * elements were re-allocated in one interval and not in the other looks the same in both.
 */
export interface Survivors {
  readonly count: number;
  readonly nodes: readonly Uint32Array[]; // snapshot -> survivor -> NodeIndex
  readonly of: readonly Uint32Array[]; // snapshot -> node -> SurvivorIndex or NO_SURVIVOR
}

/**
 * Joins the matches of neighbouring snapshots over all of them. The root is always survivor 0.
 * @param matches per interval: node of the later snapshot -> node of the earlier one, or NO_NODE
 */
export function survivors(heaps: readonly HeapAnalysis[], matches: readonly Uint32Array[]): Survivors {
  const last = heaps.length - 1;
  const lastCount = heaps[last]!.graph.nodeCount;
  const of = heaps.map((heap) => new Uint32Array(heap.graph.nodeCount).fill(NO_SURVIVOR));
  const way: NodeIndex[] = heaps.map(() => 0);
  let count = 0;
  for (let node = 0; node < lastCount; node++) {
    let at = node;
    let snapshot = last;
    for (; snapshot >= 0; snapshot--) {
      if (at === NO_NODE || heaps[snapshot]!.owner[at] !== at) break;
      way[snapshot] = at;
      if (snapshot > 0) at = node === 0 ? 0 : matches[snapshot - 1]![at]!;
    }
    if (snapshot >= 0) continue;
    for (let s = 0; s <= last; s++) of[s]![way[s]!] = count;
    count++;
  }
  const nodes = of.map((column) => {
    const rows = new Uint32Array(count);
    for (let node = 0; node < column.length; node++) if (column[node] !== NO_SURVIVOR) rows[column[node]!] = node;
    return rows;
  });
  return { count, nodes, of };
}
