import { discard, newBytes } from "../parse/columns.js";
import type { EdgeIndex, HeapGraph } from "./heap-graph.js";
import { programObjects } from "./program-objects.js";
import { ROOT, rootsBehindHandles, userRoots } from "./v8-roots.js";
import { EdgeType, NodeType } from "./v8-types.js";
import { WeakMapEntries } from "./weak-map-entries.js";

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
  const { nodeCount, edgeCount, firstEdge, edgeType, edgeName, edgeTarget, nodeType } = graph;
  const programs = programObjects(graph, userRoots(graph));
  const isBehindHandles = newBytes(nodeCount);
  for (const node of rootsBehindHandles(graph)) isBehindHandles[node] = 1;
  const entries = new WeakMapEntries(graph);
  const bits = newBytes(Math.ceil(edgeCount / 8));
  let count = 0;
  for (let node = 0; node < nodeCount; node++) {
    const isProgram = programs[node] === 1 || node === ROOT;
    const isArray = nodeType[node] === NodeType.array;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const type = edgeType[edge]!;
      const target = edgeTarget[edge]!;
      if (type === EdgeType.weak || target === node) continue;
      if (type === EdgeType.shortcut && node !== ROOT) continue;
      if (!isProgram && programs[target] === 1 && isBehindHandles[target] === 0) continue;
      if (isArray && type === EdgeType.internal && entries.isTableSide(node, edgeName[edge]!)) continue;
      bits[edge >>> 3]! |= 1 << (edge & 7);
      count++;
    }
  }
  discard(programs, isBehindHandles);
  return { bits, count };
}
