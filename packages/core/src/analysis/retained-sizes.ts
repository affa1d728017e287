import type { ByteColumn } from "../graph/heap-graph.js";
import { type HeapKernel, eachSlice, eachSliceDown, kernelFor, placeOf } from "../graph/heap-kernel.js";
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
  if (kernel === null) sumUp(node, dominator, ownedSize, sums, retained);
  else sumUpBy(kernel, node, dominator, ownedSize, sums, retained);
  discard(sums);
  return retained;
}

function sumUp(
  node: Uint32Array,
  dominator: Uint32Array,
  ownedSize: ByteColumn,
  sums: Float64Array,
  retained: ByteColumn,
): void {
  const count = node.length;
  for (let number = 0; number < count; number++) sums[number] = ownedSize[node[number]!]!;
  for (let number = count - 1; number > 0; number--) sums[dominator[number]!]! += sums[number]!;
  for (let number = 0; number < count; number++) retained[node[number]!] = sums[number]!;
}

function sumUpBy(
  kernel: HeapKernel,
  node: Uint32Array,
  dominator: Uint32Array,
  ownedSize: ByteColumn,
  sums: Float64Array,
  retained: ByteColumn,
): void {
  const count = node.length;
  const isWide = ownedSize instanceof Float64Array;
  const [nodes, sizes, sumsAt] = [placeOf(node), placeOf(ownedSize), placeOf(sums)];
  eachSlice(count, (low, high) => kernel.sumsByNumber(low, high, nodes, sizes, isWide, sumsAt));
  eachSliceDown(count - 1, (high, low) => kernel.addToDominators(high, low, placeOf(dominator), sumsAt));
  eachSlice(count, (low, high) => kernel.retainedByNode(low, high, nodes, sumsAt, placeOf(retained), isWide));
}
