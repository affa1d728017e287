import { type LayoutOptions, type SnapshotFile, type Writer, fieldsOf, snapshotText } from "./snapshot-text.js";

/** Row of the builder, given out in order from 0: also the row in the file, as long as nothing was freed. */
export type NodeRow = number;

/** Where a node's function or class was written; 0-based, as V8 writes it. */
export interface Place {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
  /** The Script node, for writers that name it (`chrome`). */
  readonly script?: NodeRow;
}

export interface NodeOptions {
  /** V8's object id; by default the next odd number. */
  readonly id?: number;
  /** Self size in bytes; by default 16. */
  readonly size?: number;
  /** 0 unknown (the default), 1 attached, 2 detached. */
  readonly detachedness?: number;
  readonly at?: Place;
  /** Values of fields no V8 writes, for `nodeFields` that ask for them. */
  readonly extra?: Readonly<Record<string, number>>;
}

interface BuiltNode {
  readonly type: string;
  name: string;
  readonly id: number;
  size: number;
  readonly detachedness: number;
  readonly at: Place | undefined;
  readonly extra: Readonly<Record<string, number>>;
  freed: boolean;
  edges: BuiltEdge[];
}

interface BuiltEdge {
  readonly type: string;
  readonly name: string | number;
  readonly to: NodeRow;
}

/**
 * A small heap, written as V8 would. Node 0 is the nameless root; ids go on in odd numbers, so that a file written
 * now and another written after some changes are two snapshots of one process.
 *
 *     const heap = new SnapshotBuilder();
 *     const list = heap.object("Array", { size: 32 });
 *     heap.property(heap.global(), "list", list);
 *     for (let i = 0; i < 3; i++) heap.element(list, i, heap.object("Session"));
 *     const text = heap.json({ layout: "node20" });
 */
export class SnapshotBuilder {
  readonly #nodes: BuiltNode[] = [];
  #nextId = 1;
  #gcRoots: NodeRow | undefined;
  #global: NodeRow | undefined;

  constructor() {
    this.node("synthetic", "", { size: 0 });
  }

  // ------------------------------------------------------------------------------------------------------- nodes

  node(type: string, name: string, options: NodeOptions = {}): NodeRow {
    const id = options.id ?? this.#nextId;
    if (options.id === undefined) this.#nextId += 2;
    const { size = 16, detachedness = 0, at, extra = {} } = options;
    return this.#nodes.push({ type, name, id, size, detachedness, at, extra, freed: false, edges: [] }) - 1;
  }

  object(name = "Object", options: NodeOptions = {}): NodeRow {
    return this.node("object", name, options);
  }
  closure(name = "", options: NodeOptions = {}): NodeRow {
    return this.node("closure", name, options);
  }
  string(text: string, options: NodeOptions = {}): NodeRow {
    return this.node("string", text, options);
  }
  /** A FixedArray: the store behind an Array, a Map or a dictionary (`object("Array")` is what the program sees). */
  array(name = "(object elements)", options: NodeOptions = {}): NodeRow {
    return this.node("array", name, options);
  }
  code(name = "(code)", options: NodeOptions = {}): NodeRow {
    return this.node("code", name, options);
  }
  native(name: string, options: NodeOptions = {}): NodeRow {
    return this.node("native", name, options);
  }
  /** A scope; give it variables with `variable`. */
  context(options: NodeOptions = {}): NodeRow {
    return this.node("object", "system / Context", options);
  }
  synthetic(name: string, options: NodeOptions = {}): NodeRow {
    return this.node("synthetic", name, { size: 0, ...options });
  }

  // ------------------------------------------------------------------------------------------------------- roots

  root(): NodeRow {
    return 0;
  }

  /** `(GC roots)`, made at the first call. */
  gcRoots(): NodeRow {
    if (this.#gcRoots === undefined) {
      this.#gcRoots = this.synthetic("(GC roots)");
      this.element(this.root(), 1, this.#gcRoots);
    }
    return this.#gcRoots;
  }

  /** A new subroot such as `(Stack roots)`, below `(GC roots)`. */
  subroot(name: string): NodeRow {
    const gcRoots = this.gcRoots();
    const subroot = this.synthetic(name);
    this.element(gcRoots, this.edgeCount(gcRoots) + 1, subroot);
    return subroot;
  }

  /** The global object as Node up to 24 writes it: `object "global"` behind the root's shortcut. Made at the first call. */
  global(): NodeRow {
    if (this.#global === undefined) {
      this.#global = this.object("global");
      this.shortcut(this.root(), String(this.edgeCount(this.root()) + 1), this.#global);
    }
    return this.#global;
  }

  // ------------------------------------------------------------------------------------------------------- edges

  /** `name` is a number for `element` and `hidden`, a text for the other types. Edges keep the order they were made in. */
  edge(type: string, from: NodeRow, name: string | number, to: NodeRow): this {
    this.#at(to);
    this.#at(from).edges.push({ type, name, to });
    return this;
  }

  property(from: NodeRow, name: string, to: NodeRow): this {
    return this.edge("property", from, name, to);
  }
  element(from: NodeRow, index: number, to: NodeRow): this {
    return this.edge("element", from, index, to);
  }
  /** A captured variable of a scope (`context` edge). */
  variable(from: NodeRow, name: string, to: NodeRow): this {
    return this.edge("context", from, name, to);
  }
  internal(from: NodeRow, name: string, to: NodeRow): this {
    return this.edge("internal", from, name, to);
  }
  hidden(from: NodeRow, slot: number, to: NodeRow): this {
    return this.edge("hidden", from, slot, to);
  }
  shortcut(from: NodeRow, name: string, to: NodeRow): this {
    return this.edge("shortcut", from, name, to);
  }
  weak(from: NodeRow, name: string, to: NodeRow): this {
    return this.edge("weak", from, name, to);
  }

  // ----------------------------------------------------------------------------------------------------- changes

  /** Leaves a node, its edges and the edges to it out of files written from now on. Rows after it move down by one. */
  free(node: NodeRow): this {
    this.#at(node).freed = true;
    return this;
  }
  /** Removes the edges of that name (and, if given, to that node). */
  unlink(from: NodeRow, name: string | number, to?: NodeRow): this {
    const node = this.#at(from);
    node.edges = node.edges.filter((edge) => edge.name !== name || (to !== undefined && edge.to !== to));
    return this;
  }
  resize(node: NodeRow, size: number): this {
    this.#at(node).size = size;
    return this;
  }
  rename(node: NodeRow, name: string): this {
    this.#at(node).name = name;
    return this;
  }

  // -------------------------------------------------------------------------------------------------- questions

  get nodeCount(): number {
    return this.#nodes.length;
  }
  edgeCount(node: NodeRow): number {
    return this.#at(node).edges.length;
  }
  /** V8's id of a node. */
  id(node: NodeRow): number {
    return this.#at(node).id;
  }
  /** Row of a node in a file written now: differs from `node` once something before it was freed. */
  row(node: NodeRow): number {
    let row = node;
    for (let before = 0; before < node; before++) if (this.#at(before).freed) row--;
    return row;
  }

  // ----------------------------------------------------------------------------------------------------- writing

  /** The file's text. */
  json(options: LayoutOptions = {}): string {
    return snapshotText(this.snapshot(options), options);
  }
  /** The file's bytes. */
  bytes(options: LayoutOptions = {}): Buffer {
    return Buffer.from(this.json(options));
  }

  /** The file as the plain value its JSON stands for: to be damaged by a test, then written by `snapshotText`. */
  snapshot(options: LayoutOptions = {}): SnapshotFile {
    const writer = fieldsOf(options);
    const strings = new Strings(options.duplicateStrings === true);
    const rows = this.#rowsWhenWritten();
    const nodes: number[] = [];
    const edges: number[] = [];
    const locations: number[] = [];
    for (const node of this.#nodes) {
      if (node.freed) continue;
      const kept = node.edges.filter((edge) => !this.#at(edge.to).freed);
      const start = nodes.length;
      for (const field of writer.nodeFields) nodes.push(nodeField(node, field, kept.length, writer, strings));
      for (const edge of kept) {
        for (const field of writer.edgeFields) edges.push(edgeField(edge, field, rows, writer, strings));
      }
      if (node.at !== undefined) {
        for (const field of writer.locationFields) locations.push(locationField(node.at, field, start, rows, writer));
      }
    }
    const counts = { node_count: rows.count, edge_count: edges.length / writer.edgeFields.length };
    return writer.file(counts, nodes, edges, locations, strings.texts);
  }

  #rowsWhenWritten(): { of: readonly number[]; count: number } {
    let count = 0;
    return { of: this.#nodes.map((node) => (node.freed ? -1 : count++)), count };
  }

  #at(row: NodeRow): BuiltNode {
    const node = this.#nodes[row];
    if (node === undefined) throw new RangeError(`the builder has no node ${row}`);
    return node;
  }
}

/** Texts in the order of their first use, after V8's dummy; with duplicates, every use gets an index of its own. */
class Strings {
  readonly texts: string[] = ["<dummy>"];
  readonly #index = new Map<string, number>();
  readonly #duplicates: boolean;

  constructor(duplicates: boolean) {
    this.#duplicates = duplicates;
  }
  index(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined && !this.#duplicates) return known;
    const index = this.texts.push(text) - 1;
    this.#index.set(text, index);
    return index;
  }
}

function nodeField(node: BuiltNode, field: string, edgeCount: number, writer: Writer, strings: Strings): number {
  if (field === "type") return typeNumber(writer.nodeTypes, node.type);
  if (field === "name") return strings.index(node.name);
  if (field === "id") return node.id;
  if (field === "self_size") return node.size;
  if (field === "edge_count") return edgeCount;
  if (field === "detachedness") return node.detachedness;
  return node.extra[field] ?? 0;
}

type Rows = { readonly of: readonly number[] };

function edgeField(edge: BuiltEdge, field: string, rows: Rows, writer: Writer, strings: Strings): number {
  if (field === "type") return typeNumber(writer.edgeTypes, edge.type);
  if (field === "name_or_index") return typeof edge.name === "number" ? edge.name : strings.index(edge.name);
  if (field === "to_node") return (rows.of[edge.to] ?? 0) * writer.nodeFields.length;
  return 0;
}

function locationField(place: Place, field: string, nodeStart: number, rows: Rows, writer: Writer): number {
  if (field === "object_index") return nodeStart;
  if (field === "script_id") return place.scriptId;
  if (field === "script_object_index") return (rows.of[place.script ?? 0] ?? 0) * writer.nodeFields.length;
  if (field === "line") return place.line;
  if (field === "column") return place.column;
  return 0;
}

function typeNumber(types: readonly string[], type: string): number {
  const number = types.indexOf(type);
  if (number < 0) throw new RangeError(`this writer has no type "${type}"`);
  return number;
}
