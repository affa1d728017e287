import type { HeapGraph } from "#core/graph/heap-graph.js";
import { ColumnMemory } from "#core/parse/column-memory.js";
import { copied } from "#core/parse/columns.js";

/** Bytes of a memory, of which only what is used is there. */
const ROOM = 1 << 24;

/** A memory for some small heaps. */
export function someMemory(): ColumnMemory {
  return ColumnMemory.withRoomFor(ROOM)!;
}

/** The same graph with its columns in a memory, as a large file's are, so that what is in WebAssembly works on it. */
export function inMemory(graph: HeapGraph, memory: ColumnMemory = someMemory()): HeapGraph {
  const { nodeType, nodeName, nodeId, selfSize, firstEdge, edgeType, edgeName, edgeTarget } = graph;
  return {
    ...graph,
    nodeType: copied(nodeType, memory),
    nodeName: copied(nodeName, memory),
    nodeId: copied(nodeId, memory),
    selfSize: copied(selfSize, memory),
    firstEdge: copied(firstEdge, memory.lasting),
    edgeType: copied(edgeType, memory),
    edgeName: copied(edgeName, memory),
    edgeTarget: copied(edgeTarget, memory.lasting),
  };
}
