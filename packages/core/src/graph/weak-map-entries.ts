import { type Where, newBytes } from "../parse/columns.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex, type StringIndex } from "./heap-graph.js";
import { EdgeType, NodeType } from "./v8-types.js";

const BEFORE_KEY = " / part of key (";
const BEFORE_TABLE_ID = " pair in WeakMap (table @";

// What `tableIdIn` says of names that name no table. Ids are never below 1.
const NO_ENTRY = 0;
const UNKNOWN_TABLE = -1;

const UNSEEN = 0;
const IS_ENTRY = 1;
const IS_NOT = 2;

// What was found out about the names of a heap, for whoever asks next: each name is decoded once, and a table of
// a million slots has a million names.
const verdicts = new WeakMap<HeapGraph, Uint8Array>(); // heap -> column: StringIndex -> UNSEEN, IS_ENTRY or IS_NOT

/**
 * Recognises V8's edges for WeakMap entries. V8 writes the same text on an edge from the key and on one from the
 * table, each with a counter of its own before it and the table's id at its end (heap-snapshot-generator.cc,
 * CreateEphemeronEdges). All questions are about the names of internal edges.
 */
export class WeakMapEntries {
  readonly #graph: HeapGraph;
  readonly #verdict: Uint8Array; // StringIndex -> UNSEEN, IS_ENTRY or IS_NOT

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#verdict = verdicts.get(graph) ?? new Uint8Array(graph.strings.length);
    verdicts.set(graph, this.#verdict);
  }

  /** True for an internal edge with this name that is part of a WeakMap entry, seen from either side. */
  isEntry(edgeName: StringIndex): boolean {
    let verdict = this.#verdict[edgeName]!;
    if (verdict === UNSEEN) {
      const { strings } = this.#graph;
      const isEntry = !strings.isNumber(edgeName) && tableIdIn(strings.text(edgeName)) !== NO_ENTRY;
      verdict = isEntry ? IS_ENTRY : IS_NOT;
      this.#verdict[edgeName] = verdict;
    }
    return verdict === IS_ENTRY;
  }

  /** What V8 calls the key of an entry, without its id. */
  keyName(edgeName: StringIndex): string {
    const text = this.#graph.strings.text(edgeName);
    const from = text.indexOf(BEFORE_KEY) + BEFORE_KEY.length;
    return text.slice(from, text.indexOf(" @", from));
  }

  /** V8's id of the key of an entry; NaN where its text does not say. */
  keyId(edgeName: StringIndex): number {
    const text = this.#graph.strings.text(edgeName);
    return Number(/^\d+/.exec(text.slice(text.indexOf(" @", text.indexOf(BEFORE_KEY)) + 2))?.[0] ?? NaN);
  }

  /** True if an internal edge with this name, starting at an `array` node, is the table's side of an entry. */
  isTableSide(node: NodeIndex, edgeName: StringIndex): boolean {
    if (!this.isEntry(edgeName)) return false;
    const table = tableIdIn(this.#graph.strings.text(edgeName));
    return table === this.#graph.nodeId[node] || table === UNKNOWN_TABLE;
  }

  /**
   * What the two edges of one entry have in common and no other edges have.
   * @param edgeName name of an edge that is part of an entry
   * @param target where it leads
   */
  entryText(edgeName: StringIndex, target: NodeIndex): string {
    const text = this.#graph.strings.text(edgeName);
    // The target tells entries apart whose text V8 has not filled in.
    return `${target}${text.slice(text.indexOf(BEFORE_KEY))}`;
  }
}

/**
 * Which names may be those of entries; null if there is none. Far quicker than to ask for one name after the other.
 * @param where the column lies
 * @returns StringIndex -> 1 if it may
 */
export function namesOfEntries({ strings }: HeapGraph, where: Where): Uint8Array | null {
  const found = strings.withPart(BEFORE_TABLE_ID);
  if (found.length === 0) return null;
  const names = newBytes(strings.length, where);
  for (const index of found) names[index] = 1;
  return names;
}

/**
 * V8's id of the table that the name of an internal edge speaks of; 0: it is no entry; -1: of an entry, but the name
 * does not say of which table. Keys and values may hold any text, so only the fixed parts are looked at.
 */
export function tableIdIn(text: string): number {
  if (!text.endsWith(")")) return NO_ENTRY;
  const counter = text.indexOf(BEFORE_KEY);
  const at = text.lastIndexOf(BEFORE_TABLE_ID);
  if (counter < 0 || at < counter || !/^\d+$/.test(text.slice(0, counter))) return NO_ENTRY;
  const id = text.slice(at + BEFORE_TABLE_ID.length, -1);
  // V8 writes its format string as it stands when an entry's text is too long. Keys are never of type `array`.
  if (id === "%u") return UNKNOWN_TABLE;
  return /^\d{1,10}$/.test(id) ? Number(id) : NO_ENTRY;
}

/** The table of the WeakMap that an edge is part of an entry of, by its name; NO_NODE of any other edge. */
export function tableOfEntry(graph: HeapGraph, edge: EdgeIndex): NodeIndex {
  if (graph.edgeType[edge] !== EdgeType.internal) return NO_NODE;
  const id = tableIdIn(graph.strings.text(graph.edgeName[edge]!));
  const table = id > 0 ? graph.nodeId.indexOf(id) : -1;
  return table >= 0 && graph.nodeType[table] === NodeType.array ? table : NO_NODE;
}
