// Writes one snapshot of any size, as a stream, in the format of Node 20:
//   node bench/make-synthetic.mjs FILE ITEMS [SHAPE]
// shared (the default): `ITEMS` Items, each with a Payload, are elements of two arrays at once, so that none of them has
// a dominator of its own but the global object. 110 bytes of file an item. wide: all are elements of one array. deep:
// each refers to the next, a list of that length. strings: as wide, each a string of its own text. edges: as wide, each
// refers to 16 others. Files of more items are later snapshots of the same process.
import { closeSync, openSync, writeSync } from "node:fs";

const [file, count, shape = "shared"] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const isShared = shape === "shared";
if (file === undefined || !(count > 0) || !["shared", "wide", "deep", "strings", "edges"].includes(shape))
  throw new Error("usage: make-synthetic.mjs FILE ITEMS [shared|wide|deep|strings|edges]");

const STRINGS = [
  "<dummy>",
  "",
  "(GC roots)",
  "Window",
  "Array",
  "(object elements)",
  "Item",
  "Payload",
  "system / Map",
];
const EDGE_NAMES = ["elements", "all", "recent", "payload", "map", "next"];
const text = (name) => [...STRINGS, ...EDGE_NAMES].indexOf(name);
const TYPE = { hidden: 0, array: 1, string: 2, object: 3, synthetic: 9, shape: 14 };
const EDGE = { element: 1, property: 2, internal: 3, shortcut: 5 };
const FIELDS = 7;

// Rows: root, (GC roots), global, two arrays, their elements, a hidden class; then Item, Payload, Item, Payload ...
const FIXED = 8;
const [ROOT, GC_ROOTS, WINDOW, ALL, RECENT, ALL_ELEMENTS, RECENT_ELEMENTS, MAP] = Array.from(
  { length: FIXED },
  (_, i) => i,
);
const itemRow = (i) => FIXED + (isShared ? 2 : 1) * i;

const output = openSync(file, "w");
let pending = [];
let length = 0;
function put(piece) {
  pending.push(piece);
  length += piece.length;
  if (length > 1 << 20) flush();
}
function flush() {
  writeSync(output, pending.join(""));
  pending = [];
  length = 0;
}

const EDGES_EACH = 16;
const nodeCount = itemRow(count);
const fixedEdges = [
  [ROOT, EDGE.element, 1, GC_ROOTS],
  [ROOT, EDGE.shortcut, text("Window"), WINDOW],
  [GC_ROOTS, EDGE.element, 1, WINDOW],
  [WINDOW, EDGE.property, text("all"), ALL],
  [WINDOW, EDGE.property, text("recent"), RECENT],
  [ALL, EDGE.internal, text("elements"), ALL_ELEMENTS],
  [RECENT, EDGE.internal, text("elements"), RECENT_ELEMENTS],
];
// Elements of the two arrays, then what the items refer to: each a list of [type, name, row].
const inAll = shape === "deep" ? 1 : count;
const inRecent = isShared ? count : 0;
function itemEdges(i) {
  if (isShared)
    return [
      [EDGE.property, text("payload"), itemRow(i) + 1],
      [EDGE.internal, text("map"), MAP],
    ];
  if (shape === "deep") return i + 1 < count ? [[EDGE.property, text("next"), itemRow(i + 1)]] : [];
  if (shape !== "edges") return [];
  const to = (n) => itemRow((i * 48271 + n * 40692) % count);
  return Array.from({ length: EDGES_EACH }, (_, n) => [EDGE.element, n, to(n)]);
}
const edgesOfItem = (i) => (shape === "edges" ? EDGES_EACH : itemEdges(i).length);
const itemEdgeCount = shape === "deep" ? count - 1 : count * edgesOfItem(0);
const edgeCount = fixedEdges.length + inAll + inRecent + 1 + itemEdgeCount;

const meta = {
  node_fields: ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"],
  node_types: [
    [
      "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
      "concatenated string", "sliced string", "symbol", "bigint", "object shape",
    ],
    "string", "number", "number", "number", "number", "number",
  ],
  edge_fields: ["type", "name_or_index", "to_node"],
  edge_types: [["context", "element", "property", "internal", "hidden", "shortcut", "weak"], "string_or_number", "node"],
  trace_function_info_fields: [],
  trace_node_fields: [],
  sample_fields: [],
  location_fields: ["object_index", "script_id", "line", "column"],
}; // prettier-ignore
put(
  `{"snapshot":${JSON.stringify({ meta, node_count: nodeCount, edge_count: edgeCount, trace_function_count: 0 })},\n"nodes":[`,
);

const node = (type, name, row, size, edges) => `${type},${name},${2 * row + 1},${size},${edges},0,0`;
put(node(TYPE.synthetic, text(""), ROOT, 0, 2));
put(`\n,${node(TYPE.synthetic, text("(GC roots)"), GC_ROOTS, 0, 1)}`);
put(`\n,${node(TYPE.object, text("Window"), WINDOW, 64, 2)}`);
for (const row of [ALL, RECENT]) put(`\n,${node(TYPE.object, text("Array"), row, 32, 1)}`);
for (const [row, length] of [
  [ALL_ELEMENTS, inAll],
  [RECENT_ELEMENTS, inRecent],
])
  put(`\n,${node(TYPE.array, text("(object elements)"), row, 16 + 8 * length, length)}`);
put(`\n,${node(TYPE.shape, text("system / Map"), MAP, 80, 1)}`);
const ownText = STRINGS.length + EDGE_NAMES.length;
for (let i = 0; i < count; i++) {
  const row = itemRow(i);
  if (shape === "strings") put(`\n,${node(TYPE.string, ownText + i, row, 32, 0)}`);
  else put(`\n,${node(TYPE.object, text("Item"), row, 32, edgesOfItem(i))}`);
  if (isShared) put(`\n,${node(TYPE.object, text("Payload"), row + 1, 48 + (i % 7) * 8, 0)}`);
}

put(`],\n"edges":[${fixedEdges.map(([, type, name, to]) => `${type},${name},${to * FIELDS}`).join("\n,")}`);
for (const length of [inAll, inRecent])
  for (let i = 0; i < length; i++) put(`\n,${EDGE.element},${i},${itemRow(i) * FIELDS}`);
put(`\n,${EDGE.internal},${text("map")},${MAP * FIELDS}`);
for (let i = 0; i < count; i++) for (const [type, name, to] of itemEdges(i)) put(`\n,${type},${name},${to * FIELDS}`);

put(`],\n"trace_function_infos":[],\n"trace_tree":[],\n"samples":[],\n"locations":[],\n"strings":`);
put(JSON.stringify([...STRINGS, ...EDGE_NAMES]).slice(0, -1));
if (shape === "strings") for (let i = 0; i < count; i++) put(`,\n"the text of item ${i} of ${count}"`);
put("]}\n");
flush();
closeSync(output);
