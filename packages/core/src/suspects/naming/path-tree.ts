import { newBytes, uint32Column } from "../../parse/columns.js";
import { INSPECTOR_LABEL } from "../../graph/devtools-handles.js";
import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { NO_EDGE, sourceOf } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { ROOT } from "../../graph/v8-roots.js";
import { EdgeType, hasNumericName, NodeType } from "../../graph/v8-types.js";
import { WeakMapEntries } from "../../graph/weak-map-entries.js";

/**
 * How much a step explains, best first. A path of eight honest steps beats one of three through a prototype, so the
 * kinds are strictly ordered: a worse one is taken only where all better ones are exhausted.
 */
const Kind = {
  /** What a program writes: variables, properties, elements, and V8's storage between them. */
  plain: 0,
  /** A WeakMap's entry, seen from its key: true, but the map has to live as well. */
  weakEntry: 1,
  /** By way of classes and code: prototypes, hidden classes, feedback. Bystanders share them. */
  type: 2,
  /** The stack, handles and tasks of whoever took the snapshot. */
  capture: 3,
  /** Caches and tables that V8 keeps for itself. */
  engine: 4,
} as const;
const WORST: number = Kind.engine;

const ROOT_KINDS: ReadonlyMap<string, number> = new Map([
  ["(Stack roots)", Kind.capture],
  ["(Handle scope)", Kind.capture],
  ["(Relocatable)", Kind.capture],
  ["(Micro tasks)", Kind.capture],
  ["(Debugger)", Kind.capture],
  ["(Internalized strings)", Kind.engine],
  ["(External strings)", Kind.engine],
  ["(Startup object cache)", Kind.engine],
  ["(Shareable object cache)", Kind.engine],
  ["(Read-only roots)", Kind.engine],
  ["(Builtins)", Kind.engine],
  ["(Compilation cache)", Kind.engine],
  ["(Code flusher)", Kind.engine],
]);

const TYPE_PROPERTIES = ["__proto__", "constructor", "prototype"];
const TYPE_FIELDS = [
  "map",
  "shared",
  "code",
  "feedback_cell",
  "initial_map",
  "constructor",
  "prototype",
  "current_microtask",
];

/**
 * The best paths from the root: breadth first within a kind of step, kinds in order. Searches only as far as it is
 * asked: a holder is seldom among what only the worst steps lead to.
 */
export class PathTree {
  readonly #graph: HeapGraph;
  readonly #kinds: StepKinds;
  readonly #reachedBy: Uint32Array; // node that is seen -> edge it is reached by; of others nothing is written
  readonly #seen: Uint8Array; // node -> 1 if it is in `order`
  readonly #order: Uint32Array;
  #found = 1;
  // The next node of `order` to go on from, over steps of this kind and better ones.
  #next = 0;
  #worst = 0;

  constructor({ graph }: HeapAnalysis) {
    this.#graph = graph;
    this.#kinds = new StepKinds(graph);
    this.#reachedBy = uint32Column(graph.nodeCount);
    this.#order = uint32Column(graph.nodeCount);
    this.#seen = newBytes(graph.nodeCount);
    this.#order[0] = ROOT;
    this.#seen[ROOT] = 1;
    this.#reachedBy[ROOT] = NO_EDGE;
  }

  /** The edge that the best path to a node ends with; NO_EDGE for the root and what cannot be reached. */
  edgeTo(node: NodeIndex): EdgeIndex {
    this.#searchTo(node);
    return this.#seen[node] === 1 ? this.#reachedBy[node]! : NO_EDGE;
  }

  #searchTo(wanted: NodeIndex): void {
    const { nodeCount, firstEdge, edgeTarget } = this.#graph;
    const [kinds, reachedBy, seen, order] = [this.#kinds, this.#reachedBy, this.#seen, this.#order];
    let found = this.#found;
    while (seen[wanted] === 0 && found < nodeCount) {
      if (this.#next === found) {
        if (this.#worst === WORST) break;
        this.#worst++;
        this.#next = 0;
      }
      const node = order[this.#next++]!;
      const end = firstEdge[node + 1]!;
      for (let edge = firstEdgeOf(this.#graph, node); edge < end; edge++) {
        const target = edgeTarget[edge]!;
        if (seen[target] === 1 || kinds.of(node, edge) > this.#worst) continue;
        seen[target] = 1;
        reachedBy[target] = edge;
        order[found++] = target;
      }
    }
    this.#found = found;
  }
}

class StepKinds {
  readonly #graph: HeapGraph;
  readonly #entries: WeakMapEntries;
  readonly #properties: ReadonlySet<number>;
  readonly #fields: ReadonlySet<number>;

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#entries = new WeakMapEntries(graph);
    this.#properties = new Set(TYPE_PROPERTIES.map((name) => graph.strings.indexOf(name)));
    this.#fields = new Set(TYPE_FIELDS.map((name) => graph.strings.indexOf(name)));
  }

  /**
   * A function that is being optimised is held by the job that does it, as `N / IdentityMapBase` of the strong roots;
   * and what a page wrote to the console, or a driving tool has a handle of, by the inspector.
   */
  #isOfCapture(edgeName: number, type: number): boolean {
    if (hasNumericName(type)) return false;
    const name = this.#graph.strings.text(edgeName);
    return name.endsWith(" / IdentityMapBase") || name.endsWith(INSPECTOR_LABEL);
  }

  /** The kind of step that an edge is; above WORST for what is no step at all. */
  of(node: NodeIndex, edge: EdgeIndex): number {
    const { nodeType, edgeType, edgeName, edgeTarget, strings, nodeName } = this.#graph;
    const type = edgeType[edge]!;
    if (type === EdgeType.weak || type === EdgeType.invisible) return WORST + 1;
    if (type === EdgeType.shortcut && node !== ROOT) return WORST + 1;
    const target = edgeTarget[edge]!;
    if (nodeType[node] === NodeType.synthetic && nodeType[target] === NodeType.synthetic)
      return ROOT_KINDS.get(strings.text(nodeName[target]!)) ?? Kind.plain;
    if (nodeType[node] === NodeType.synthetic && this.#isOfCapture(edgeName[edge]!, type)) return Kind.capture;
    if (nodeType[node] === NodeType.code || nodeType[node] === NodeType.shape) return Kind.type;
    const name = edgeName[edge]!;
    if (type === EdgeType.property) return this.#properties.has(name) ? Kind.type : Kind.plain;
    if (type !== EdgeType.internal) return Kind.plain;
    if (this.#fields.has(name)) return Kind.type;
    if (!this.#entries.isEntry(name)) return Kind.plain;
    return nodeType[node] === NodeType.array && this.#entries.isTableSide(node, name) ? WORST + 1 : Kind.weakEntry;
  }
}

/** The edges from the root to a node, in order; empty for the root and for what cannot be reached. */
export function pathEdges(graph: HeapGraph, tree: PathTree, node: NodeIndex): EdgeIndex[] {
  const edges: EdgeIndex[] = [];
  for (let at = node; at !== ROOT && at !== NO_NODE;) {
    const edge = tree.edgeTo(at);
    if (edge === NO_EDGE) return [];
    edges.push(edge);
    at = sourceOf(graph, edge);
  }
  return edges.reverse();
}
