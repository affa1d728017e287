import type { FileState } from "./byte-source.js";
import type { ByteColumn } from "./columns.js";
import type { EdgeRowShape } from "./edge-rows.js";
import type { RowsInText } from "./row-pieces.js";
import type { StringIndex, StringTable } from "./string-table.js";

export type { StringIndex };

/** Row of a node in the columns of one snapshot. Not V8's id; means nothing in another snapshot. */
export type NodeIndex = number;
/** Row of an edge in the columns of one snapshot. */
export type EdgeIndex = number;
/** V8's object id: a live object keeps it across the snapshots of one process. */
export type NodeId = number;

/**
 * One snapshot file as columns, checked but not interpreted: the types are still the writer's own numbers, to be
 * looked up by name in `nodeTypeNames` and `edgeTypeNames`. Every index in it is in range; the sections agree.
 *
 * The edges of node `n` are rows `firstEdge[n]` up to, not including, `firstEdge[n + 1]`.
 */
export interface RawSnapshot {
  /** Name of the file as the user gave it, for messages. */
  readonly file: string;
  /** Bytes of JSON text (after decompression). */
  readonly textBytes: number;

  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Native bytes that belong to no node (`snapshot.extra_native_bytes`); 0 where the writer has none. */
  readonly extraNativeBytes: number;
  /** The file is a timeline: it also says where objects were allocated, which nobody here reads. */
  readonly hasAllocationTrace?: boolean;

  /** `meta.node_types[0]`: number in `nodeType` -> the writer's word for it. */
  readonly nodeTypeNames: readonly string[];
  /** `meta.edge_types[0]`: number in `edgeType` -> the writer's word for it. */
  readonly edgeTypeNames: readonly string[];

  readonly nodeType: Uint8Array; // node -> the writer's type number
  readonly nodeName: Uint32Array; // node -> StringIndex
  readonly nodeId: Uint32Array; // node -> NodeId
  readonly selfSize: ByteColumn; // node -> bytes, as written
  readonly firstEdge: Uint32Array; // node -> EdgeIndex; nodeCount + 1 entries
  readonly detachedness: Uint8Array | null; // node -> 0 unknown, 1 attached, 2 detached; null: the writer has no such field

  readonly edgeType: Uint8Array; // edge -> the writer's type number
  readonly edgeName: Uint32Array; // edge -> StringIndex; for `element` and `hidden` edges the number (uint32, wrapped if negative)
  readonly edgeTarget: Uint32Array; // edge -> NodeIndex
  /** Where the edges are in the file, if they can be read there again as they are in the columns. */
  readonly edgesInText?: EdgesInText | null;

  /** Where functions and instances of user classes were written. Sorted by node; at most one row a node. */
  readonly locations: Locations;

  readonly strings: StringTable;
}

/** The rows of the edges in a file's text. Plain data. */
export interface EdgesInText {
  readonly rows: RowsInText;
  readonly shape: EdgeRowShape;
  readonly file: FileState;
}

/** Rows of the `locations` section, as columns. Lines and columns are 0-based, as V8 writes them. */
export interface Locations {
  readonly node: Uint32Array; // row -> NodeIndex, ascending
  readonly scriptId: Int32Array; // row -> V8's script id
  readonly line: Int32Array; // row -> line, 0-based
  readonly column: Int32Array; // row -> column in UTF-16 units, 0-based
}
