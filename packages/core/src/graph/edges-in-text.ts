import { fileState, isSameState } from "../parse/byte-source.js";
import { lastUpTo } from "../parse/last-up-to.js";
import type { EdgesInText } from "../parse/raw-snapshot.js";
import { fault } from "../parse/reading-place.js";
import { RowPieces, rowBoard } from "../parse/row-pieces.js";
import type { SnapshotError } from "../parse/snapshot-error.js";
import type { EdgeColumns, EdgeNames } from "./edges-aside.js";
import type { EdgeIndex } from "./heap-graph.js";
import { translate } from "./node-types.js";

/** What has to be known to read edges of a graph again. Plain data. */
export interface GraphEdgesInText extends EdgesInText {
  readonly name: string; // of the file, for messages
  readonly types: Uint8Array; // the writer's type of an edge -> ours
}

/**
 * Names and types of edges that are read from the snapshot again, when they are asked for: of heaps with millions of nodes
 * those of some hundred are, and they are a fourth of all that would have to be put aside.
 * @param fd the file, open
 */
export function namesInText(edges: GraphEdgesInText, fd: number): EdgeNames {
  const { rows, shape, file, name, types } = edges;
  const { numbersBefore } = rows;
  const { stride } = shape.fields;
  const rowFrom = (piece: number): EdgeIndex => Math.ceil(numbersBefore[piece]! / stride);
  const board = { ...rowBoard(0), numbersBefore };
  let known: EdgeColumns | null = null;
  let pieces: RowPieces | null = null;
  return {
    bring(columns: EdgeColumns, from: EdgeIndex, to: EdgeIndex) {
      if (columns !== known) {
        const capacity = columns.edgeTarget.length;
        pieces = RowPieces.of({ ...rows, fd, capacity, section: { kind: "edges", columns, shape }, board });
        known = columns;
      }
      let piece = lastUpTo(numbersBefore, 0, numbersBefore.length - 1, from * stride);
      for (; rowFrom(piece) < to; piece++) {
        if (pieces?.again(piece) !== true) throw changed(name);
        translate(columns.edgeType.subarray(rowFrom(piece), rowFrom(piece + 1)), types);
      }
      if (!isSameState(fileState(fd), file)) throw changed(name);
    },
  };
}

function changed(file: string): SnapshotError {
  return fault("changed", file, "was changed while it was looked at", "compare what nobody writes to");
}
