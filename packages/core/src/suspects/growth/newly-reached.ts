import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import { type EdgeIndex, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { retains } from "../../graph/retaining-edges.js";

/** Objects around a new one: what it was made with is near. */
const MAX_NODES = 300;

/**
 * The first thing of a kind that a new object leads to, by way of new objects alone; NO_NODE if there is none near.
 * @param node where to start, in the last snapshot
 */
export function newlyReached(
  growth: HolderGrowth,
  node: NodeIndex,
  isIt: (node: NodeIndex, edge: EdgeIndex | null) => boolean,
): NodeIndex {
  const last = growth.heaps.length - 1;
  const { graph, retaining } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  if (isIt(node, null)) return node;
  const seen = new Set<NodeIndex>([node]);
  for (const at of seen) {
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (seen.has(target) || cut.survivorOf(target) !== NO_SURVIVOR || !retains(retaining, edge)) continue;
      if (isIt(target, edge)) return target;
      if (seen.size >= MAX_NODES) return NO_NODE;
      seen.add(target);
    }
  }
  return NO_NODE;
}
