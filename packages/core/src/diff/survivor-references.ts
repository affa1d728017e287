import { firstEdgeOf } from "../graph/edges-aside.js";
import { EdgeType } from "../graph/v8-types.js";
import { beside, discard, uint32Column } from "../parse/columns.js";
import type { HolderSums } from "./holder-sums.js";
import { NO_SURVIVOR } from "./survivors.js";

/**
 * Adds to the references that rivals have to what comes and goes those to what lives in all snapshots: what leaves a bounded
 * cache, and lives on since it is kept elsewhere, makes room for something new, and the cache has gained nothing.
 * @param rivals survivor -> 1 if it refers to something that another does, too; those that gained nothing are left out
 * @param before survivor -> references in the first snapshot
 * @param after survivor -> references in the last
 */
export function addSurvivorReferences(
  sums: HolderSums,
  rivals: Uint8Array,
  before: Uint32Array,
  after: Uint32Array,
): void {
  for (let survivor = 0; survivor < rivals.length; survivor++)
    if (after[survivor]! <= before[survivor]!) rivals[survivor] = 0;
  if (!rivals.includes(1)) return; // edges may have to be read again
  addIn(sums, 0, rivals, before);
  addIn(sums, sums.heaps.length - 1, rivals, after);
}

function addIn(
  { heaps, cuts, survivors }: HolderSums,
  snapshot: number,
  rivals: Uint8Array,
  counts: Uint32Array,
): void {
  const { graph, owner } = heaps[snapshot]!;
  const cut = cuts[snapshot]!;
  const nodes = survivors.nodesIn(snapshot);
  const countedAt = uint32Column(counts.length, beside(counts)); // survivor -> the last holder it was counted for
  for (let survivor = 1; survivor < counts.length; survivor++) {
    if (rivals[survivor] === 0) continue;
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
