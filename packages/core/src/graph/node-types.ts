import { beside, blankColumn, copied, discard } from "../parse/columns.js";
import type { NodeIndex } from "./heap-graph.js";
import { kernelFor, placeOf, placesOf } from "./heap-kernel.js";
import { SLICE, eachSlice } from "../parse/slices.js";

/** Turns the writer's types of nodes, or of edges, into ours, in place. @param ours type of the writer -> ours */
export function translate(types: Uint8Array, ours: Uint8Array): void {
  if (ours.every((type, theirs) => type === theirs)) return;
  const table = copied(ours, beside(types));
  const kernel = kernelFor(types, table);
  if (kernel === null) for (let row = 0; row < types.length; row++) types[row] = table[types[row]!]!;
  else eachSlice(types.length, (low, high) => kernel.translate(low, high, ...placesOf([types, table])));
  discard(table);
}

/** Calls `visit` for each node of a type, ascending. It may change the types of nodes up to that one. */
export function eachOfType(types: Uint8Array, type: number, visit: (node: NodeIndex) => void): void {
  const found = blankColumn(Math.min(SLICE, types.length), beside(types));
  const kernel = kernelFor(types, found);
  if (kernel === null) for (let node = 0; node < types.length; node++) if (types[node] === type) visit(node);
  if (kernel !== null)
    eachSlice(types.length, (low, high) => {
      const count = kernel.nodesOfType(low, high, placeOf(types), type, placeOf(found)) >>> 0;
      for (let row = 0; row < count; row++) visit(found[row]!);
    });
  discard(found);
}
