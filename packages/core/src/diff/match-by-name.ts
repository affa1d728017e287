import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE, type HeapGraph, type NodeIndex } from "../graph/heap-graph.js";
import { isContext } from "../graph/v8-names.js";
import { isProxy } from "../graph/v8-proxies.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import { tableIdIn } from "../graph/weak-map-entries.js";
import { globalObject, modulePlaces, onlyOfTheirClass, pairByFile, pairByName, soleFunctions } from "./named-places.js";

/** Steps back in which a name may not come again: what repeats is a linked list, and its links are entries. */
const LONGEST_LINK = 8;

/**
 * Pairs the objects of two processes, whose ids say nothing, by what the program calls them: from the globals, the
 * modules and the functions there is one of, along variables and properties of the same name to objects of the same
 * class. What only has a place among others (elements of arrays, entries of Maps, links of lists) is paired with
 * nothing, so that it counts as what its holder holds. Weaker than ids: an object under an old name may be a new one.
 * @returns node of `later` -> node of `earlier`, or NO_NODE; no node is given twice
 */
export function matchByName(earlier: HeapAnalysis, later: HeapAnalysis): Uint32Array {
  const pairs = new Pairs(earlier.graph, later.graph);
  pairs.begin(0, 0);
  pairs.begin(globalObject(earlier.graph), globalObject(later.graph));
  for (const [old, node] of pairByFile(modulePlaces(earlier), modulePlaces(later))) pairs.begin(old, node);
  pairs.spread();
  for (const [old, node] of pairByFile(soleFunctions(earlier.graph), soleFunctions(later.graph))) pairs.add(old, node);
  pairs.spread();
  for (const [old, node] of pairByName(onlyOfTheirClass(earlier.graph), onlyOfTheirClass(later.graph)))
    pairs.add(old, node);
  pairs.spread();
  return pairs.withoutLinks();
}

/** Pairs found so far, in the order they were found, and what is still to be followed from them. */
class Pairs {
  readonly match: Uint32Array; // node of the later heap -> node of the earlier one, or NO_NODE
  readonly #earlier: HeapGraph;
  readonly #later: HeapGraph;
  readonly #names: [PlaceNames, PlaceNames];
  readonly #taken: Uint8Array; // node of the earlier heap -> 1 if it is paired
  readonly #found: NodeIndex[] = []; // pair -> node of the later heap
  readonly #parent: number[] = []; // pair -> the pair it was found from, or -1
  readonly #step: number[] = []; // pair -> key of the edge it was found by, or -1
  readonly #targets = new Map<number, NodeIndex>(); // of the pair that is followed: key of an edge -> earlier target
  readonly #links: number[] = []; // pairs that turned out to be links of a list
  #next = 0;

  constructor(earlier: HeapGraph, later: HeapGraph) {
    this.#earlier = earlier;
    this.#later = later;
    this.#names = [new PlaceNames(earlier), new PlaceNames(later)];
    this.match = new Uint32Array(later.nodeCount).fill(NO_NODE);
    this.#taken = new Uint8Array(earlier.nodeCount);
  }

  /** A pair that is certain, whatever V8 calls the two. */
  begin(old: NodeIndex, node: NodeIndex): void {
    if (old !== NO_NODE && node !== NO_NODE && this.#isFree(old, node)) this.#push(old, node, -1, -1);
  }

  /** A pair, if both are of one class and neither has another partner. */
  add(old: NodeIndex, node: NodeIndex): void {
    if (this.#isFree(old, node) && this.#areAlike(old, node)) this.#push(old, node, -1, -1);
  }

  /** Follows what has been found to all that can be told by name: breadth first, so that the shortest name counts. */
  spread(): void {
    for (; this.#next < this.#found.length; this.#next++) {
      const node = this.#found[this.#next]!;
      this.#follow(this.match[node]!, node);
    }
  }

  #follow(old: NodeIndex, node: NodeIndex): void {
    const [before, after] = this.#names;
    const targets = this.#targets;
    targets.clear();
    for (let edge = this.#earlier.firstEdge[old]!; edge < this.#earlier.firstEdge[old + 1]!; edge++) {
      const key = before.key(old, edge);
      if (key >= 0 && !targets.has(key)) targets.set(key, this.#earlier.edgeTarget[edge]!);
    }
    if (targets.size === 0) return;
    for (let edge = this.#later.firstEdge[node]!; edge < this.#later.firstEdge[node + 1]!; edge++) {
      const key = after.key(node, edge);
      const partner = key < 0 ? undefined : targets.get(key);
      if (partner === undefined) continue;
      const target = this.#later.edgeTarget[edge]!;
      if (!this.#isFree(partner, target) || !this.#areAlike(partner, target)) continue;
      const before = this.#sameStepBefore(target, key);
      if (before < 0) this.#push(partner, target, this.#next, key);
      else this.#markLinks(before);
    }
  }

  #isFree(old: NodeIndex, node: NodeIndex): boolean {
    return this.#taken[old] === 0 && this.match[node] === NO_NODE;
  }

  #areAlike(old: NodeIndex, node: NodeIndex): boolean {
    const type = this.#later.nodeType[node]!;
    if (this.#earlier.nodeType[old] !== type || !isPlace(type)) return false;
    return this.#hashOf(this.#earlier, old) === this.#hashOf(this.#later, node);
  }

  #hashOf(graph: HeapGraph, node: NodeIndex): number {
    // V8 15 adds an id to the name of a Context.
    return isContext(graph, node) ? 0 : graph.strings.hash(graph.nodeName[node]!);
  }

  /** The pair that one of the last steps led to, if it had the same name and led to the same class; else -1. */
  #sameStepBefore(target: NodeIndex, key: number): number {
    const { nodeName } = this.#later;
    let at = isWritten(key) ? this.#next : -1;
    for (let back = 0; back < LONGEST_LINK && at >= 0; back++, at = this.#parent[at]!)
      if (this.#step[at] === key && nodeName[this.#found[at]!] === nodeName[target]) return at;
    return -1;
  }

  /** `newest.older.older`: what is followed now is a link like the one from which the first `older` led on. */
  #markLinks(first: number): void {
    const { nodeName } = this.#later;
    const head = this.#parent[first]!;
    if (nodeName[this.#found[head]!] !== nodeName[this.#found[this.#next]!]) return;
    if (this.#parent[head]! >= 0) this.#links.push(head);
    for (let at = this.#next; at !== head; at = this.#parent[at]!) this.#links.push(at);
  }

  /** All pairs but those that are links of a list: which of them is which cannot be told. */
  withoutLinks(): Uint32Array {
    for (const pair of this.#links) this.match[this.#found[pair]!] = NO_NODE;
    return this.match;
  }

  #push(old: NodeIndex, node: NodeIndex, parent: number, step: number): void {
    this.match[node] = old;
    this.#taken[old] = 1;
    this.#found.push(node);
    this.#parent.push(parent);
    this.#step.push(step);
  }
}

/** What can have a name that lasts. Texts and numbers are values; code and hidden classes are V8's. */
function isPlace(type: number): boolean {
  return (
    type === NodeType.object ||
    type === NodeType.closure ||
    type === NodeType.hidden ||
    type === NodeType.native ||
    type === NodeType.regexp
  );
}

const KINDS = 8;
const UNSEEN = 0;
const IS_NAME = 1;
const IS_NUMBER = 2;

/** True for what a program writes: properties and variables. */
function isWritten(key: number): boolean {
  const type = key % KINDS;
  return type === EdgeType.property || type === EdgeType.context;
}

/** Node's rings of timers: as in all lists, the links are entries. */
const LINK_NAMES = ["_idleNext", "_idlePrev"];

/** What edges are called, in words that are the same in every heap: a number for each, equal for equal names. */
class PlaceNames {
  readonly #graph: HeapGraph;
  readonly #verdict: Uint8Array; // StringIndex -> UNSEEN, or what it is as the name of an internal edge
  readonly #array: number; // StringIndex
  readonly #links: ReadonlySet<number>; // StringIndex of each

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#verdict = new Uint8Array(graph.strings.length);
    this.#array = graph.strings.indexOf("Array");
    this.#links = new Set(LINK_NAMES.map((name) => graph.strings.indexOf(name)));
  }

  /** Key of an edge that names its target; -1 for all others: those that number it, and references that are weak. */
  key(from: NodeIndex, edge: number): number {
    const { edgeType, edgeName, strings, nodeType } = this.#graph;
    const type = edgeType[edge]!;
    const name = edgeName[edge]!;
    switch (type) {
      case EdgeType.property:
      case EdgeType.context:
        return this.#links.has(name) ? -1 : strings.hash(name) * KINDS + type;
      case EdgeType.internal:
        // The fields of V8's arrays are slots.
        return nodeType[from] !== NodeType.array && this.#isName(name) ? strings.hash(name) * KINDS + type : -1;
      case EdgeType.element:
        // Keys that are numbers, of an object used as a dictionary.
        return this.#isArray(from) ? -1 : name * KINDS + type;
      case EdgeType.hidden:
        return this.#hasSlots(from) ? name * KINDS + type : -1;
      default:
        return -1;
    }
  }

  #isArray(node: NodeIndex): boolean {
    return this.#graph.nodeType[node] !== NodeType.object || this.#graph.nodeName[node] === this.#array;
  }

  /** Blocks have their variables in numbered slots, in the order they are written; proxies what they stand for. */
  #hasSlots(node: NodeIndex): boolean {
    return isContext(this.#graph, node) || isProxy(this.#graph, node);
  }

  #isName(name: number): boolean {
    if (this.#verdict[name] === UNSEEN) {
      const text = this.#graph.strings.text(name);
      this.#verdict[name] = /^\d/.test(text) || tableIdIn(text) !== 0 ? IS_NUMBER : IS_NAME;
    }
    return this.#verdict[name] === IS_NAME;
  }
}
