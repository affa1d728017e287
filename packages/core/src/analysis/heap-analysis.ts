import { type Column, ColumnAside } from "../graph/columns-aside.js";
import type { ByteColumn, HeapGraph } from "../graph/heap-graph.js";
import type { Originals } from "../graph/originals.js";
import { type Retainers, retainers } from "../graph/retainers.js";
import { type RetainingEdges, retainingEdges } from "../graph/retaining-edges.js";
import { copied, discard, uint32Column } from "../parse/columns.js";
import { type ClassGroups, classGroups } from "./class-groups.js";
import { depthFirst, nodesInOrder } from "./depth-first.js";
import { dominatorNumbers, dominators } from "./dominators.js";
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
  /** Computed when first asked for, if they are not known yet. */
  readonly groups: ClassGroups;
  readonly owner: Uint32Array; // node -> the object whose storage it is; itself for all others
  readonly ownedSize: ByteColumn; // node -> bytes, with V8's storage counted at its owner
  readonly dominator: Uint32Array; // node -> immediate dominator; the root is its own
  readonly retainedSize: ByteColumn; // node -> bytes
  /**
   * All nodes, each after its dominator: walk it forwards to go down the dominator tree, backwards to sum it up.
   * Computed when first asked for, if it is not known yet.
   */
  readonly dominatorOrder: Uint32Array;
  /**
   * Gives the memory of columns back that can be had from a file again; all of them, if none are named. Whoever holds one
   * holds an empty one then; they come back when they are asked for.
   */
  putBack(...names: (keyof NodeColumns)[]): void;
  /** Takes over a column that was made of this heap: it goes and comes with the heap's own, if memory is short. */
  adopt<T extends Column>(column: T): ColumnAside<T>;
  /** Brings strings back that lie in a file, where each is read when it is asked for: before many are. */
  bringTexts(): void;
}

/** The columns of nodes that can be put aside, by their names in `HeapAnalysis`, its graph and its groups. */
export interface NodeColumns {
  readonly nodeType: Uint8Array;
  readonly nodeName: Uint32Array;
  readonly nodeId: Uint32Array;
  readonly selfSize: ByteColumn;
  readonly firstEdge: Uint32Array;
  readonly detached: Uint8Array;
  readonly owner: Uint32Array;
  readonly ownedSize: ByteColumn;
  readonly dominator: Uint32Array;
  readonly retainedSize: ByteColumn;
  readonly groupOf: Uint32Array;
}

/**
 * Computes all that is known of one heap by itself. Reads the graph, changes nothing in it.
 * @param sizes as `storageOwners` takes them
 */
export function analyseHeap(graph: HeapGraph, sizes?: ByteColumn): HeapAnalysis {
  const retaining = retainingEdges(graph);
  const { owner, ownedSize } = storageOwners(graph, sizes);
  return inMemory({ graph, retaining, owner, ...retainedHeap(graph, retaining, () => ownedSize) });
}

/** A heap of which all columns lie in memory. */
export function inMemory({
  dominatorOrder,
  ...columns
}: RetainedHeap & Pick<HeapAnalysis, "graph" | "retaining" | "owner">): HeapAnalysis {
  const aside = {
    putBack: nothing,
    adopt: <T extends Column>(column: T) => new ColumnAside<T>(null, column),
    bringTexts: nothing,
  };
  return withDerived({ ...columns, ...aside }, { dominatorOrder });
}

/** What goes when a node goes. */
export type RetainedHeap = Pick<HeapAnalysis, "ownedSize" | "dominator" | "retainedSize" | "dominatorOrder">;

/**
 * Finds out who retains what, and how much that is.
 * @param sizes gives the owned sizes; asked for when the dominators, which take most memory, are known
 */
export function retainedHeap(graph: HeapGraph, retaining: RetainingEdges, sizes: () => ByteColumn): RetainedHeap {
  const order = depthFirst(graph, retaining);
  const node = nodesInOrder(order.number);
  const numbers = dominatorNumbers(order);
  const ownedSize = sizes();
  const retainedSize = retainedSizes(node, numbers, ownedSize);
  const dominator = dominators(node, numbers);
  discard(numbers);
  return { ownedSize, dominator, retainedSize, dominatorOrder: node };
}

/** There is no file. */
const nothing = (): void => undefined;

type Derived = "retainers" | "layouts" | "groups" | "dominatorOrder";
type Known = Partial<Pick<HeapAnalysis, Derived>>;

/** An analysed heap that finds itself, if need be, what follows from the rest. */
export function withDerived(columns: Omit<HeapAnalysis, Derived>, known: Known = {}): HeapAnalysis {
  let { retainers: incoming, layouts, groups, dominatorOrder } = known;
  const layoutsOf = (): Layouts => (layouts ??= plainObjectLayouts(columns.graph));
  return inheriting(columns, {
    get retainers() {
      return (incoming ??= retainers(columns.graph, columns.retaining));
    },
    get dominatorOrder() {
      return (dominatorOrder ??= fromTheRootDown(columns.dominator));
    },
    get layouts() {
      return layoutsOf();
    },
    get groups() {
      return (groups ??= classGroups(columns.graph, layoutsOf()));
    },
  });
}

/** The same heap, whose retainers somebody else may have found when they are asked for. */
export function withRetainers(heap: HeapAnalysis, find: () => Retainers | null): HeapAnalysis {
  let found: Retainers | undefined;
  return inheriting(heap, {
    get retainers() {
      return (found ??= find() ?? heap.retainers);
    },
  });
}

/** The same heap, whose names and places are told as the program's source has them. */
export function withOriginals(heap: HeapAnalysis, originals: Originals): HeapAnalysis {
  return inheriting(heap, { graph: inheriting(heap.graph, { originals }) });
}

/** What `base` has, and more. Nothing is copied, so that columns that lie in a file stay there until they are asked for. */
function inheriting<Base extends object, More extends object>(base: Base, more: More): Base & More {
  return Object.create(base, Object.getOwnPropertyDescriptors(more)) as Base & More;
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
