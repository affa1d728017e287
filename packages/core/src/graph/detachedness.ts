import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { EdgeType, NodeType } from "./v8-types.js";

const UNKNOWN = 0;
/** State of nodes that are in the document, and of what they refer to. */
export const ATTACHED = 1;
/** State of nodes that were removed from the document. */
export const DETACHED = 2;

/**
 * Spreads "in the document" and "removed from it" from the nodes that know it to the native nodes they refer to; what
 * is reached from both is attached. State does not pass through JavaScript objects, which V8 may mark as well.
 * The rules are DevTools'.
 */
export function spreadDetachedness(graph: HeapGraph, detached: Uint8Array): void {
  const { nodeCount, nodeType } = graph;
  const attachedNodes: NodeIndex[] = [];
  const detachedNodes: NodeIndex[] = [];
  for (let node = 0; node < nodeCount; node++) {
    const state = detached[node]!;
    if (state === UNKNOWN) continue;
    if (nodeType[node] !== NodeType.native) detached[node] = UNKNOWN;
    else if (state === ATTACHED) attachedNodes.push(node);
    else if (state === DETACHED) detachedNodes.push(node);
  }
  spread(graph, detached, attachedNodes, ATTACHED);
  spread(graph, detached, detachedNodes, DETACHED);
}

function spread(graph: HeapGraph, detached: Uint8Array, work: NodeIndex[], state: number): void {
  const { firstEdge, edgeType, edgeTarget, nodeType } = graph;
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const type = edgeType[edge]!;
      if (type === EdgeType.hidden || type === EdgeType.weak || type === EdgeType.invisible) continue;
      const target = edgeTarget[edge]!;
      if (nodeType[target] !== NodeType.native || detached[target] !== UNKNOWN) continue;
      detached[target] = state;
      work.push(target);
    }
  }
}
