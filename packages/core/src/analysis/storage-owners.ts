import { beside, besideSparsely, blankColumn, copied, discard } from "../parse/columns.js";
import { isBlinkStore } from "../graph/blink-names.js";
import type { ByteColumn, HeapGraph } from "../graph/heap-graph.js";
import { NO_NODE, totalSelfSize } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { eachOfType } from "../graph/node-types.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";

const UNVISITED = NO_NODE;
const SEVERAL = NO_NODE - 1;

/** V8's storage folded into the objects that own it. */
export interface StorageOwners {
  /** node -> the one object whose storage it is; itself for all others. */
  readonly owner: Uint32Array;
  /** node -> bytes, with storage counted at its owner and 0 where it stood. */
  readonly ownedSize: ByteColumn;
}

/**
 * Finds the sole owner of each piece of V8's storage: nodes of type `hidden` and `array` (elements, properties, hash
 * tables ...) that are reached over edges that are not weak, through other storage, from exactly one ordinary object.
 * The rule is DevTools', which applies it only to files with user roots; here it holds for all, and for the stores of
 * Blink's collections as well.
 * @param ownedSize the sizes of the nodes, to be moved to their owners: a copy, or the graph's own if nobody needs them
 */
export function storageOwners(
  graph: HeapGraph,
  ownedSize: ByteColumn = summable(graph, copied(graph.selfSize, beside(graph.selfSize))),
): StorageOwners {
  const { nodeCount, nodeType } = graph;
  const owner = ownersOf(graph);
  const kernel = kernelFor(owner, nodeType, ownedSize);
  if (kernel === null) settle(nodeType, owner, ownedSize);
  else {
    const isWide = ownedSize instanceof Float64Array;
    const places = [...placesOf([owner, nodeType]), NodeType.synthetic, placeOf(ownedSize), isWide] as const;
    eachSlice(nodeCount, (low, high) => kernel.settleOwners(low, high, ...places));
  }
  return { owner, ownedSize };
}

function settle(nodeType: Uint8Array, owner: Uint32Array, ownedSize: ByteColumn): void {
  for (let node = 0; node < owner.length; node++) {
    const to = owner[node]!;
    if (to === node) continue;
    // What hangs on a root only, or on several objects, stays where it is.
    if (to >= SEVERAL || to === 0 || nodeType[to] === NodeType.synthetic) {
      owner[node] = node;
      continue;
    }
    ownedSize[to]! += ownedSize[node]!;
    ownedSize[node] = 0;
  }
}

/** The sizes of a heap's nodes in a column that has room for the sum of all. */
export function summable(graph: HeapGraph, sizes: ByteColumn): ByteColumn {
  return sizes instanceof Float64Array || totalSelfSize(graph) < 2 ** 32 ? sizes : Float64Array.from(sizes);
}

function ownersOf(graph: HeapGraph): Uint32Array {
  const { nodeCount, nodeType, nodeName, firstEdge, edgeType, edgeTarget, strings } = graph;
  const externalData = "system / ExternalStringData";
  const isNativeStorage = new Map<number, boolean>(); // StringIndex -> is it the name of some?
  const owner = blankColumn(nodeCount, beside(firstEdge));
  const marker = kernelFor(nodeType, owner);
  if (marker === null) markStorage(nodeType, owner);
  else {
    const order = [placeOf(nodeType), NodeType.hidden, NodeType.array, placeOf(owner)] as const;
    eachSlice(nodeCount, (low, high) => marker.markStorage(low, high, ...order));
  }
  eachOfType(nodeType, NodeType.native, (node) => {
    const name = nodeName[node]!;
    let known = isNativeStorage.get(name);
    if (known === undefined) {
      const text = strings.text(name);
      known = text === externalData || isBlinkStore(text);
      isNativeStorage.set(name, known);
    }
    if (known) owner[node] = UNVISITED;
  });

  // A node's owner only ever goes from unvisited to one to several, so each is on the worklist at most twice.
  const work = blankColumn(2 * nodeCount, besideSparsely(firstEdge));
  const kernel = kernelFor(firstEdge, edgeType, edgeTarget, owner, work);
  if (kernel === null) spread(graph, owner, work);
  else {
    const edges = placesOf([firstEdge, edgeType, edgeTarget]);
    const places = [...edges, EdgeType.weak, ...placesOf([owner, work])] as const;
    eachSlice(nodeCount, (low, high) => kernel.spreadOwners(low, high, ...places));
  }
  discard(work);
  return owner;
}

/** V8's storage, by its type, is unvisited; all others are their own. */
function markStorage(nodeType: Uint8Array, owner: Uint32Array): void {
  for (let node = 0; node < owner.length; node++) {
    const type = nodeType[node];
    owner[node] = type === NodeType.hidden || type === NodeType.array ? UNVISITED : node;
  }
}

/** Tells the storage that can be reached from each node whose it is, so far. */
function spread(graph: HeapGraph, owner: Uint32Array, work: Uint32Array): void {
  const { nodeCount, firstEdge, edgeType, edgeTarget } = graph;
  for (let start = 0; start < nodeCount; start++) {
    if (owner[start] !== start) continue;
    let depth = 0;
    for (let node = start; ; node = work[--depth]!) {
      const from = owner[node]!;
      const end = firstEdge[node + 1]!;
      for (let edge = firstEdge[node]!; edge < end; edge++) {
        const target = edgeTarget[edge]!;
        const known = owner[target]!;
        if (known === target || known === from || known === SEVERAL || edgeType[edge] === EdgeType.weak) continue;
        owner[target] = known === UNVISITED ? from : SEVERAL;
        work[depth++] = target;
      }
      if (depth === 0) break;
    }
  }
}
