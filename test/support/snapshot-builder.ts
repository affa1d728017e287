import {
  type BuiltNode,
  type NodeRow,
  type Place,
  Strings,
  edgeField,
  locationField,
  nodeField,
} from "./snapshot-row.js";
import { type LayoutOptions, type SnapshotFile, fieldsOf, snapshotText } from "./snapshot-text.js";

export type { NodeRow, Place };

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

  /** `empty`: without the root, so that node 0 is whatever is made first. */
  constructor({ empty = false }: { readonly empty?: boolean } = {}) {
    if (!empty) this.node("synthetic", "", { size: 0 });
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

  /**
   * The global object as Node up to 24 writes it: `object "global"` behind the root's shortcut. Made at the first call.
   * @param name what it is called then: an inspector has V8 add an origin, which Node leaves empty
   */
  global(name = "global"): NodeRow {
    if (this.#global === undefined) {
      this.#global = this.object(name);
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
      const writing = { rows: rows.of, writer, strings, options };
      for (const field of writer.nodeFields) nodes.push(nodeField(node, field, kept.length, writing));
      for (const edge of kept) {
        for (const field of writer.edgeFields) edges.push(edgeField(edge, field, writing));
      }
      if (node.at !== undefined) {
        for (const field of writer.locationFields) locations.push(locationField(node.at, field, start, writing));
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
