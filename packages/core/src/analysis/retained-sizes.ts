import { discard, float64Column, uint32Column } from "../parse/columns.js";
import type { ByteColumn } from "../graph/heap-graph.js";

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
  const sums = float64Column(count); // number -> bytes
  for (let number = 0; number < count; number++) sums[number] = ownedSize[node[number]!]!;
  for (let number = count - 1; number > 0; number--) sums[dominator[number]!]! += sums[number]!;
  const retained = ownedSize instanceof Float64Array ? float64Column(count) : uint32Column(count);
  for (let number = 0; number < count; number++) retained[node[number]!] = sums[number]!;
  discard(sums);
  return retained;
}
