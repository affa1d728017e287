import { quoted } from "./json-bytes.js";
import { type ReadingPlace, fault } from "./reading-place.js";

/** The `snapshot` section: which numbers a row has, what they are called, how many rows there should be. */
export interface SnapshotHeader {
  /** Rows the section should have; null: the writer does not say. Never trusted for an allocation. */
  readonly nodeCount: number | null;
  readonly edgeCount: number | null;
  /** Bytes. */
  readonly extraNativeBytes: number;
  readonly hasAllocationTrace: boolean;
  readonly nodeTypeNames: readonly string[];
  readonly edgeTypeNames: readonly string[];
  readonly node: NodeFields;
  readonly edge: EdgeFields;
  /** null: the writer has no locations. */
  readonly location: LocationFields | null;
}

/** Numbers of a row, and the place of each field in it. Fields that nobody knows are passed over. */
export interface NodeFields {
  readonly stride: number;
  readonly type: number;
  readonly name: number;
  readonly id: number;
  readonly selfSize: number;
  readonly edgeCount: number;
  /** -1: the writer has no such field. */
  readonly detachedness: number;
}
export interface EdgeFields {
  readonly stride: number;
  readonly type: number;
  readonly nameOrIndex: number;
  readonly toNode: number;
}
export interface LocationFields {
  readonly stride: number;
  readonly objectIndex: number;
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

/** V8 has 7 at most; a row must fit into a block of numbers. */
const MOST_FIELDS = 256;
/** Types are kept in a byte. */
const MOST_TYPES = 256;

type Json = { readonly [key: string]: unknown };

/** Reads the text of the `snapshot` section. @throws SnapshotError where rows could not be understood with it */
export function readHeader(text: string, place: ReadingPlace): SnapshotHeader {
  const wrong = (what: string) =>
    fault("bad-meta", place.file, `has a header that cannot be used: ${what}`, "it may come from a tool other than V8");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong("it is not JSON");
  }
  const header = new HeaderPart(parsed, "snapshot", wrong);
  const meta = header.part("meta");
  return {
    nodeCount: header.rows("node_count"),
    edgeCount: header.rows("edge_count"),
    extraNativeBytes: header.count("extra_native_bytes") ?? 0,
    hasAllocationTrace: (header.count("trace_function_count") ?? 0) > 0,
    nodeTypeNames: meta.types("node_types"),
    edgeTypeNames: meta.types("edge_types"),
    node: {
      stride: meta.names("node_fields").length,
      type: meta.field("node_fields", "type"),
      name: meta.field("node_fields", "name"),
      id: meta.field("node_fields", "id"),
      selfSize: meta.field("node_fields", "self_size"),
      edgeCount: meta.field("node_fields", "edge_count"),
      detachedness: meta.names("node_fields").indexOf("detachedness"),
    },
    edge: {
      stride: meta.names("edge_fields").length,
      type: meta.field("edge_fields", "type"),
      nameOrIndex: meta.field("edge_fields", "name_or_index"),
      toNode: meta.field("edge_fields", "to_node"),
    },
    location: locationFields(meta),
  };
}

function locationFields(meta: HeaderPart): LocationFields | null {
  if (!meta.has("location_fields") || meta.names("location_fields").length === 0) return null;
  return {
    stride: meta.names("location_fields").length,
    objectIndex: meta.field("location_fields", "object_index"),
    scriptId: meta.field("location_fields", "script_id"),
    line: meta.field("location_fields", "line"),
    column: meta.field("location_fields", "column"),
  };
}

/** An object of the header, asked for what it must contain. */
class HeaderPart {
  readonly #value: Json;
  readonly #name: string;
  readonly #wrong: (what: string) => Error;

  constructor(value: unknown, name: string, wrong: (what: string) => Error) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(`${name} is not an object`);
    this.#value = value as Json;
    this.#name = name;
    this.#wrong = wrong;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#value, key);
  }

  part(key: string): HeaderPart {
    return new HeaderPart(this.#own(key), `${this.#name}.${key}`, this.#wrong);
  }

  /** A number of things; null if the key is missing. */
  count(key: string): number | null {
    if (!this.has(key)) return null;
    const value = this.#own(key);
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw this.#wrong(`${this.#name}.${key} is ${inShort(value)}, which is no count`);
  }

  /**
   * Rows that there should be; null where the writer does not say. Hermes writes 0 before it knows. What V8 writes is
   * right, and tells of a piece that was lost on the way, so that everything else is held to it.
   */
  rows(key: string): number | null {
    return this.count(key) || null;
  }

  /** A list of texts, short enough for a row. */
  names(key: string): readonly string[] {
    return this.#texts(this.#own(key), key, MOST_FIELDS);
  }

  /** The first entry of `node_types` or `edge_types`. */
  types(key: string): readonly string[] {
    const lists = this.#own(key);
    return this.#texts(Array.isArray(lists) ? lists[0] : lists, `${key}[0]`, MOST_TYPES);
  }

  field(key: string, field: string): number {
    const index = this.names(key).indexOf(field);
    if (index < 0) throw this.#wrong(`${this.#name}.${key} has no "${field}"`);
    return index;
  }

  #texts(value: unknown, key: string, most: number): readonly string[] {
    const list: unknown[] = Array.isArray(value) ? value : [];
    if (!Array.isArray(value) || !list.every((entry): entry is string => typeof entry === "string")) {
      throw this.#wrong(`${this.#name}.${key} is not a list of names`);
    }
    if (list.length > most) throw this.#wrong(`${this.#name}.${key} has ${list.length} names, more than ${most}`);
    return list;
  }

  #own(key: string): unknown {
    return this.has(key) ? this.#value[key] : undefined;
  }
}

function inShort(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
