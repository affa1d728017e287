import type { Largest } from "./node-rows.js";
import type { EdgeFields } from "./snapshot-header.js";

/** The columns that rows of the `edges` section are put into. */
export interface EdgeRows {
  readonly edgeType: Uint8Array;
  readonly edgeName: Uint32Array;
  readonly edgeTarget: Uint32Array;
}

/** What the numbers of a row mean. */
export interface EdgeRowShape {
  readonly fields: EdgeFields;
  /** Numbers of a row of a node. */
  readonly nodeStride: number;
  /** type -> 1 if edges of that type are named by a string; as long as the header knows types */
  readonly named: Uint8Array;
}

/**
 * The hot loop: puts the rows that begin at `block[from]` into the columns, from row `start` on. All numbers are
 * integers from 0, types and names below 2^32.
 * @returns the first row whose type the header does not know or whose target is no node; -1 if there is none
 */
export function putEdgeRows(
  block: Float64Array,
  from: number,
  rows: number,
  columns: EdgeRows,
  start: number,
  shape: EdgeRowShape,
  largest: Largest,
): number {
  const { stride, type, nameOrIndex, toNode } = shape.fields;
  const { nodeStride, named } = shape;
  // Rows of this block only, so that the loop counts in small integers however long the columns are.
  const edgeType = columns.edgeType.subarray(start, start + rows);
  const edgeName = columns.edgeName.subarray(start, start + rows);
  const edgeTarget = columns.edgeTarget.subarray(start, start + rows);
  const typeCount = named.length;
  let largestName = largest.name;
  let largestTarget = largest.target;
  for (let row = 0, at = from; row < rows; row++, at += stride) {
    const typeNumber = block[at + type]!;
    const name = block[at + nameOrIndex]!;
    if (typeNumber >= typeCount) return start + row;
    if (name > largestName && named[typeNumber] === 1) largestName = name;
    // to_node counts numbers, not rows: a division that leaves a rest points into the middle of a row.
    const quotient = block[at + toNode]! / nodeStride;
    const target = quotient >>> 0;
    if (target !== quotient) return start + row;
    if (target > largestTarget) largestTarget = target;
    edgeType[row] = typeNumber;
    edgeName[row] = name;
    edgeTarget[row] = target;
  }
  largest.name = largestName;
  largest.target = largestTarget;
  return -1;
}
