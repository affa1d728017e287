import { firstEdgeOf } from "./edges-aside.js";
import { internalField } from "./edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { nodeText } from "./v8-names.js";
import { ROOT } from "./v8-roots.js";
import { EdgeType, NodeType } from "./v8-types.js";

/**
 * The objects that Node keeps alive as long as they run: V8's edges to them, by what Node has behind them, such as
 * "Node / Worker". Handles of what may go with the program's last reference are weak.
 */
export function runningHandles(graph: HeapGraph): Map<string, EdgeIndex[]> {
  const found = new Map<string, EdgeIndex[]>();
  const handles = subroot(graph, subroot(graph, ROOT, "(GC roots)"), "(Global handles)");
  if (handles === NO_NODE) return found;
  for (let edge = firstEdgeOf(graph, handles); edge < graph.firstEdge[handles + 1]!; edge++) {
    const object = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] === EdgeType.weak || graph.nodeType[object] !== NodeType.object) continue;
    const behind = internalField(graph, object, "javascript_to_native");
    if (behind === NO_NODE) continue;
    const name = nodeText(graph, behind);
    const edges = found.get(name);
    if (edges === undefined) found.set(name, [edge]);
    else edges.push(edge);
  }
  return found;
}

function subroot(graph: HeapGraph, root: NodeIndex, name: string): NodeIndex {
  if (root === NO_NODE) return NO_NODE;
  for (let edge = firstEdgeOf(graph, root); edge < graph.firstEdge[root + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (graph.nodeType[target] === NodeType.synthetic && nodeText(graph, target) === name) return target;
  }
  return NO_NODE;
}
