import type { ByteColumn } from "../graph/heap-graph.js";
import { kernelFor, placesOf } from "../graph/heap-kernel.js";
import { eachSlice, eachSliceDown } from "../parse/slices.js";
import { beside, blankColumn, discard, float64Column } from "../parse/columns.js";

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
  const isWide = ownedSize instanceof Float64Array;
  const column = (): ByteColumn => (isWide ? float64Column(count, where) : blankColumn(count, where));
  const [sums, retained] = [column(), column()]; // number -> bytes, node -> bytes
  const kernel = kernelFor(node, dominator, ownedSize, sums, retained);
  if (kernel === null) {
    for (let number = 0; number < count; number++) sums[number] = ownedSize[node[number]!]!;
    for (let number = count - 1; number > 0; number--) sums[dominator[number]!]! += sums[number]!;
    for (let number = 0; number < count; number++) retained[node[number]!] = sums[number]!;
  } else {
    const [nodes, dominators, sizes, sumsAt, retainedAt] = placesOf([node, dominator, ownedSize, sums, retained]);
    eachSlice(count, (low, high) => kernel.sumsByNumber(low, high, nodes, sizes, isWide, sumsAt));
    eachSliceDown(count - 1, (high, low) => kernel.addToDominators(high, low, dominators, isWide, sumsAt));
    eachSlice(count, (low, high) => kernel.retainedByNode(low, high, nodes, sumsAt, isWide, retainedAt));
  }
  discard(sums);
  return retained;
}
