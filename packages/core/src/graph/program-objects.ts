import { beside, blankColumn, discard, newBytes } from "../parse/columns.js";
import { kernelFor, placesOf } from "./heap-kernel.js";
import { SLICE } from "../parse/slices.js";
import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { EdgeType } from "./v8-types.js";

/**
 * Marks what the program itself can reach: all that hangs on the user roots over edges that are not weak.
 * DevTools calls these page objects. What V8's handles, tables and the debugger refer to as well does not belong to
 * them, so edges from outside into this set do not count as retainers.
 * @returns node -> 1 if reachable
 */
export function programObjects(graph: HeapGraph, userRoots: readonly NodeIndex[]): Uint8Array {
  const { nodeCount, firstEdge, edgeType, edgeTarget } = graph;
  const reached = newBytes(nodeCount, beside(firstEdge));
  const stack = blankColumn(nodeCount, beside(firstEdge));
  let depth = 0;
  for (const root of userRoots) {
    if (reached[root] === 1) continue;
    reached[root] = 1;
    stack[depth++] = root;
  }
  const kernel = kernelFor(firstEdge, edgeType, edgeTarget, reached, stack);
  if (kernel === null) reachFrom(graph, depth, reached, stack);
  else {
    const edges = placesOf([firstEdge, edgeType, edgeTarget]);
    const marks = placesOf([reached, stack]);
    while (depth > 0) depth = kernel.reachFrom(depth, SLICE, ...edges, EdgeType.weak, ...marks) >>> 0;
  }
  discard(stack);
  return reached;
}

/** Marks what can be reached from nodes on a stack over edges that are not weak. */
function reachFrom(
  { firstEdge, edgeType, edgeTarget }: HeapGraph,
  count: number,
  reached: Uint8Array,
  stack: Uint32Array,
): void {
  for (let depth = count; depth > 0;) {
    const node = stack[--depth]!;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const target = edgeTarget[edge]!;
      if (reached[target] === 1 || edgeType[edge] === EdgeType.weak) continue;
      reached[target] = 1;
      stack[depth++] = target;
    }
  }
}
