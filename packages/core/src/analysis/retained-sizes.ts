import type { ByteColumn } from "../graph/heap-graph.js";
import { eachSlice, eachSliceDown, kernelFor, placesOf } from "../graph/heap-kernel.js";
import { beside, discard, float64Column, uint32Column } from "../parse/columns.js";

/**
 * Bytes that go when a node goes: its size and that of all it dominates. A dominator has a lower depth-first number
 * than what it dominates, so one pass from the end sums up the tree, nearly in order.
 * @param node depth-first number -> node
 * @param dominator depth-first number -> number of the immediate dominator
 * @param ownedSize a column that has room for the sum of all
 * @returns node -> bytes
 */
export function retainedSizes(node: Uint32Array, dominator: Uint32Array, ownedSize: ByteColumn): ByteColumn {
  const count = node.length;
  const where = beside(node);
  const sums = float64Column(count, where); // number -> bytes
  const retained = ownedSize instanceof Float64Array ? float64Column(count, where) : uint32Column(count, where);
  const kernel = kernelFor(node, dominator, ownedSize, sums, retained);
  if (kernel === null) {
    for (let number = 0; number < count; number++) sums[number] = ownedSize[node[number]!]!;
    for (let number = count - 1; number > 0; number--) sums[dominator[number]!]! += sums[number]!;
    for (let number = 0; number < count; number++) retained[node[number]!] = sums[number]!;
  } else {
    const isWide = ownedSize instanceof Float64Array;
    const [nodes, dominators, sizes, sumsAt, retainedAt] = placesOf([node, dominator, ownedSize, sums, retained]);
    eachSlice(count, (low, high) => kernel.sumsByNumber(low, high, nodes, sizes, isWide, sumsAt));
    eachSliceDown(count - 1, (high, low) => kernel.addToDominators(high, low, dominators, sumsAt));
    eachSlice(count, (low, high) => kernel.retainedByNode(low, high, nodes, sumsAt, retainedAt, isWide));
  }
  discard(sums);
  return retained;
}
