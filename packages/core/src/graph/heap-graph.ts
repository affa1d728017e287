import type { ByteColumn } from "../parse/columns.js";
import type { EdgeIndex, Locations, NodeId, NodeIndex, StringIndex } from "../parse/raw-snapshot.js";
import type { EdgesAside } from "./edges-aside.js";
import type { IdCensus } from "./id-census.js";
import type { StringTable } from "../parse/string-table.js";
import type { Originals } from "./originals.js";

export type { ByteColumn, EdgeIndex, Locations, NodeId, NodeIndex, StringIndex };

/** Stands for "no node" in columns of node indexes. */
export const NO_NODE = 0xffffffff;

/**
 * One snapshot as columns with one meaning each, whoever wrote it. Node 0 is the root.
 * The edges of node `n` are rows `firstEdge[n]` up to, not including, `firstEdge[n + 1]`.
 */
export interface HeapGraph {
  readonly file: string;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Native bytes that belong to no node. */
  readonly extraNativeBytes: number;

  readonly nodeType: Uint8Array; // node -> NodeType
  readonly nodeName: Uint32Array; // node -> StringIndex
  readonly nodeId: Uint32Array; // node -> NodeId
  readonly selfSize: ByteColumn; // node -> bytes, as V8 wrote them; analysis moves storage to its owner
  readonly firstEdge: Uint32Array; // node -> EdgeIndex; nodeCount + 1 entries
  readonly detached: Uint8Array | null; // node -> 0 unknown, 1 attached, 2 detached, spread over native nodes

  readonly edgeType: Uint8Array; // edge -> EdgeType
  readonly edgeName: Uint32Array; // edge -> StringIndex, or the number of an element or hidden edge
  readonly edgeTarget: Uint32Array; // edge -> NodeIndex

  /** Set where the three columns of edges lie in a file: `bringEdges` before looking at them. */
  readonly aside: EdgesAside | null;

  readonly locations: Locations;
  readonly strings: StringTable;
  /** What `idCensus` finds, where somebody has asked it already. */
  readonly census?: IdCensus;
  /** What the program's source was; there only if somebody asked for it, and gave a folder to find it in. */
  readonly originals?: Originals;
}

/** Bytes of all nodes. */
export function totalSelfSize(graph: HeapGraph): number {
  if (graph.census !== undefined) return graph.census.totalBytes;
  const { selfSize } = graph;
  let total = 0;
  for (let node = 0; node < selfSize.length; node++) total += selfSize[node]!;
  return total;
}

/** Row of a node in `locations`, or -1. */
export function locationRow(graph: HeapGraph, node: NodeIndex): number {
  const column = graph.locations.node;
  let low = 0;
  let high = column.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = column[middle]!;
    if (found === node) return middle;
    if (found < node) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
