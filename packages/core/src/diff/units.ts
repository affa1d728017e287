import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE } from "../graph/heap-graph.js";
import { NO_SURVIVOR } from "./survivors.js";

/**
 * Cuts what a holder keeps into units: what goes at once if one entry goes. A unit is a node that is no survivor,
 * directly below a survivor (or its storage) in the dominator tree, with all it dominates down to the next survivor.
 * @returns node -> root of its unit; NO_NODE for survivors and their storage
 */
export function units(heap: HeapAnalysis, survivorOf: Uint32Array): Uint32Array {
  const { dominator, dominatorOrder, owner, graph } = heap;
  const unit = new Uint32Array(graph.nodeCount).fill(NO_NODE);
  for (const node of dominatorOrder) {
    if (survivorOf[node] !== NO_SURVIVOR) continue;
    const of = owner[node]!;
    if (of !== node && survivorOf[of] !== NO_SURVIVOR) continue;
    const above = unit[dominator[node]!]!;
    unit[node] = above === NO_NODE ? node : above;
  }
  return unit;
}
