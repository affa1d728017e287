import { beside, discard, newBytes, uint32Column } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE } from "../graph/heap-graph.js";

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
}

/**
 * Joins the matches of neighbouring snapshots over all of them. The root is always survivor 0.
 * @param matches per interval: node of the later snapshot -> node of the earlier one, or NO_NODE
 */
export function survivors(heaps: readonly HeapAnalysis[], matches: readonly Uint32Array[]): Survivors {
  const last = heaps.length - 1;
  const lived = nodesInAll(heaps, matches);
  let count = 0;
  for (let node = 0; node < lived.length; node++) if (lived[node] === 1) count++;

  const nodes: Uint32Array[] = [];
  nodes[last] = uint32Column(count, beside(lived));
  for (let node = 0, survivor = 0; node < lived.length; node++) if (lived[node] === 1) nodes[last]![survivor++] = node;
  for (let snapshot = last - 1; snapshot >= 0; snapshot--) {
    nodes[snapshot] = earlierNodes(nodes[snapshot + 1]!, matches[snapshot]!);
  }
  discard(lived);
  return { count, nodes };
}

/** The nodes of the survivors one snapshot before; the root is matched to itself, whatever its id. */
function earlierNodes(later: Uint32Array, match: Uint32Array): Uint32Array {
  const earlier = uint32Column(later.length, beside(later));
  for (let survivor = 1; survivor < later.length; survivor++) earlier[survivor] = match[later[survivor]!]!;
  return earlier;
}

/** @returns node of the last snapshot -> 1 if it lives in all, and is no storage in any */
function nodesInAll(heaps: readonly HeapAnalysis[], matches: readonly Uint32Array[]): Uint8Array {
  const last = heaps.length - 1;
  const { nodeCount } = heaps[last]!.graph;
  const lived = newBytes(nodeCount, beside(heaps[last]!.owner)).fill(1);
  let at = heaps[last]!.owner; // node of the last snapshot -> node of the one at hand, where `lived`
  for (let node = 0; node < nodeCount; node++) if (at[node] !== node) lived[node] = 0;
  for (let snapshot = last - 1; snapshot >= 0; snapshot--) {
    const match = matches[snapshot]!;
    const { owner } = heaps[snapshot]!;
    const before = snapshot === 0 ? at : uint32Column(nodeCount, beside(lived));
    const isKept = snapshot > 0;
    for (let node = 0; node < nodeCount; node++) {
      if (lived[node] === 0) continue;
      const old = node === 0 ? 0 : match[at[node]!]!;
      if (old === NO_NODE || owner[old] !== old) lived[node] = 0;
      else if (isKept) before[node] = old;
    }
    if (snapshot < last - 1) discard(at);
    at = before;
  }
  return lived;
}
