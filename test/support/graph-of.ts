// From the value a snapshot file stands for to columns, in the plainest way: what the parser does to gigabytes of text,
// without the parser.
import type { RawSnapshot } from "#core/parse/raw-snapshot.js";
import { buildGraph } from "#core/graph/build-graph.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import type { SnapshotBuilder } from "./snapshot-builder.js";
import type { LayoutOptions, SnapshotFile } from "./snapshot-text.js";

/** The graph of what was built so far. */
export function graphOf(heap: SnapshotBuilder, options: LayoutOptions = {}): HeapGraph {
  return buildGraph(rawSnapshotOf(heap.snapshot(options)));
}

/** The columns of a file that was read with `JSON.parse`. */
export function rawSnapshotOf(value: SnapshotFile, file = "built.heapsnapshot"): RawSnapshot {
  const { meta, node_count: nodeCount, edge_count: edgeCount, extra_native_bytes } = value.snapshot;
  const node = fieldsOf(value.nodes, meta.node_fields);
  const edge = fieldsOf(value.edges, meta.edge_fields);
  const edgeCounts = node("edge_count")!;
  const firstEdge = new Uint32Array(nodeCount + 1);
  edgeCounts.forEach((count, row) => (firstEdge[row + 1] = firstEdge[row]! + count));
  const detachedness = node("detachedness");
  return {
    file,
    textBytes: 0,
    nodeCount,
    edgeCount,
    extraNativeBytes: typeof extra_native_bytes === "number" ? extra_native_bytes : 0,
    nodeTypeNames: meta.node_types[0] as string[],
    edgeTypeNames: meta.edge_types[0] as string[],
    nodeType: Uint8Array.from(node("type")!),
    nodeName: Uint32Array.from(node("name")!),
    nodeId: Uint32Array.from(node("id")!),
    selfSize: sizesOf(node("self_size")!),
    firstEdge,
    detachedness: detachedness === undefined ? null : Uint8Array.from(detachedness),
    edgeType: Uint8Array.from(edge("type")!),
    edgeName: Uint32Array.from(edge("name_or_index")!),
    edgeTarget: Uint32Array.from(edge("to_node")!, (place) => place / meta.node_fields.length),
    locations: locationsOf(value),
    strings: stringsOf(value.strings),
  };
}

function sizesOf(sizes: readonly number[]): RawSnapshot["selfSize"] {
  return sizes.every((size) => size < 2 ** 32) ? Uint32Array.from(sizes) : Float64Array.from(sizes);
}

function fieldsOf(numbers: readonly number[], fields: readonly string[]) {
  return (field: string): number[] | undefined => {
    const at = fields.indexOf(field);
    return at < 0 ? undefined : numbers.filter((_, i) => i % fields.length === at);
  };
}

function locationsOf(value: SnapshotFile): RawSnapshot["locations"] {
  const field = fieldsOf(value.locations, value.snapshot.meta.location_fields);
  const nodes = (field("object_index") ?? []).map((place) => place / value.snapshot.meta.node_fields.length);
  const order = nodes.map((_, row) => row).sort((a, b) => nodes[a]! - nodes[b]!);
  const sorted = (column: readonly number[] | undefined): number[] => order.map((row) => column?.[row] ?? 0);
  return {
    node: Uint32Array.from(sorted(nodes)),
    scriptId: Int32Array.from(sorted(field("script_id"))),
    line: Int32Array.from(sorted(field("line"))),
    column: Int32Array.from(sorted(field("column"))),
  };
}

function stringsOf(texts: readonly string[]): RawSnapshot["strings"] {
  const indexes = new Map<string, number>();
  texts.forEach((text, index) => indexes.has(text) || indexes.set(text, index));
  return {
    length: texts.length,
    text: (index) => texts[index]!,
    isNumber: (index) => /^[0-9]+$/.test(texts[index]!),
    indexOf: (text) => indexes.get(text) ?? -1,
    withPart: (part) => [...texts.keys()].filter((index) => texts[index]!.includes(part)),
    hash(index) {
      let hash = 0;
      for (const unit of texts[index]!) hash = (Math.imul(hash, 31) + unit.codePointAt(0)!) >>> 0;
      return hash;
    },
  };
}
