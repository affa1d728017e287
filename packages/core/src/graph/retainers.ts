import { beside, blankColumn, copied, discard, newBytes, uint32Column } from "../parse/columns.js";
import { type SomeTargets, targetsOf } from "./edges-aside.js";
import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";
import { kernelFor, placeOf, placesOf } from "./heap-kernel.js";
import { SLICE, eachSlice, eachSliceDown } from "../parse/slices.js";
import type { RetainingEdges } from "./retaining-edges.js";

/**
 * Retaining edges reversed. Those that lead to node `n` are rows `firstRetainer[n]` up to `firstRetainer[n + 1]`. They
 * are edges rather than nodes, so that nobody has to look for them among a million others of one node.
 */
export interface Retainers {
  readonly firstRetainer: Uint32Array; // node -> row; nodeCount + 1 entries
  readonly retainerEdge: Uint32Array; // row -> EdgeIndex, ascending within a node
}

/** Retaining edges that are about to be reversed, in columns that lie together. */
export interface EmptyRetainers extends Retainers {
  readonly firstRetainer: Uint32Array; // zeros
  readonly bits: Uint8Array; // as in `RetainingEdges`
}

/** Reverses the retaining edges by counting sort. */
export function retainers(graph: HeapGraph, edges: RetainingEdges): Retainers {
  const { bits, ...columns } = emptyRetainers(graph, edges);
  reverse({ bits, ...columns }, (order) => targetsOf(graph, order));
  discard(bits);
  return columns;
}

/** Room for the retaining edges of a heap, to be filled by `reverse`. */
export function emptyRetainers({ nodeCount, firstEdge }: HeapGraph, edges: RetainingEdges): EmptyRetainers {
  const where = beside(firstEdge);
  return {
    bits: copied(edges.bits, where),
    firstRetainer: uint32Column(nodeCount + 1, where),
    retainerEdge: blankColumn(edges.count, where),
  };
}

/** @param targets of all edges, from the first or from the last on */
export function reverse(
  { bits, firstRetainer, retainerEdge }: EmptyRetainers,
  targets: (order: "up" | "down") => Iterable<SomeTargets>,
): void {
  for (const some of targets("up")) countRetainers(some, bits, firstRetainer);
  const kernel = kernelFor(firstRetainer);
  let sum = 0;
  if (kernel === null) addUp(firstRetainer);
  else
    eachSlice(firstRetainer.length, (low, high) => {
      sum = kernel.addUp(low, high, sum, placeOf(firstRetainer)) >>> 0;
    });
  // Filled from the end, each start moves down to its place, and the rows of a node come out ascending.
  for (const some of targets("down")) fillRetainers(some, bits, firstRetainer, retainerEdge);
}

function countRetainers({ start, targets }: SomeTargets, bits: Uint8Array, counts: Uint32Array): void {
  const kernel = kernelFor(targets, bits, counts);
  if (kernel !== null) {
    const places = placesOf([targets, bits, counts]);
    return eachSlice(targets.length, (low, high) => kernel.countRetainers(low, high, start, ...places));
  }
  for (let row = 0; row < targets.length; row++) {
    const edge = start + row;
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) counts[targets[row]!]!++;
  }
}

/** @param firstRetainer node -> row behind the last that is not filled yet */
function fillRetainers(
  { start, targets }: SomeTargets,
  bits: Uint8Array,
  firstRetainer: Uint32Array,
  retainerEdge: Uint32Array,
): void {
  const columns = [targets, bits, firstRetainer, retainerEdge] as const;
  const kernel = kernelFor(...columns);
  if (kernel !== null) {
    const places = placesOf(columns);
    return eachSliceDown(targets.length, (high, low) => kernel.fillRetainers(high, low, start, ...places));
  }
  for (let row = targets.length - 1; row >= 0; row--) {
    const edge = start + row;
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) retainerEdge[--firstRetainer[targets[row]!]!] = edge;
  }
}

/** The retainers of a few nodes. Those of the node in row `i` are `retainer[firstRetainer[i]]` up to `firstRetainer[i + 1]`. */
export interface FewRetainers {
  readonly firstRetainer: Uint32Array; // row of the node -> row of `retainer`; one entry more than there are nodes
  readonly retainer: Uint32Array; // -> NodeIndex the edge starts at, ascending for each node
}

/**
 * The retainers of some nodes. Takes a bit a node, and 16 bytes a retainer.
 * @param nodes ascending
 */
export function retainersOf(graph: HeapGraph, edges: RetainingEdges, nodes: Uint32Array): FewRetainers {
  const { nodeCount, firstEdge } = graph;
  if (nodes.length === 0) return { firstRetainer: uint32Column(1), retainer: uint32Column(0) };
  const where = beside(firstEdge);
  const bits = copied(edges.bits, where);
  const isWanted = newBytes(Math.ceil(nodeCount / 8), where); // one bit a node
  for (let i = 0; i < nodes.length; i++) isWanted[nodes[i]! >>> 3]! |= 1 << (nodes[i]! & 7);
  const found = blankColumn(SLICE, where);
  let from: Uint32Array = new Uint32Array(1 << 12);
  let to: Uint32Array = new Uint32Array(1 << 12); // row of the node
  let count = 0;
  let node = 0;
  for (const { start, targets } of targetsOf(graph)) {
    const kernel = kernelFor(targets, isWanted, bits, found);
    // Few edges lead to such nodes, so that only for them it is asked which node they start at.
    eachSlice(targets.length, (low, high) => {
      const slice = targets.subarray(low, high);
      const length =
        kernel === null
          ? edgesTo(slice, start + low, isWanted, bits, found)
          : kernel.edgesTo(slice.length, start + low, ...placesOf([slice, isWanted, bits, found])) >>> 0;
      for (let i = 0; i < length; i++) {
        const edge = found[i]!;
        while (firstEdge[node + 1]! <= edge) node++;
        if (count === from.length) [from, to] = [twiceAsLong(from), twiceAsLong(to)];
        from[count] = node;
        to[count++] = rowIn(nodes, targets[edge - start]!);
      }
    });
  }
  discard(bits, isWanted, found);
  const firstRetainer = uint32Column(nodes.length + 1);
  for (let row = 0; row < count; row++) firstRetainer[to[row]!]!++;
  addUp(firstRetainer);
  const retainer = uint32Column(count);
  for (let row = count - 1; row >= 0; row--) retainer[--firstRetainer[to[row]!]!] = from[row]!;
  return { firstRetainer, retainer };
}

/** Lists those of some edges that retain one of the wanted nodes, and returns how many that are. */
function edgesTo(
  targets: Uint32Array,
  first: EdgeIndex,
  isWanted: Uint8Array,
  bits: Uint8Array,
  found: Uint32Array,
): number {
  let length = 0;
  for (let row = 0; row < targets.length; row++) {
    const target = targets[row]!;
    if ((isWanted[target >>> 3]! & (1 << (target & 7))) === 0) continue;
    const edge = first + row;
    if ((bits[edge >>> 3]! & (1 << (edge & 7))) !== 0) found[length++] = edge;
  }
  return length;
}

/** Where in an ascending column a node is. */
function rowIn(nodes: Uint32Array, node: NodeIndex): number {
  let low = 0;
  for (let high = nodes.length - 1; low < high;) {
    const middle = (low + high) >>> 1;
    if (nodes[middle]! < node) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Turns counts into the rows behind the last of each. */
function addUp(counts: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i]!;
    counts[i] = sum;
  }
}

function twiceAsLong(column: Uint32Array): Uint32Array {
  const longer = uint32Column(2 * column.length);
  longer.set(column);
  return longer;
}
