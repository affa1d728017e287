import type { HeapGraph } from "./heap-graph.js";
import { kernelFor, placesOf } from "./heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { NodeType } from "./v8-types.js";

/** What is to be known of the ids and bytes of one heap before it is compared with another. Plain data. */
export interface IdCensus {
  /** Objects, closures and arrays: nodes whose ids last. */
  readonly objects: number;
  /** The id in the middle of those of the objects, or one near it. */
  readonly medianId: number;
  /** The newest id of an object: an id is given when an object is first seen, so a later snapshot has a higher one. */
  readonly newestId: number;
  /** Bytes of all nodes. */
  readonly totalBytes: number;
}

// Node type -> 1 if it is looked at; all of these have ids that last (see `stableIds`). Strings are left out: V8 may
// internalize or flatten one, and then its node changes name or type.
export const IS_OBJECT: Uint8Array = new Uint8Array(256);
for (const type of [NodeType.object, NodeType.closure, NodeType.array]) IS_OBJECT[type] = 1;

/** So many nodes tell the id in the middle well enough to halve a heap by. */
const ENOUGH = 1 << 14;

/** The census that a graph has with it, or that of its columns. */
export function idCensus(graph: HeapGraph): IdCensus {
  if (graph.census !== undefined) return graph.census;
  const columns = [graph.nodeId, graph.nodeType, graph.selfSize] as const;
  const kernel = kernelFor(...columns);
  if (kernel === null) return { ...count(graph), medianId: medianId(graph) };
  kernel.startCensus(NodeType.object, NodeType.closure, NodeType.array, NodeType.number);
  const isWide = graph.selfSize instanceof Float64Array;
  eachSlice(graph.nodeCount, (low, high) => kernel.countIds(low, high, ...placesOf(columns), isWide));
  return {
    objects: kernel.countedObjects() >>> 0,
    medianId: medianId(graph),
    newestId: kernel.newestId() >>> 0,
    totalBytes: kernel.countedBytes(),
  };
}

function count({ nodeCount, nodeId, nodeType, selfSize }: HeapGraph): Omit<IdCensus, "medianId"> {
  let objects = 0;
  let newestId = 0;
  let totalBytes = 0;
  for (let node = 0; node < nodeCount; node++) {
    const id = nodeId[node]!;
    const type = nodeType[node]!;
    objects += IS_OBJECT[type]!;
    if ((id & 1) === 1 && type !== NodeType.number && id > newestId) newestId = id;
    totalBytes += selfSize[node]!;
  }
  return { objects, newestId, totalBytes };
}

/** Of a large heap by a part of its nodes, all over it. */
function medianId({ nodeId, nodeType }: HeapGraph): number {
  const every = Math.max(1, Math.floor(nodeId.length / ENOUGH));
  const ids = new Uint32Array(Math.ceil(nodeId.length / every));
  let count = 0;
  for (let node = 0; node < nodeId.length; node += every)
    if (IS_OBJECT[nodeType[node]!] === 1) ids[count++] = nodeId[node]!;
  return count === 0 ? 0 : ids.subarray(0, count).sort()[count >>> 1]!;
}
