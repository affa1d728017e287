import fc from "fast-check";
import type { RawSnapshot } from "#core/parse/raw-snapshot.js";
import { SnapshotBuilder } from "./snapshot-builder.js";
import { EDGE_TYPES, type LayoutOptions, NODE_TYPES } from "./snapshot-text.js";

/** A heap as plain values: what a file says, apart from how it says it. */
export interface PlainGraph {
  readonly nodes: readonly PlainNode[];
  /** In the order of the file: by source node. */
  readonly edges: readonly PlainEdge[];
}
export interface PlainNode {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly size: number;
  readonly detachedness: number;
  /** script id, line, column */
  readonly at: readonly [number, number, number] | null;
}
export interface PlainEdge {
  readonly type: string;
  readonly from: number;
  readonly name: string | number;
  readonly to: number;
}

const UINT32_MAX = 0xffff_ffff;
const STRANGE_TEXTS = [
  [
    "",
    " ",
    '"',
    "\\",
    '\\"',
    "\\\\u0041",
    "a\nb",
    "\u0000",
    "\u001b[2J",
    "\u2028",
    "\ud800",
    "é",
    "日本",
    "😀",
    "\ufffd",
  ],
  ["__proto__", "constructor", "toString", "hasOwnProperty", "(GC roots)", "system / Context", "],", "}", "<dummy>"],
].flat();

export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...STRANGE_TEXTS),
  fc.string({ maxLength: 8 }),
  fc.array(fc.nat({ max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
);

/** Small numbers mostly, and those around 31, 32 and more bits. */
function arbitraryNumber(max: number): fc.Arbitrary<number> {
  const edges = [0, 9, 10, 9999, 10000, 999999999, 1000000000, 0x7fffffff, 0x80000000, UINT32_MAX, 2 ** 32, 2 ** 47];
  return fc.oneof(
    fc.nat({ max: 200 }),
    fc.maxSafeNat().map((n) => n % (max + 1)),
    fc.constantFrom(...edges.filter((n) => n <= max)),
  );
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** Any graph whose nodes may have any type, name, id and size, and any edges between them. */
export function arbitraryGraph(maxNodes = 12): fc.Arbitrary<PlainGraph> {
  const node = fc
    .record<PlainNode>({
      type: fc.constantFrom(...NODE_TYPES),
      name: arbitraryText,
      id: arbitraryNumber(UINT32_MAX),
      size: arbitraryNumber(2 ** 50),
      detachedness: fc.nat({ max: 2 }),
      at: fc.option(fc.tuple(int32, fc.nat(), fc.nat()), { freq: 3 }), // what is below 0 is told otherwise
    })
    .map((values) => ({ ...values })); // with a prototype, as graphOfRaw makes them
  return fc.array(node, { minLength: 1, maxLength: maxNodes }).chain((nodes) => {
    const row = fc.nat({ max: nodes.length - 1 });
    const target = fc.oneof(
      fc.record({ type: fc.constantFrom("element", "hidden"), name: arbitraryNumber(UINT32_MAX) }),
      fc.record({ type: fc.constantFrom(...EDGE_TYPES.filter((type) => !isNumbered(type))), name: arbitraryText }),
    );
    const edge = fc.record({ from: row, to: row, target }).map(({ from, to, target }) => ({ from, to, ...target }));
    return fc
      .array(edge, { maxLength: 3 * maxNodes })
      .map((edges) => ({ nodes, edges: edges.sort((one, other) => one.from - other.from) }));
  });
}

/** Any way a writer may put the same graph into a file. */
export const arbitraryLayout: fc.Arbitrary<LayoutOptions> = fc.record({
  layout: fc.constantFrom("node20", "node24", "chrome", "pretty"),
  nodeFields: shuffledWith(
    ["type", "name", "id", "self_size", "edge_count", "detachedness"],
    ["trace_node_id", "native_size"],
  ),
  edgeFields: shuffledWith(["type", "name_or_index", "to_node"], ["extra"]),
  locationFields: shuffledWith(["object_index", "script_id", "line", "column"], ["script_object_index"]),
  sections: shuffledWith(
    ["snapshot", "nodes", "edges", "locations", "strings"],
    ["samples", "trace_tree", "__proto__"],
  ),
  extraSections: fc.constantFrom({}, { ["__proto__"]: { ["__proto__"]: [[{}], "]}", 1e3, null] } }),
  duplicateStrings: fc.boolean(),
  utf8: fc.boolean(),
  negativeIndexes: fc.boolean(),
});

function shuffledWith(all: readonly string[], some: readonly string[]): fc.Arbitrary<string[]> {
  return fc.subarray([...some]).chain((more) => {
    const fields = [...all, ...more];
    return fc.oneof(fc.constant(fields), fc.shuffledSubarray(fields, { minLength: fields.length }));
  });
}

/** The graph in a builder, rows kept. */
export function builderOf(graph: PlainGraph): SnapshotBuilder {
  const heap = new SnapshotBuilder({ empty: true });
  for (const { type, name, id, size, detachedness, at } of graph.nodes) {
    const place = at === null ? {} : { at: { scriptId: at[0], line: at[1], column: at[2] } };
    heap.node(type, name, {
      id,
      size,
      detachedness,
      extra: { trace_node_id: -id, native_size: 2 ** 30 * id },
      ...place,
    });
  }
  for (const { type, from, name, to } of graph.edges) heap.edge(type, from, name, to);
  return heap;
}

/** The graph a parsed file stands for. */
export function graphOfRaw(raw: RawSnapshot): PlainGraph {
  const { strings, locations } = raw;
  const places = new Map<number, readonly [number, number, number]>();
  locations.node.forEach((node, row) => {
    places.set(node, [locations.scriptId[row]!, locations.line[row]!, locations.column[row]!]);
  });
  const nodes = Array.from({ length: raw.nodeCount }, (_none, node) => ({
    type: raw.nodeTypeNames[raw.nodeType[node]!]!,
    name: strings.text(raw.nodeName[node]!),
    id: raw.nodeId[node]!,
    size: raw.selfSize[node]!,
    detachedness: raw.detachedness?.[node] ?? 0,
    at: places.get(node) ?? null,
  }));
  const edges: PlainEdge[] = [];
  for (let from = 0; from < raw.nodeCount; from++) {
    for (let edge = raw.firstEdge[from]!; edge < raw.firstEdge[from + 1]!; edge++) {
      const type = raw.edgeTypeNames[raw.edgeType[edge]!]!;
      const name = raw.edgeName[edge]!;
      edges.push({ type, from, name: isNumbered(type) ? name : strings.text(name), to: raw.edgeTarget[edge]! });
    }
  }
  return { nodes, edges };
}

function isNumbered(edgeType: string): boolean {
  return edgeType === "element" || edgeType === "hidden";
}
