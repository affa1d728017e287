import type { HeapGraph, NodeIndex } from "./heap-graph.js";
import { EdgeType, NodeType } from "./v8-types.js";

export const ROOT: NodeIndex = 0;

/**
 * Where the program's own objects hang: the targets of the root's shortcuts (the global objects; Node 26: the native
 * contexts). V8 15 writes no shortcuts; there, every native context and its global object stand in. DevTools has no
 * user roots in such files, so it neither attributes sizes nor keeps handles out of the dominator tree.
 */
export function userRoots(graph: HeapGraph): NodeIndex[] {
  const roots = shortcutRoots(graph);
  return roots.length > 0 ? roots : nativeContexts(graph);
}

/** User roots that the root itself does not refer to: only V8's handles lead there. */
export function rootsBehindHandles(graph: HeapGraph): NodeIndex[] {
  return shortcutRoots(graph).length > 0 ? [] : nativeContexts(graph);
}

function shortcutRoots({ firstEdge, edgeType, edgeTarget }: HeapGraph): NodeIndex[] {
  const roots: NodeIndex[] = [];
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++)
    if (edgeType[edge] === EdgeType.shortcut) roots.push(edgeTarget[edge]!);
  return roots;
}

/** DevTools' user roots, the start of its distances: whatever hangs on the root and is not synthetic. */
export function nonSyntheticRoots(graph: HeapGraph): NodeIndex[] {
  const { firstEdge, edgeTarget, nodeType, nodeName, strings } = graph;
  const domTrees = strings.indexOf("(Document DOM trees)");
  const roots: NodeIndex[] = [];
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    const target = edgeTarget[edge]!;
    if (nodeType[target] !== NodeType.synthetic || nodeName[target] === domTrees) roots.push(target);
  }
  return roots;
}

function nativeContexts(graph: HeapGraph): NodeIndex[] {
  const { nodeCount, nodeType, nodeName, firstEdge, edgeType, edgeName, edgeTarget, strings } = graph;
  const globalObject = strings.indexOf("global_object");
  const isNativeContext = new Map<number, boolean>();
  const roots: NodeIndex[] = [];
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    if (type !== NodeType.hidden && type !== NodeType.native) continue;
    const name = nodeName[node]!;
    let known = isNativeContext.get(name);
    if (known === undefined) {
      const text = strings.text(name);
      known = text === "system / NativeContext" || text.startsWith("system / NativeContext /");
      isNativeContext.set(name, known);
    }
    if (!known) continue;
    roots.push(node);
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++)
      if (edgeType[edge] === EdgeType.internal && edgeName[edge] === globalObject) roots.push(edgeTarget[edge]!);
  }
  return roots;
}
