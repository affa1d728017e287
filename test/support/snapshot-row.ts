import type { LayoutOptions, Writer } from "./snapshot-text.js";

// The numbers of one row of a snapshot file, field by field.

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

export interface BuiltNode {
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

export interface BuiltEdge {
  readonly type: string;
  readonly name: string | number;
  readonly to: NodeRow;
}

/** Texts in the order of their first use, after V8's dummy; with duplicates, every use gets an index of its own. */
export class Strings {
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

/** What the numbers of a row depend on. */
export interface Writing {
  /** Row of the builder -> row in the file. */
  readonly rows: readonly number[];
  readonly writer: Writer;
  readonly strings: Strings;
  readonly options: LayoutOptions;
}

export function nodeField(node: BuiltNode, field: string, edgeCount: number, { writer, strings }: Writing): number {
  if (field === "type") return typeNumber(writer.nodeTypes, node.type);
  if (field === "name") return strings.index(node.name);
  if (field === "id") return node.id;
  if (field === "self_size") return node.size;
  if (field === "edge_count") return edgeCount;
  if (field === "detachedness") return node.detachedness;
  return node.extra[field] ?? 0;
}

export function edgeField(edge: BuiltEdge, field: string, { rows, writer, strings, options }: Writing): number {
  if (field === "type") return typeNumber(writer.edgeTypes, edge.type);
  if (field === "to_node") return (rows[edge.to] ?? 0) * writer.nodeFields.length;
  if (field !== "name_or_index") return 0;
  if (typeof edge.name === "string") return strings.index(edge.name);
  return options.negativeIndexes === true && edge.name < 2 ** 32 ? edge.name | 0 : edge.name;
}

export function locationField(place: Place, field: string, nodeStart: number, { rows, writer }: Writing): number {
  if (field === "object_index") return nodeStart;
  if (field === "script_id") return place.scriptId;
  if (field === "script_object_index") return (rows[place.script ?? 0] ?? 0) * writer.nodeFields.length;
  if (field === "line") return place.line;
  if (field === "column") return place.column;
  return 0;
}

function typeNumber(types: readonly string[], type: string): number {
  const number = types.indexOf(type);
  if (number < 0) throw new RangeError(`this writer has no type "${type}"`);
  return number;
}
