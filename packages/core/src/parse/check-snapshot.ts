import type { FileState } from "./byte-source.js";
import { type EdgeColumns, namedByString } from "./edge-columns.js";
import type { LocationRows } from "./location-rows.js";
import { mergeStrings } from "./merge-strings.js";
import type { NodeColumns } from "./node-columns.js";
import type { RawSnapshot } from "./raw-snapshot.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import type { SnapshotHeader } from "./snapshot-header.js";
import type { StringSection } from "./string-section.js";
import { EncodedStrings } from "./string-table.js";

/** The sections of one file, each read to its end. */
export interface ReadSections {
  readonly header: SnapshotHeader;
  readonly nodes: NodeColumns;
  readonly edges: EdgeColumns;
  readonly locations: LocationRows;
  readonly strings: StringSection;
}

/** Puts the sections together. @throws SnapshotError where they contradict each other */
export function checkedSnapshot(sections: ReadSections, place: ReadingPlace, file: FileState | null): RawSnapshot {
  const { header, nodes, edges, locations } = sections;
  checkCounts(sections, place);
  checkIndexes(sections, place);
  const { data, firstIndex } = mergeStrings(sections.strings.data(), place);
  if (firstIndex !== null) {
    rewrite(nodes.nodeName, firstIndex);
    rewriteNames(edges, namedByString(header.edgeTypeNames), firstIndex);
  }
  const { inText, shape } = edges;
  return {
    file: place.file,
    textBytes: place.chunkStart,
    nodeCount: nodes.count,
    edgeCount: edges.count,
    extraNativeBytes: header.extraNativeBytes,
    hasAllocationTrace: header.hasAllocationTrace,
    nodeTypeNames: header.nodeTypeNames,
    edgeTypeNames: header.edgeTypeNames,
    nodeType: nodes.nodeType,
    nodeName: nodes.nodeName,
    nodeId: nodes.nodeId,
    selfSize: nodes.selfSize,
    firstEdge: nodes.firstEdge,
    detachedness: nodes.detachedness,
    edgeType: edges.edgeType,
    edgeName: edges.edgeName,
    edgeTarget: edges.edgeTarget,
    edgesInText: inText !== null && file !== null && firstIndex === null ? { rows: inText, shape, file } : null,
    locations: locations.sorted(nodes.count),
    strings: new EncodedStrings(data),
  };
}

function checkCounts({ nodes, edges }: ReadSections, place: ReadingPlace): void {
  if (nodes.count === 0) throw fault("counts", place.file, 'has no nodes in its section "nodes", not even a root');
  if (nodes.edgeSum === edges.count) return;
  const what = `is damaged: the edge_count of its nodes sums up to ${nodes.edgeSum}, its section "edges" has ${edges.count} rows`;
  throw fault("counts", place.file, what);
}

/** The columns kept their largest index while they were read; only if that is too large, its row is looked for. */
function checkIndexes({ header, nodes, edges, strings }: ReadSections, place: ReadingPlace): void {
  const bad = (section: string, field: string, row: number, value: number | undefined, count: number, of: string) => {
    const what = `is damaged in its section "${section}": ${field} of row ${row} is ${value}, there are ${count} ${of}`;
    return fault("bad-index", place.file, what);
  };
  if (nodes.largest.name >= strings.count) {
    const row = nodes.nodeName.findIndex((name) => name >= strings.count);
    throw bad("nodes", "name", row, nodes.nodeName[row], strings.count, "strings");
  }
  if (edges.largest.name >= strings.count) {
    const named = namedByString(header.edgeTypeNames);
    const row = edges.edgeName.findIndex((name, edge) => name >= strings.count && named[edges.edgeType[edge]!] === 1);
    if (row >= 0) throw bad("edges", "name_or_index", row, edges.edgeName[row], strings.count, "strings");
  }
  if (edges.largest.target >= nodes.count) {
    const row = edges.edgeTarget.findIndex((target) => target >= nodes.count);
    throw bad("edges", "to_node", row, edges.edgeTarget[row]! * header.node.stride, nodes.count, "nodes");
  }
}

function rewrite(column: Uint32Array, firstIndex: Uint32Array): void {
  for (let row = 0; row < column.length; row++) column[row] = firstIndex[column[row]!]!;
}

function rewriteNames(edges: EdgeColumns, named: Uint8Array, firstIndex: Uint32Array): void {
  const { edgeType, edgeName } = edges;
  for (let edge = 0; edge < edgeName.length; edge++) {
    if (named[edgeType[edge]!] === 1) edgeName[edge] = firstIndex[edgeName[edge]!]!;
  }
}
