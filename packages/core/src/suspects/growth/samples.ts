import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { EngineNodes } from "../../graph/v8-engine-nodes.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isKnownToPages, isNative, wayToCallback } from "../naming/browser-nodes.js";
import { edgeOfStep } from "./chains.js";
import type { Finding } from "./finding.js";

/** A thing a container holds that is new, and the edges from the container to it. */
export interface Sample {
  readonly node: NodeIndex;
  readonly edges: readonly EdgeIndex[];
}

/** New things that are told of a finding, or asked what it holds. */
const MAX_SAMPLES = 8;
/** Edges of a container, from its last on, among which they are looked for. */
const MAX_EDGES = 20_000;
/** Steps to a new link that are told: nobody reads more. */
const MAX_STEPS = 1000;

/** A few of the new things that a container holds, in the last snapshot. */
export function samplesOf(growth: HolderGrowth, finding: Finding): Sample[] {
  if (finding.running !== null) return newestRunning(growth, finding.running);
  const heap = growth.heaps.at(-1)!;
  const { nodeName } = heap.graph;
  // Of a list whose owner keeps each link these are what is new: what one of them refers to may be another holder's.
  const isLink = ({ node }: Sample): boolean => nodeName[node] === nodeName[finding.container];
  const links = finding.chain === null ? [] : unitsHeld(growth, finding).filter(isLink);
  if (links.length > 1) return links.map((each) => called(heap, each));
  const isNew = newIn(growth, finding);
  let samples = newEntries(growth, finding, isNew);
  if (samples.length === 0) samples = newLink(growth, finding, isNew);
  if (samples.length === 0) samples = unitsHeld(growth, finding);
  // Of an entry's key and value the value tells more.
  return [...samples]
    .sort((a, b) => heap.retainedSize[b.node]! - heap.retainedSize[a.node]!)
    .map((each) => called(heap, each));
}

// What was found in whole containers, for whoever asks next: one rule after the other does, and a large one takes 2 ms.
const entriesFound = new WeakMap<HolderGrowth, Map<NodeIndex, readonly Sample[]>>();

function newEntries(growth: HolderGrowth, finding: Finding, isNew: (node: NodeIndex) => boolean): readonly Sample[] {
  const { container, only } = finding;
  const look = (): readonly Sample[] => entriesHeld(growth.heaps.at(-1)!, container, isNew);
  if (only !== null) return look();
  const known = entriesFound.get(growth) ?? new Map<NodeIndex, readonly Sample[]>();
  entriesFound.set(growth, known);
  const entries = known.get(container) ?? look();
  known.set(container, entries);
  return entries;
}

/** Tells what is new, counts for a finding, and is worth telling. */
function newIn(growth: HolderGrowth, { only }: Finding): (node: NodeIndex) => boolean {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const { graph } = heap;
  const cut = growth.cuts[last]!;
  const isLeft = growth.left?.isLeft;
  const engineNodes = new EngineNodes(heap);
  return (node) =>
    cut.survivorOf(node) === NO_SURVIVOR &&
    (only === null || only.has(cut.unitOf(node))) &&
    isLeft?.[node] !== 0 &&
    heap.owner[node] === node &&
    !isNodesHandle(graph, node) &&
    (isNative(graph, node) || !engineNodes.has(node)) &&
    heap.ownedSize[node]! > 0;
}

/**
 * Some of what a container, or the storage that it owns, refers to and `isNew` wants, from all over. Entries added last come
 * last in V8's order, and are in use still: of elements that a page keeps it shows those that it made last.
 */
export function entriesHeld(heap: HeapAnalysis, container: NodeIndex, isNew: (node: NodeIndex) => boolean): Sample[] {
  const { graph } = heap;
  const found: EdgeIndex[] = [];
  const through: EdgeIndex[] = []; // row of `found` -> the edge that leads to the storage it is in, or NO_EDGE
  const look = (from: NodeIndex, by: EdgeIndex): void => {
    const start = Math.max(firstEdgeOf(graph, from), graph.firstEdge[from + 1]! - MAX_EDGES);
    for (let edge = graph.firstEdge[from + 1]! - 1; edge >= start; edge--) {
      const target = graph.edgeTarget[edge]!;
      if (graph.edgeType[edge] === EdgeType.weak || !isNew(target) || target === container) continue;
      found.push(edge);
      through.push(by);
    }
  };
  look(container, NO_EDGE);
  for (let edge = firstEdgeOf(graph, container); edge < graph.firstEdge[container + 1]!; edge++) {
    const storage = graph.edgeTarget[edge]!;
    if (found.length >= MAX_SAMPLES) break;
    if (heap.owner[storage] === container && storage !== container) look(storage, edge);
  }
  const rows = found.length <= MAX_SAMPLES ? found.keys() : neighboursAllOver(found.length);
  return Array.from(rows, (row) => {
    const edge = found[row]!;
    const edges = through[row] === NO_EDGE ? [edge] : [through[row]!, edge];
    return { node: graph.edgeTarget[edge]!, edges };
  });
}

/** Pairs of rows, as far from each other as they can be: a Map has a key and its value side by side. */
function neighboursAllOver(count: number): number[] {
  return Array.from({ length: MAX_SAMPLES }, (_, i) => {
    const pair = Math.floor(i / 2);
    return Math.floor(((pair + 0.5) * count) / (MAX_SAMPLES / 2)) + (i % 2);
  });
}

/** Of a listener or timer of the browser's, the function that it calls: that is what the program knows. */
function called({ graph }: HeapAnalysis, sample: Sample): Sample {
  const way = isKnownToPages(graph, sample.node) ? null : wayToCallback(graph, sample.node);
  if (way === null) return sample;
  const node = graph.edgeTarget[way[way.length - 1]!]!;
  return { node, edges: sample.edges.length === 0 ? [] : [...sample.edges, ...way] };
}

/** Of a list whose first links live in all snapshots, the one that follows them. */
function newLink(growth: HolderGrowth, { chain, container }: Finding, isNew: (node: NodeIndex) => boolean): Sample[] {
  if (chain === null) return [];
  const heap = growth.heaps.at(-1)!;
  const edges: EdgeIndex[] = [];
  for (let at = container; edges.length < MAX_STEPS;) {
    for (const step of chain.steps) {
      const edge = edgeOfStep(heap.graph, at, step);
      if (edge === NO_EDGE) return [];
      edges.push(edge);
      at = heap.graph.edgeTarget[edge]!;
    }
    if (isNew(at)) return [{ node: at, edges }];
  }
  return [];
}

/** Some of the objects that V8's handles lead to and that are new. */
function newestRunning({ heaps, cuts }: HolderGrowth, handles: readonly EdgeIndex[]): Sample[] {
  const { graph } = heaps.at(-1)!;
  const cut = cuts.at(-1)!;
  return handles
    .filter((edge) => cut.unitOf(graph.edgeTarget[edge]!) !== NO_NODE)
    .slice(-MAX_SAMPLES)
    .map((edge) => ({ node: graph.edgeTarget[edge]!, edges: [edge] }));
}

/** Where the container does not refer to anything new itself: the units it was credited with. */
function unitsHeld(growth: HolderGrowth, finding: Finding): Sample[] {
  const { only } = finding;
  const units = only === null ? newestUnits(growth, finding.grown) : newestAmong(growth, only);
  return units.map((node) => ({ node, edges: [] }));
}

/** True for what Node tells of its own side of handles: that is another node in every snapshot. */
function isNodesHandle(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] !== NodeType.object && nodeText(graph, node).startsWith("Node / ");
}

function newestAmong(growth: HolderGrowth, entries: ReadonlySet<NodeIndex>): NodeIndex[] {
  const cut = growth.cuts.at(-1)!;
  return [...entries].filter((node) => cut.unitOf(node) === node).slice(-MAX_SAMPLES);
}

/** Of the newest units so many are looked at for the largest. */
const MOST_UNITS = MAX_SAMPLES * 8;

/** Some of the newest units that hang on a survivor in the last snapshot, largest first. */
export function newestUnits(growth: HolderGrowth, survivor: SurvivorIndex): NodeIndex[] {
  return newestUnitsOf(growth, [survivor]).get(survivor)!;
}

/** The same of several survivors, in one pass over what there is. */
export function newestUnitsOf(
  growth: HolderGrowth,
  survivors: readonly SurvivorIndex[],
): Map<SurvivorIndex, NodeIndex[]> {
  const last = growth.heaps.length - 1;
  const { graph, retainedSize } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const found = new Map(survivors.map((survivor) => [survivor, [] as NodeIndex[]]));
  let left = found.size;
  for (let row = cut.members.length - 1; row >= 0 && left > 0; row--) {
    const node = cut.members[row]!;
    if (cut.unitAt(row) !== node) continue;
    const units = found.get(cut.regionAt(row));
    if (units === undefined || units.length === MOST_UNITS || isNodesHandle(graph, node)) continue;
    if (units.push(node) === MOST_UNITS) left--;
  }
  for (const units of found.values())
    units.splice(0, MOST_UNITS, ...units.sort((a, b) => retainedSize[b]! - retainedSize[a]!).slice(0, MAX_SAMPLES));
  return found;
}
