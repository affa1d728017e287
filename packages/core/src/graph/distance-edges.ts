import type { EdgeIndex, HeapGraph, NodeIndex } from "./heap-graph.js";
import { EdgeType, NodeType, hasNumericName } from "./v8-types.js";
import { WeakMapEntries } from "./weak-map-entries.js";

/**
 * Which edges count as a step when distances are measured. Not among them (rules and reasons are DevTools'):
 * - weak edges;
 * - the first edge that leads to the value of a WeakMap entry: key and table keep it together, so the farther of the
 *   two decides, which is the second that a search by growing distance comes to;
 * - a native context's `sloppy_function_map`, and of arrays of map descriptors what old V8 shared between classes:
 *   both lead from anywhere to functions that have nothing to do with it.
 */
export class DistanceEdges {
  readonly #graph: HeapGraph;
  readonly #entries: WeakMapEntries;
  readonly #halfReached = new Set<string>(); // WeakMap entries of which one edge has been asked for
  readonly #nativeContext: number;
  readonly #sloppyFunctionMap: number;
  readonly #mapDescriptors: number;

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#entries = new WeakMapEntries(graph);
    this.#nativeContext = graph.strings.indexOf("system / NativeContext");
    this.#sloppyFunctionMap = graph.strings.indexOf("sloppy_function_map");
    this.#mapDescriptors = graph.strings.indexOf("(map descriptors)");
  }

  /** Is the edge a step? To be asked once for each edge, in the order of the search: the answers depend on it. */
  counts(node: NodeIndex, edge: EdgeIndex): boolean {
    const { nodeType, nodeName, edgeType, edgeName, edgeTarget } = this.#graph;
    const type = edgeType[edge]!;
    if (type === EdgeType.weak) return false;
    const name = edgeName[edge]!;
    const from = nodeType[node]!;
    if (from === NodeType.hidden && nodeName[node] === this.#nativeContext)
      if (name === this.#sloppyFunctionMap && !hasNumericName(type)) return false;
    if (from === NodeType.array && nodeName[node] === this.#mapDescriptors) return this.#isOwnDescriptor(type, name);
    if (type !== EdgeType.internal || !this.#entries.isEntry(name)) return true;
    const entry = this.#entries.entryText(name, edgeTarget[edge]!);
    if (this.#halfReached.delete(entry)) return true;
    this.#halfReached.add(entry);
    return false;
  }

  // Slots 2, 5, 8 ... hold the keys, 3, 6, 9 ... their details, 4, 7, 10 ... the values.
  #isOwnDescriptor(type: number, name: number): boolean {
    const slot = hasNumericName(type) ? name : Number.parseInt(this.#graph.strings.text(name), 10);
    return slot < 2 || slot % 3 !== 1;
  }
}
