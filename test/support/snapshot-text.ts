// The outside of a snapshot file: which fields each writer has, and how it lays them out. snapshot-builder.ts has the
// inside.

export interface LayoutOptions {
  /**
   * - `node20`: V8 up to 12, a row per line, the comma first, 7 node fields
   * - `node24` (the default): V8 13.6 and later, all in a few long lines, 6 node fields
   * - `chrome`: as `node24`, with script_object_index in locations and the scope sections of V8 15.6
   * - `pretty`: what an editor or `jq` makes of it, a number per line
   */
  readonly layout?: "node20" | "node24" | "chrome" | "pretty";
  /** Columns in another order, or with fields of another writer. */
  readonly nodeFields?: readonly string[];
  readonly edgeFields?: readonly string[];
  readonly locationFields?: readonly string[];
  /** Order of the keys of the file; sections left out are not written. */
  readonly sections?: readonly string[];
  /** More keys of the file: name -> value, written before `strings`. */
  readonly extraSections?: Readonly<Record<string, unknown>>;
  /** Each use of a text gets an index of its own, which V8 does not rule out. */
  readonly duplicateStrings?: boolean;
  /** Non-ASCII text as UTF-8 and not, as V8 does, as `\uXXXX`. */
  readonly utf8?: boolean;
  /** Element indexes from 2^31 on as negative numbers, as V8 13.6 and later write them. */
  readonly negativeIndexes?: boolean;
}

/** What the JSON of a snapshot file stands for. */
export interface SnapshotFile {
  snapshot: {
    meta: {
      node_fields: string[];
      node_types: (string | string[])[];
      edge_fields: string[];
      edge_types: (string | string[])[];
      trace_function_info_fields: string[];
      trace_node_fields: string[];
      sample_fields: string[];
      location_fields: string[];
      [other: string]: unknown;
    };
    node_count: number;
    edge_count: number;
    trace_function_count: number;
    [other: string]: unknown;
  };
  nodes: number[];
  edges: number[];
  trace_function_infos: number[];
  trace_tree: unknown[];
  samples: number[];
  locations: number[];
  strings: string[];
  [other: string]: unknown;
}

export interface Writer {
  readonly nodeFields: readonly string[];
  readonly edgeFields: readonly string[];
  readonly locationFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly file: (
    counts: { node_count: number; edge_count: number },
    nodes: number[],
    edges: number[],
    locations: number[],
    strings: string[],
  ) => SnapshotFile;
}

export const NODE_TYPES: readonly string[] =
  "hidden,array,string,object,code,closure,regexp,number,native,synthetic,concatenated string,sliced string,symbol,bigint,object shape".split(
    ",",
  );
export const EDGE_TYPES: readonly string[] = "context,element,property,internal,hidden,shortcut,weak".split(",");

/** The fields and types of a writer. */
export function fieldsOf(options: LayoutOptions): Writer {
  const layout = options.layout ?? "node24";
  const trace = layout === "node20" ? ["trace_node_id"] : [];
  const script = layout === "chrome" ? ["script_object_index"] : [];
  const v8NodeFields = ["type", "name", "id", "self_size", "edge_count", ...trace, "detachedness"];
  const nodeFields = options.nodeFields ?? v8NodeFields;
  const edgeFields = options.edgeFields ?? ["type", "name_or_index", "to_node"];
  const locationFields = options.locationFields ?? ["object_index", "script_id", ...script, "line", "column"];
  const scopeMeta = {
    scope_fields: ["script_node_index", "scope_id", "depth", "scope_context_vars_count", "scope_uses_count"],
    scope_context_var_fields: ["name"],
    scope_use_fields: ["declaring_scope_id", "slot_index"],
  };
  const scopes = { scopes: [0, -2, 0, 1, 0], scope_context_vars: [0], scope_uses: [] };
  const file: Writer["file"] = (counts, nodes, edges, locations, strings) => ({
    snapshot: {
      meta: {
        node_fields: [...nodeFields],
        node_types: [[...NODE_TYPES], ...nodeFields.slice(1).map((field) => (field === "name" ? "string" : "number"))],
        edge_fields: [...edgeFields],
        edge_types: [[...EDGE_TYPES], "string_or_number", "node"],
        trace_function_info_fields: ["function_id", "name", "script_name", "script_id", "line", "column"],
        trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
        sample_fields: ["timestamp_us", "last_assigned_id"],
        location_fields: [...locationFields],
        ...(layout === "chrome" ? scopeMeta : {}),
      },
      ...counts,
      trace_function_count: 0,
      ...(layout === "node20" ? {} : { extra_native_bytes: 0 }),
    },
    nodes,
    edges,
    trace_function_infos: [],
    trace_tree: [],
    samples: [],
    locations,
    ...(layout === "chrome" ? scopes : {}),
    ...options.extraSections,
    strings,
  });
  return { nodeFields, edgeFields, locationFields, nodeTypes: NODE_TYPES, edgeTypes: EDGE_TYPES, file };
}

/** The text of a file in the layout asked for. */
export function snapshotText(file: SnapshotFile, options: LayoutOptions = {}): string {
  const layout = options.layout ?? "node24";
  const keys = options.sections ?? Object.keys(file);
  if (layout === "pretty") {
    const ordered = Object.fromEntries(keys.map((key) => [key, file[key]]));
    return (options.utf8 ? String : ascii)(JSON.stringify(ordered, null, 2)) + "\n";
  }
  const rowLengths: Record<string, number> = {
    nodes: file.snapshot.meta.node_fields.length,
    edges: file.snapshot.meta.edge_fields.length,
    locations: file.snapshot.meta.location_fields.length,
    trace_function_infos: file.snapshot.meta.trace_function_info_fields.length,
    samples: file.snapshot.meta.sample_fields.length,
  };
  const sections = keys.map((key) => {
    const value = file[key];
    const rowLength = Object.hasOwn(rowLengths, key) ? (rowLengths[key] ?? 0) : 0;
    const rows = layout === "node20" && Array.isArray(value);
    if (rows && key === "strings") return `"strings":[${value.map((text) => JSON.stringify(text)).join(",\n")}]`;
    if (rows && rowLength > 0) return `"${key}":[${rowPerLine(value, rowLength)}]`;
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  });
  return (options.utf8 ? String : ascii)(`{${sections.join(",\n")}}`);
}

function rowPerLine(numbers: readonly unknown[], rowLength: number): string {
  let text = "";
  for (let i = 0; i < numbers.length; i++) {
    if (i > 0 && i % rowLength === 0) text += "\n";
    text += (i === 0 ? "" : ",") + String(numbers[i]);
  }
  return text + "\n";
}

/** V8 writes every UTF-16 unit above 0x7E as an escape. */
function ascii(json: string): string {
  return json.replace(
    /[^\n\x20-\x7e]/g,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0"),
  );
}
