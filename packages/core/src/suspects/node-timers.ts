import { findEdge, internalField, NO_EDGE } from "../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";

/** The timers in one of Node's lists, which has those of one duration in a ring. */
export function timersIn(graph: HeapGraph, list: NodeIndex): NodeIndex[] {
  const timers: NodeIndex[] = [];
  let at = list;
  do {
    const edge = findEdge(graph, at, EdgeType.property, "_idleNext");
    at = edge === NO_EDGE ? list : graph.edgeTarget[edge]!;
    if (at !== list) timers.push(at);
  } while (at !== list && timers.length < graph.nodeCount);
  return timers;
}

/** The function that one of Node's timers calls, without what `bind` put around it; NO_NODE if it is no timer. */
export function timerCallback(graph: HeapGraph, timer: NodeIndex): NodeIndex {
  for (const name of ["_onTimeout", "_onImmediate"]) {
    const edge = findEdge(graph, timer, EdgeType.property, name);
    if (edge === NO_EDGE || graph.nodeType[graph.edgeTarget[edge]!] !== NodeType.closure) continue;
    const closure = graph.edgeTarget[edge]!;
    const bound = internalField(graph, closure, "bound_function");
    return bound === NO_NODE ? closure : bound;
  }
  return NO_NODE;
}
