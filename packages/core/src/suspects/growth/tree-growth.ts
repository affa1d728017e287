import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { edgeTo, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isOfSameClass } from "../../graph/same-class.js";
import { isContext, nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { isGlobalObject } from "../naming/anchors.js";
import type { Gains } from "./gains.js";
import { type Chain, chainLength } from "./chains.js";
import { lastNode, survivorAbove } from "./survivor-tree.js";

/** A list, a tree or a table of lists that grows at its ends: there nobody grows twice, all of them together do. */
export interface TreeGrowth {
  /** What holds the tree, or its topmost object where that is nothing of the program's. */
  readonly holder: SurvivorIndex;
  readonly top: SurvivorIndex;
  /** The objects of the tree that changed, the one that grew most first. */
  readonly members: readonly SurvivorIndex[];
}

/** Share of the growth that adds objects of its own class to the tree, below others of that class. */
const OWN_KIND = 0.5;
/** Objects between two of one class in a tree, as the Map or the Array of its children. */
const BETWEEN = 2;

const PLAIN = "Object";
/** Found inside each other everywhere; what they belong to tells more, or that two are of one literal. */
const ORDINARY = new Set([PLAIN, "Array", "Map", "Set"]);

/**
 * Finds growth at the ends of structures of alike objects that live in all snapshots.
 * @param floor growth in bytes, over all intervals, below which nothing is reported
 */
export function treeGrowth(growth: HolderGrowth, gains: Gains, floor: number): TreeGrowth[] {
  const { survivors, bytes } = gains;
  const tops = new TreeTops(growth);
  const grown = states(growth, gains, tops);
  const trees = new Map<string, { top: SurvivorIndex; rows: number[]; itself: number; total: number; risen: number }>();
  for (const [row, survivor] of survivors.entries()) {
    const gain = survivor === 0 ? 0 : bytes[row]!;
    const member = gain === 0 ? NO_SURVIVOR : tops.recordOf(survivor);
    if (member === NO_SURVIVOR) continue;
    const top = tops.of(member);
    const structure = tops.structureOf(top);
    let tree = trees.get(structure);
    if (tree === undefined) trees.set(structure, (tree = { top, rows: [], itself: 0, total: 0, risen: 0 }));
    tree.rows.push(row);
    tree.total += gain;
    tree.risen += Math.max(gain, 0);
    if (top !== member && grown[survivor] === EXTENDED) tree.itself += gain;
  }
  const found: TreeGrowth[] = [];
  for (const { top, rows, itself, total, risen } of trees.values()) {
    if (total < floor || itself < risen * OWN_KIND) continue;
    rows.sort((a, b) => bytes[b]! - bytes[a]!);
    found.push({ holder: tops.holderOf(top), top, members: rows.map((row) => survivors[row]!) });
  }
  return found;
}

const GROWN = 1;
/** What it gained are objects of the class that it is of, or belongs to. */
const EXTENDED = 2;

/** survivor -> GROWN, EXTENDED, or 0 */
function states(growth: HolderGrowth, { survivors, bytes }: Gains, tops: TreeTops): Uint8Array {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const states = new Uint8Array(growth.survivors.count);
  for (let row = 0; row < bytes.length; row++) if (bytes[row]! > 0) states[survivors[row]!] = GROWN;
  let asked = NO_SURVIVOR; // most members come with others of the same survivor
  let record = NO_SURVIVOR;
  let shape: NodeIndex = NO_NODE;
  for (let row = 0; row < cut.members.length; row++) {
    const survivor = cut.regionAt(row);
    if (states[survivor] !== GROWN) continue;
    if (survivor !== asked) {
      record = tops.recordOf((asked = survivor));
      shape = record === NO_SURVIVOR ? NO_NODE : shapeOfPlain(graph, lastNode(growth, record));
    }
    if (record === NO_SURVIVOR) continue;
    if (isOfOneMake(graph, lastNode(growth, record), cut.members[row]!, shape)) states[survivor] = EXTENDED;
  }
  return states;
}

/** The hidden class of an object without a class, by which those of one literal are known; NO_NODE of any other. */
function shapeOfPlain(graph: HeapGraph, node: NodeIndex): NodeIndex {
  return nodeText(graph, node) === PLAIN ? internalField(graph, node, "map") : NO_NODE;
}

/**
 * True for two objects of one class, or of one literal: as `isAlike` of chains, but for many others of one, whose hidden
 * class is looked for once, as it may be the last of a million edges.
 */
function isOfOneMake(graph: HeapGraph, one: NodeIndex, other: NodeIndex, shape = shapeOfPlain(graph, one)): boolean {
  return isOfSameClass(graph, one, other) && (shape === NO_NODE || edgeTo(graph, other, shape) !== NO_EDGE);
}

/**
 * False for a tree that looks like a list, as it does where most keys came in order: of its objects that are new, few
 * are links of the longest way down, so that their number says nothing of its growth.
 */
export function isAllInOneList(
  growth: HolderGrowth,
  { top, members }: TreeGrowth,
  { nodes, chain }: { readonly nodes: readonly NodeIndex[]; readonly chain: Chain },
): boolean {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const link = lastNode(growth, top);
  const cut = growth.cuts[last]!;
  const grown = new Set(members);
  const shape = shapeOfPlain(graph, link);
  const isNewLink = (node: NodeIndex): boolean =>
    grown.has(cut.regionOf(node)) && isOfOneMake(graph, link, node, shape);
  const born = cut.members.reduce((count, node) => count + Number(isNewLink(node)), 0);
  const [before, after] = [0, last].map((snapshot) => chainLength(growth.heaps[snapshot]!, nodes[snapshot]!, chain));
  return after! - before! >= born * OWN_KIND;
}

/** Finds for any object the topmost of its tree. */
class TreeTops {
  readonly #growth: HolderGrowth;
  readonly #top: Uint32Array; // survivor -> topmost survivor of its tree + 1, or 0 where nobody asked

  constructor(growth: HolderGrowth) {
    this.#growth = growth;
    this.#top = new Uint32Array(growth.survivors.count); // the system gives memory to the few that are asked for only
  }

  /** The object of a class that a survivor is or belongs to. */
  recordOf(survivor: SurvivorIndex): SurvivorIndex {
    let at = survivor;
    for (let step = 0; step <= BETWEEN && at !== NO_SURVIVOR; step++, at = survivorAbove(this.#growth, at))
      if (this.#isRecord(at)) return at;
    return NO_SURVIVOR;
  }

  /** The topmost object that is reached over objects of the same class. */
  of(record: SurvivorIndex): SurvivorIndex {
    const way: SurvivorIndex[] = [];
    let at = record;
    while (this.#top[at] === 0) {
      way.push(at);
      this.#top[at] = at + 1; // where growth is credited to what it dominates, the way leads back to itself
      const above = this.#above(at);
      if (above === NO_SURVIVOR) break;
      at = above;
    }
    const top = this.#top[at]! - 1;
    for (const each of way) this.#top[each] = top + 1;
    return top;
  }

  /** What refers to the topmost object alone; itself where that is the global object or nothing of the program's. */
  holderOf(top: SurvivorIndex): SurvivorIndex {
    const { graph } = this.#lastHeap;
    const holder = survivorAbove(this.#growth, top);
    if (holder === NO_SURVIVOR || holder === 0) return top;
    const node = lastNode(this.#growth, holder);
    if (isContext(graph, node)) return holder;
    const isObject = graph.nodeType[node] === NodeType.object || graph.nodeType[node] === NodeType.closure;
    return isObject && !isGlobalObject(this.#lastHeap, node) ? holder : top;
  }

  /** Names the structure: all trees of one class in one container, as the buckets of a table, are one. */
  structureOf(top: SurvivorIndex): string {
    const holder = this.holderOf(top);
    const { graph } = this.#lastHeap;
    const isTable = holder !== top && ORDINARY.has(nodeText(graph, lastNode(this.#growth, holder)));
    return isTable ? `${holder} ${graph.nodeName[lastNode(this.#growth, top)]}` : `${top}`;
  }

  #above(record: SurvivorIndex): SurvivorIndex {
    let at = survivorAbove(this.#growth, record);
    for (let step = 0; step <= BETWEEN && at !== NO_SURVIVOR; step++, at = survivorAbove(this.#growth, at))
      if (this.#isSameClass(at, record)) return at;
    return NO_SURVIVOR;
  }

  #isSameClass(one: SurvivorIndex, other: SurvivorIndex): boolean {
    return isOfOneMake(this.#lastHeap.graph, lastNode(this.#growth, one), lastNode(this.#growth, other));
  }

  #isRecord(survivor: SurvivorIndex): boolean {
    const { graph } = this.#lastHeap;
    const node = lastNode(this.#growth, survivor);
    if (graph.nodeType[node] !== NodeType.object || isContext(graph, node)) return false;
    return !ORDINARY.has(nodeText(graph, node)) || shapeOfPlain(graph, node) !== NO_NODE;
  }

  get #lastHeap(): HolderGrowth["heaps"][number] {
    return this.#growth.heaps[this.#growth.heaps.length - 1]!;
  }
}
