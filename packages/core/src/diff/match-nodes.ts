import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { NodeType } from "../graph/v8-types.js";
import { nodesById } from "./nodes-by-id.js";

/**
 * Finds the objects that are in both snapshots of one process: equal id and equal type. Ids that mean nothing in
 * another snapshot take no part (see `stableIds`), so that "not matched" is "new" only for nodes that have one.
 * @returns node of `later` -> node of `earlier`, or NO_NODE; no node is given twice
 */
export function matchNodes(earlier: HeapGraph, later: HeapGraph): Uint32Array {
  const before = nodesById(earlier, stableIds(earlier));
  const after = nodesById(later, stableIds(later));
  const match = new Uint32Array(later.nodeCount).fill(NO_NODE);
  const { nodeId: idBefore, nodeType: typeBefore } = earlier;
  const { nodeId: idAfter, nodeType: typeAfter } = later;
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    const old = before[i]!;
    const node = after[j]!;
    const difference = idBefore[old]! - idAfter[node]!;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
    if (difference === 0 && typeBefore[old] === typeAfter[node]) match[node] = old;
  }
  return match;
}

/**
 * Which nodes have an id that means the same object in all snapshots of one process? Not
 * - numbers, and strings without a size, their texts: V8 has no objects for small integers and gives the nodes that
 *   stand for them fresh ids each time;
 * - what Node itself adds (`Node / Environment` ...) and the roots of C++: Node 18 and 20 number them by the address of
 *   a temporary, later ones afresh. Blink's nodes have even ids as well, but keep them.
 */
export function stableIds(graph: HeapGraph): (node: NodeIndex) => boolean {
  const { nodeType, nodeName, nodeId, selfSize, strings } = graph;
  const isNodes = new Map<number, boolean>(); // StringIndex -> is it the name of something that Node adds?
  return (node) => {
    const type = nodeType[node]!;
    if (type === NodeType.number) return false;
    if (type === NodeType.string) return selfSize[node]! > 0;
    if (nodeId[node]! % 2 !== 0) return true;
    if (type === NodeType.synthetic) return false;
    if (type !== NodeType.native) return true;
    const name = nodeName[node]!;
    let known = isNodes.get(name);
    if (known === undefined) {
      known = strings.text(name).startsWith("Node / ");
      isNodes.set(name, known);
    }
    return !known;
  };
}
