import type { HeapGraph, NodeIndex } from "./heap-graph.js";

const BEFORE_KEY = " / part of key (";
const BEFORE_TABLE_ID = " pair in WeakMap (table @";

/**
 * Recognises V8's edges for WeakMap entries. V8 writes the same text on an edge from the key and on one from the
 * table, with the table's id at its end (heap-snapshot-generator.cc, CreateEphemeronEdges).
 */
export class WeakMapEntries {
  readonly #graph: HeapGraph;
  readonly #tableOf = new Map<number, number>(); // edge name -> id of the table it names; 0: no entry; -1: cannot tell which

  constructor(graph: HeapGraph) {
    this.#graph = graph;
  }

  /** True for an internal edge with this name that is part of a WeakMap entry, seen from either side. */
  isEntry(edgeName: number): boolean {
    return this.#tableId(edgeName) !== 0;
  }

  /** True if an internal edge with this name, starting at an `array` node, is the table's side of an entry. */
  isTableSide(node: NodeIndex, edgeName: number): boolean {
    const table = this.#tableId(edgeName);
    return table === this.#graph.nodeId[node] || table === -1;
  }

  #tableId(edgeName: number): number {
    let id = this.#tableOf.get(edgeName);
    if (id === undefined) {
      id = tableIdIn(this.#graph.strings.text(edgeName));
      this.#tableOf.set(edgeName, id);
    }
    return id;
  }
}

// Keys and values may hold any text, so only the fixed parts of the name are looked at.
function tableIdIn(text: string): number {
  if (!text.endsWith(")") || !text.includes(BEFORE_KEY)) return 0;
  const at = text.lastIndexOf(BEFORE_TABLE_ID);
  if (at < 0) return 0;
  const id = text.slice(at + BEFORE_TABLE_ID.length, -1);
  // V8 writes its format string as it stands when an entry's text is too long. Keys are never of type `array`.
  if (id === "%u") return -1;
  return /^\d{1,10}$/.test(id) ? Number(id) : 0;
}
