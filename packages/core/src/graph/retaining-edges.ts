import { ones } from "../parse/bits.js";
import { beside, besideToTheLast, copied, discard, newBytes } from "../parse/columns.js";
import { kernelFor, placeOf, placesOf } from "./heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { programObjects } from "./program-objects.js";
import { ROOT, rootsBehindHandles, userRoots } from "./v8-roots.js";
import { EdgeType, NodeType } from "./v8-types.js";
import { WeakMapEntries, namesOfEntries } from "./weak-map-entries.js";

/** The edges that keep their target alive: one bit an edge, `bits[edge >> 3] >> (edge & 7)`. */
export interface RetainingEdges {
  readonly bits: Uint8Array;
  /** How many edges retain. */
  readonly count: number;
}

/** Does the edge keep its target alive? */
export function retains(edges: RetainingEdges, edge: EdgeIndex): boolean {
  return (edges.bits[edge >>> 3]! & (1 << (edge & 7))) !== 0;
}

/**
 * Which edges keep their target alive. Not among them (rules and reasons are DevTools'):
 * - weak edges, and edges of a node to itself;
 * - shortcuts, save the root's: the true path is there as well;
 * - the table's side of a WeakMap entry: key and table keep the value together, and the key tells more;
 * - edges from V8's and the debugger's own nodes to what the program can reach itself. Otherwise every string in the
 *   string table and all that a handle touches would hang on the root. Save those to the program's roots, if the root
 *   does not refer to them: without, nothing of the program could be reached at all.
 */
export function retainingEdges(graph: HeapGraph): RetainingEdges {
  const bits = byType(graph);
  leaveOutHandles(graph, bits);
  leaveOutTableSides(graph, bits);
  return { bits, count: countOf(bits) };
}

// Edge type -> 1 if an edge of that type keeps its target alive.
const RETAINS = new Uint8Array(256).fill(1);
RETAINS[EdgeType.weak] = 0;
RETAINS[EdgeType.shortcut] = 0;

/** Those whose type says so. */
function byType(graph: HeapGraph): Uint8Array {
  const { nodeCount, edgeCount, firstEdge, edgeType, edgeTarget } = graph;
  const bits = newBytes(Math.ceil(edgeCount / 8), besideToTheLast(firstEdge));
  const table = copied(RETAINS, beside(firstEdge));
  const columns = [firstEdge, edgeType, edgeTarget, table, bits] as const;
  const kernel = kernelFor(...columns);
  if (kernel === null) markByType(graph, bits);
  else eachSlice(nodeCount, (low, high) => kernel.markByType(low, high, ...placesOf(columns)));
  discard(table);
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++)
    if (edgeType[edge] === EdgeType.shortcut && edgeTarget[edge] !== ROOT) bits[edge >>> 3]! |= 1 << (edge & 7);
  return bits;
}

/** Without a branch, as nobody can guess what comes (8 x 10^6 edges: 110 ms against 250). */
function markByType({ nodeCount, firstEdge, edgeType, edgeTarget }: HeapGraph, bits: Uint8Array): void {
  for (let node = 0; node < nodeCount; node++) {
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const retains = edgeTarget[edge] === node ? 0 : RETAINS[edgeType[edge]!]!;
      bits[edge >>> 3]! |= retains << (edge & 7);
    }
  }
}

function leaveOutHandles(graph: HeapGraph, bits: Uint8Array): void {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  const programs = programObjects(graph, userRoots(graph));
  const isLeftOut = copied(programs, beside(programs));
  for (const node of rootsBehindHandles(graph)) isLeftOut[node] = 0;
  programs[ROOT] = 1;
  const columns = [firstEdge, edgeTarget, programs, isLeftOut, bits] as const;
  const kernel = kernelFor(...columns);
  if (kernel === null) leaveOut(graph, programs, isLeftOut, bits);
  else eachSlice(nodeCount, (low, high) => kernel.leaveOut(low, high, ...placesOf(columns)));
  discard(programs, isLeftOut);
}

/** Clears the bits of edges from nodes that are not `inside` to those that are left out. */
function leaveOut(graph: HeapGraph, inside: Uint8Array, isLeftOut: Uint8Array, bits: Uint8Array): void {
  const { nodeCount, firstEdge, edgeTarget } = graph;
  for (let node = 0; node < nodeCount; node++) {
    if (inside[node] === 1) continue;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++)
      if (isLeftOut[edgeTarget[edge]!] === 1) bits[edge >>> 3]! &= ~(1 << (edge & 7));
  }
}

function leaveOutTableSides(graph: HeapGraph, bits: Uint8Array): void {
  const names = namesOfEntries(graph, beside(graph.nodeType));
  if (names === null) return;
  const entries = new WeakMapEntries(graph);
  eachNamed(graph, names, (node, edge) => {
    if (entries.isTableSide(node, graph.edgeName[edge]!)) bits[edge >>> 3]! &= ~(1 << (edge & 7));
  });
  discard(names);
}

/** Calls `visit` for each internal edge of an array whose name is one of some. @param names StringIndex -> 1 if it is */
function eachNamed(graph: HeapGraph, names: Uint8Array, visit: (node: NodeIndex, edge: EdgeIndex) => void): void {
  const { nodeCount, nodeType, firstEdge, edgeType, edgeName } = graph;
  const kernel = kernelFor(nodeType, firstEdge, edgeType, edgeName, names);
  if (kernel !== null) {
    const edges = placesOf([firstEdge, edgeType]);
    const order = [
      placeOf(nodeType),
      NodeType.array,
      ...edges,
      EdgeType.internal,
      ...placesOf([edgeName, names]),
    ] as const;
    return eachSlice(nodeCount, (low, high) => {
      let node = low;
      for (let edge = firstEdge[low]!; ; edge++) {
        edge = kernel.nextNamed(node, high, edge, ...order) >>> 0;
        if (edge === NO_NODE) break;
        node = kernel.nodeOfNamed() >>> 0;
        visit(node, edge);
      }
    });
  }
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.array) continue;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++)
      if (edgeType[edge] === EdgeType.internal && names[edgeName[edge]!] === 1) visit(node, edge);
  }
}

function countOf(bits: Uint8Array): number {
  const kernel = kernelFor(bits);
  if (kernel !== null) return kernel.countOnes(placeOf(bits), bits.length) >>> 0;
  let count = 0;
  for (let at = 0; at < bits.length; at++) count += ones(bits[at]!);
  return count;
}
