import type { ByteColumn, HeapGraph } from "../graph/heap-graph.js";
import type { Originals } from "../graph/originals.js";
import { type Retainers, retainers } from "../graph/retainers.js";
import { type RetainingEdges, retainingEdges } from "../graph/retaining-edges.js";
import { copied, discard, uint32Column } from "../parse/columns.js";
import { type ClassGroups, classGroups } from "./class-groups.js";
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
  /** Groups for the caller to take over: computed anew each time, but for the first if they are known already. */
  takeGroups(): ClassGroups;
  readonly owner: Uint32Array; // node -> the object whose storage it is; itself for all others
  readonly ownedSize: ByteColumn; // node -> bytes, with V8's storage counted at its owner
  readonly dominator: Uint32Array; // node -> immediate dominator; the root is its own
  readonly retainedSize: ByteColumn; // node -> bytes
  /**
   * All nodes, each after its dominator: walk it forwards to go down the dominator tree, backwards to sum it up.
   * Computed when first asked for, if it is not known yet.
   */
  readonly dominatorOrder: Uint32Array;
}

export interface AnalyseOptions {
  /** As `storageOwners` takes them. */
  readonly sizes?: ByteColumn;
  /** Called when nobody asks for names and types of the edges any more, but only for their targets. */
  readonly onNamesRead?: () => void;
}

/** Computes all that is known of one heap by itself. Reads the graph, changes nothing in it. */
export function analyseHeap(graph: HeapGraph, { sizes, onNamesRead }: AnalyseOptions = {}): HeapAnalysis {
  const retaining = retainingEdges(graph);
  const { owner, ownedSize } = storageOwners(graph, sizes);
  const layouts = onNamesRead && plainObjectLayouts(graph);
  onNamesRead?.();
  const order = depthFirst(graph, retaining);
  const { dominator: numbers, spare, spareNumbers: dominator } = dominatorNumbers(graph, retaining, order);
  const retainedSize = retainedSizes(order.node, numbers, ownedSize, spare);
  for (let number = 0; number < numbers.length; number++)
    dominator[order.node[number]!] = order.node[numbers[number]!]!;
  discard(numbers, new Uint8Array(spare));
  const columns = { graph, retaining, owner, ownedSize, dominator, retainedSize };
  return withDerived(columns, { dominatorOrder: order.node, ...(layouts && { layouts }) });
}

type Derived = "retainers" | "layouts" | "dominatorOrder";
type Known = Partial<Pick<HeapAnalysis, Derived>> & { readonly groups?: ClassGroups };

/** An analysed heap that finds itself, if need be, what follows from the rest. */
export function withDerived(columns: Omit<HeapAnalysis, Derived | "takeGroups">, known: Known = {}): HeapAnalysis {
  let { retainers: incoming, layouts, groups, dominatorOrder } = known;
  return {
    ...columns,
    get retainers() {
      incoming ??= retainers(columns.graph, columns.retaining);
      return incoming;
    },
    get dominatorOrder() {
      dominatorOrder ??= fromTheRootDown(columns.dominator);
      return dominatorOrder;
    },
    get layouts() {
      layouts ??= plainObjectLayouts(columns.graph);
      return layouts;
    },
    takeGroups() {
      const taken = groups ?? classGroups(columns.graph, this.layouts);
      groups = undefined;
      return taken;
    },
  };
}

/** The same heap, whose names and places are told as the program's source has them. */
export function withOriginals(heap: HeapAnalysis, originals: Originals): HeapAnalysis {
  const { owner, ownedSize, dominator, retainedSize, retaining } = heap;
  return {
    graph: { ...heap.graph, originals },
    retaining,
    get retainers() {
      return heap.retainers;
    },
    get layouts() {
      return heap.layouts;
    },
    takeGroups: () => heap.takeGroups(),
    get dominatorOrder() {
      return heap.dominatorOrder;
    },
    owner,
    ownedSize,
    dominator,
    retainedSize,
  };
}

/** All nodes, each after its dominator: level by level. */
function fromTheRootDown(dominator: Uint32Array): Uint32Array {
  const count = dominator.length;
  const next = uint32Column(count + 1); // node -> where the next node that it dominates goes
  for (let node = 1; node < count; node++) next[dominator[node]! + 1]!++;
  for (let node = 0; node < count; node++) next[node + 1]! += next[node]!;
  const below = uint32Column(Math.max(0, count - 1)); // those that a node dominates, one node behind the other
  const end = copied(next.subarray(1));
  for (let node = 1; node < count; node++) below[next[dominator[node]!]!++] = node;
  const order = uint32Column(count);
  let length = count === 0 ? 0 : 1;
  for (let i = 0; i < length; i++) {
    const node = order[i]!;
    const first = node === 0 ? 0 : end[node - 1]!;
    for (let row = first; row < end[node]!; row++) order[length++] = below[row]!;
  }
  return order;
}
