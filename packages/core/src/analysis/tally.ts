import type { HeapGraph } from "../graph/heap-graph.js";
import { type ClassTable, classes } from "./classes.js";
import { distances } from "./distances.js";

/** What a histogram needs of a heap and who keeps what alive does not tell. */
export interface Tally {
  readonly table: ClassTable;
  readonly distance: Uint32Array; // node -> steps, as from `distances`
}

/** Bytes that `tally` takes at its peak. */
export function tallyRoom({ nodeCount, strings }: HeapGraph): number {
  return 12 * nodeCount + 8 * strings.length + (1 << 20);
}

/** Makes the classes of a heap, and measures how far its nodes are from the roots. */
export function tally(graph: HeapGraph): Tally {
  const distance = distances(graph);
  return { distance, table: classes(graph) };
}
