import type { HeapGraph } from "../graph/heap-graph.js";
import type { Originals } from "../graph/originals.js";
import { type Retainers, retainers } from "../graph/retainers.js";
import { type RetainingEdges, retainingEdges } from "../graph/retaining-edges.js";
import { depthFirst } from "./depth-first.js";
import { dominatorNumbers } from "./dominators.js";
import { type Layouts, plainObjectLayouts } from "./plain-object-layouts.js";
import { retainedSizes } from "./retained-sizes.js";
import { storageOwners } from "./storage-owners.js";

/** A heap and what follows from it: who keeps what alive, and how much that is. */
export interface HeapAnalysis {
  readonly graph: HeapGraph;
  readonly retaining: RetainingEdges;
  /** Computed when first asked for, if they are not known yet: a third of all that is known of a heap. */
  readonly retainers: Retainers;
  /** Computed when first asked for, if they are not known yet. */
  readonly layouts: Layouts;
  readonly owner: Uint32Array; // node -> the object whose storage it is; itself for all others
  readonly ownedSize: Float64Array; // node -> bytes, with V8's storage counted at its owner
  readonly dominator: Uint32Array; // node -> immediate dominator; the root is its own
  readonly retainedSize: Float64Array; // node -> bytes
  /** All nodes, each after its dominator: walk it forwards to go down the dominator tree, backwards to sum it up. */
  readonly dominatorOrder: Uint32Array;
}

/** Computes all that is known of one heap by itself. Reads the graph, changes nothing in it. */
export function analyseHeap(graph: HeapGraph): HeapAnalysis {
  const retaining = retainingEdges(graph);
  const { owner, ownedSize } = storageOwners(graph);
  const order = depthFirst(graph, retaining);
  const numbers = dominatorNumbers(graph, retaining, order);
  const retainedSize = retainedSizes(order.node, numbers, ownedSize);
  const dominator = new Uint32Array(graph.nodeCount);
  for (let number = 0; number < numbers.length; number++)
    dominator[order.node[number]!] = order.node[numbers[number]!]!;
  const columns = { graph, retaining, owner, ownedSize, dominator, retainedSize, dominatorOrder: order.node };
  return withDerived(columns);
}

/** An analysed heap that finds its retainers and layouts itself if need be. */
export function withDerived(
  columns: Omit<HeapAnalysis, "retainers" | "layouts">,
  known: Partial<Pick<HeapAnalysis, "retainers" | "layouts">> = {},
): HeapAnalysis {
  let { retainers: incoming, layouts } = known;
  return {
    ...columns,
    get retainers() {
      incoming ??= retainers(columns.graph, columns.retaining);
      return incoming;
    },
    get layouts() {
      layouts ??= plainObjectLayouts(columns.graph);
      return layouts;
    },
  };
}

/** The same heap, whose names and places are told as the program's source has them. */
export function withOriginals(heap: HeapAnalysis, originals: Originals): HeapAnalysis {
  const { owner, ownedSize, dominator, retainedSize, dominatorOrder, retaining } = heap;
  return {
    graph: { ...heap.graph, originals },
    retaining,
    get retainers() {
      return heap.retainers;
    },
    get layouts() {
      return heap.layouts;
    },
    owner,
    ownedSize,
    dominator,
    retainedSize,
    dominatorOrder,
  };
}
