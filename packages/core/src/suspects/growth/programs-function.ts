import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition, closurePosition } from "../../graph/source-locations.js";
import { NodeType } from "../../graph/v8-types.js";
import { isRuntimes, libraryOf } from "../naming/library.js";

/** Objects that are looked at around what a library calls. */
const MAX_NODES = 64;

/**
 * The function of the program's that something of a library's is there to call: the nearest that it leads to by way of
 * new objects; NO_NODE if none is near. Node's own objects, such as a request, lead to whatever else happens in it.
 * @param isPassed false for what else leads nowhere, such as the next link of a list
 */
export function programsFunction(
  { growth, heap: { graph } }: { readonly growth: HolderGrowth; readonly heap: HeapAnalysis },
  starts: readonly NodeIndex[],
  isPassed: (node: NodeIndex) => boolean = () => true,
): NodeIndex {
  const cut = growth.cuts.at(-1)!;
  const isNodes = (node: NodeIndex): boolean =>
    graph.nodeType[node] === NodeType.object && isRuntimes(classPosition(graph, node)?.file ?? "");
  const near = new Set<NodeIndex>(starts);
  for (const node of near) {
    const position = graph.nodeType[node] === NodeType.closure ? closurePosition(graph, node) : null;
    if (position !== null && libraryOf(position.file) === "") return node;
    if (isNodes(node)) continue;
    for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && near.size < MAX_NODES; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (cut.unitOf(target) !== NO_NODE && isPassed(target)) near.add(target);
    }
  }
  return NO_NODE;
}
