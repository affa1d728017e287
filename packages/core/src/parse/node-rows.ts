import type { ByteColumn } from "./columns.js";
import type { NodeFields } from "./snapshot-header.js";

/** The columns that rows of the `nodes` section are put into. */
export interface NodeRows {
  readonly nodeType: Uint8Array;
  readonly nodeName: Uint32Array;
  readonly nodeId: Uint32Array;
  /** Of 32 bits as long as no size needs more. */
  readonly selfSize: ByteColumn;
  /** At first the count of edges of each node; only when all rows are there can it be the first edge. */
  readonly firstEdge: Uint32Array;
  readonly detachedness: Uint8Array | null;
}

/** What the numbers of a row mean. */
export interface NodeRowShape {
  readonly fields: NodeFields;
  /** Types that the header knows. */
  readonly typeCount: number;
}

/** Largest indexes met so far: of a string, and of a node. */
export interface Largest {
  name: number;
  target: number;
}

/**
 * The hot loop: puts the rows that begin at `block[from]` into the columns, from row `start` on. All numbers are
 * integers from 0, and below 2^32 but for sizes.
 * @returns the first row whose type the header does not know; -1 if there is none
 */
export function putNodeRows(
  block: Float64Array,
  from: number,
  rows: number,
  columns: NodeRows,
  start: number,
  shape: NodeRowShape,
  largest: Largest,
): number {
  const { stride, type, name, id, selfSize, edgeCount } = shape.fields;
  const { typeCount } = shape;
  // Rows of this block only, so that the loop counts in small integers however long the columns are.
  const nodeType = columns.nodeType.subarray(start, start + rows);
  const nodeName = columns.nodeName.subarray(start, start + rows);
  const nodeId = columns.nodeId.subarray(start, start + rows);
  const size = columns.selfSize.subarray(start, start + rows);
  const edges = columns.firstEdge.subarray(start, start + rows);
  let largestName = largest.name;
  for (let row = 0, at = from; row < rows; row++, at += stride) {
    const typeNumber = block[at + type]!;
    const nameIndex = block[at + name]!;
    if (typeNumber >= typeCount) return start + row;
    if (nameIndex > largestName) largestName = nameIndex;
    nodeType[row] = typeNumber;
    nodeName[row] = nameIndex;
    nodeId[row] = block[at + id]!;
    size[row] = block[at + selfSize]!;
    edges[row] = block[at + edgeCount]!;
  }
  largest.name = largestName;
  if (columns.detachedness !== null) {
    putDetachedness(
      block,
      from + shape.fields.detachedness,
      stride,
      columns.detachedness.subarray(start, start + rows),
    );
  }
  return -1;
}

function putDetachedness(block: Float64Array, from: number, stride: number, detachedness: Uint8Array): void {
  const rows = detachedness.length;
  for (let row = 0, at = from; row < rows; row++, at += stride) {
    const value = block[at]!;
    // A state that V8 does not know yet is as good as none.
    detachedness[row] = value <= 2 ? value : 0;
  }
}
