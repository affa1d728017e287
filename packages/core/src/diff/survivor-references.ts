import { firstEdgeOf } from "../graph/edges-aside.js";
import { EdgeType } from "../graph/v8-types.js";
import { beside, discard, uint32Column } from "../parse/columns.js";
import type { HolderSums } from "./holder-sums.js";
import { NO_SURVIVOR } from "./survivors.js";

/**
 * Adds to the references of each holder to what comes and goes those to what lives in all snapshots: what leaves a bounded
 * cache, and lives on since it is kept elsewhere, makes room for something new, and the cache has gained nothing.
 * @param isHolder survivor -> 1 if it is one
 * @param counts survivor -> references
 */
export function addSurvivorReferences(
  { heaps, cuts, survivors }: HolderSums,
  snapshot: number,
  isHolder: Uint8Array,
  counts: Uint32Array,
): void {
  const { graph, owner } = heaps[snapshot]!;
  const cut = cuts[snapshot]!;
  const nodes = survivors.nodesIn(snapshot);
  const countedAt = uint32Column(counts.length, beside(counts)); // survivor -> the last holder it was counted for
  for (let survivor = 1; survivor < counts.length; survivor++) {
    if (isHolder[survivor] === 0) continue;
    const holder = nodes[survivor]!;
    const stores = [holder];
    for (const at of stores)
      for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]!; edge++) {
        const target = graph.edgeTarget[edge]!;
        if (at === holder && target !== holder && owner[target] === holder) stores.push(target);
        const other = graph.edgeType[edge] === EdgeType.weak ? NO_SURVIVOR : cut.survivorOf(target);
        if (other === NO_SURVIVOR || countedAt[other] === survivor) continue;
        countedAt[other] = survivor;
        counts[survivor]!++;
      }
  }
  discard(countedAt);
  heaps[snapshot]!.putBack();
}
