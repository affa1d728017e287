import type { DepthFirstOrder } from "./depth-first.js";

/**
 * Bytes that go when a node goes: its size and that of all it dominates. A dominator has a lower depth-first number
 * than what it dominates, so one pass from the end sums up the tree.
 * @param dominator depth-first number -> number of the immediate dominator
 * @returns node -> bytes
 */
export function retainedSizes(order: DepthFirstOrder, dominator: Uint32Array, ownedSize: Float64Array): Float64Array {
  const { node } = order;
  const retained = ownedSize.slice();
  for (let number = node.length - 1; number > 0; number--)
    retained[node[dominator[number]!]!]! += retained[node[number]!]!;
  return retained;
}
