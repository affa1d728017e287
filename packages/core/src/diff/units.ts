import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE } from "../graph/heap-graph.js";
import { NO_SURVIVOR } from "./survivors.js";

/** A heap cut up among the survivors. */
export interface Cut {
  /** node -> nearest survivor up the dominator tree, itself included */
  readonly region: Uint32Array;
  /** node -> root of its unit; NO_NODE for survivors and their storage */
  readonly unit: Uint32Array;
}

/**
 * Cuts what a holder keeps into units: what goes at once if one entry goes. A unit is a node that is no survivor,
 * directly below a survivor (or its storage) in the dominator tree, with all it dominates down to the next survivor.
 */
export function cutUp(heap: HeapAnalysis, survivorOf: Uint32Array): Cut {
  const { dominator, dominatorOrder, owner, graph } = heap;
  const region = new Uint32Array(graph.nodeCount);
  const unit = new Uint32Array(graph.nodeCount).fill(NO_NODE);
  for (let i = 0; i < dominatorOrder.length; i++) {
    const node = dominatorOrder[i]!;
    const own = survivorOf[node]!;
    if (own !== NO_SURVIVOR) {
      region[node] = own;
      continue;
    }
    const above = dominator[node]!;
    region[node] = region[above]!;
    const of = owner[node]!;
    if (of !== node && survivorOf[of] !== NO_SURVIVOR) continue;
    unit[node] = unit[above] === NO_NODE ? node : unit[above]!;
  }
  return { region, unit };
}
