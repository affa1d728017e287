import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { NodeType } from "../graph/v8-types.js";
import { beside, besideSparsely, blankColumn, copied, discard } from "../parse/columns.js";
import { sameIds } from "./same-ids.js";

/**
 * Finds the objects that are in both snapshots of one process: equal id and equal type. Ids that mean nothing in
 * another snapshot take no part (see `stableIds`), so that "not matched" is "new" only for nodes that have one.
 * @param same the nodes with the same id, as from `sameIds`; becomes the result
 * @returns node of `later` -> node of `earlier`, or NO_NODE; no node is given twice
 */
export function matchNodes(
  earlier: HeapGraph,
  later: HeapGraph,
  same: Uint32Array = sameIds(earlier.nodeId, later.nodeId),
): Uint32Array {
  const wasStable = stableIds(earlier);
  const isStable = stableIds(later);
  const { nodeType: typeBefore } = earlier;
  const { nodeType: typeAfter } = later;
  const where = beside(same);
  const keepsId = copied(KEEPS_ID, where);
  const toAsk = blankColumn(same.length, besideSparsely(same)); // mostly few
  const kernel = kernelFor(typeBefore, typeAfter, keepsId, same, toAsk);
  let count = 0;
  if (kernel === null) count = partNodes(typeBefore, typeAfter, same, toAsk);
  else {
    const places = placesOf([typeBefore, typeAfter, keepsId, same]);
    eachSlice(same.length, (low, high) => {
      count = kernel.partNodes(low, high, ...places, count, placeOf(toAsk)) >>> 0;
    });
  }
  eachSlice(count, (low, high) => {
    for (let row = low; row < high; row++) {
      const node = toAsk[row]!;
      if (!isStable(node) || !wasStable(same[node]!)) same[node] = NO_NODE;
    }
  });
  discard(keepsId, toAsk);
  return same;
}

/**
 * Parts nodes that have one id and are not the same, and lists those whose ids may not last.
 * @returns how many are listed
 */
function partNodes(typeBefore: Uint8Array, typeAfter: Uint8Array, same: Uint32Array, toAsk: Uint32Array): number {
  let count = 0;
  for (let node = 0; node < same.length; node++) {
    const old = same[node]!;
    if (old === NO_NODE) continue;
    const type = typeAfter[node]!;
    if (typeBefore[old] !== type) same[node] = NO_NODE;
    else if (KEEPS_ID[type] !== 1) toAsk[count++] = node;
  }
  return count;
}

// Node type -> 1 if all of that type have ids that last: see `stableIds`, which the others are asked of.
const KEEPS_ID = new Uint8Array(256).fill(1);
for (const type of [NodeType.number, NodeType.string, NodeType.synthetic, NodeType.native]) KEEPS_ID[type] = 0;

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
