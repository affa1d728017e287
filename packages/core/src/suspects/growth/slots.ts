import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { endOfEdges, firstEdgeOf } from "../../graph/edges-aside.js";
import { edgeNameText, NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isContext, nodeText } from "../../graph/v8-names.js";
import { isModuleCell } from "../../graph/scope-variables.js";
import { behindProxy } from "../../graph/v8-proxies.js";
import { callOfGenerator, waitingCall } from "../../graph/waiting-calls.js";
import { EdgeType } from "../../graph/v8-types.js";
import { callbackOf } from "../naming/browser-nodes.js";
import { variableName } from "../naming/original-words.js";
import { type Chain, chainFrom } from "./chains.js";
import { entriesOf, entrySeries } from "./container-entries.js";

/** A variable or property of a holder through which it grew: what it refers to may be another object each time. */
export interface Slot {
  /** Words from the holder down to the container, such as `["state", "items"]`. */
  readonly words: readonly string[];
  /** Per snapshot what the first word refers to; NO_NODE where it held nothing new. */
  readonly tops: readonly NodeIndex[];
  /** Per snapshot what all words lead to. */
  readonly nodes: readonly NodeIndex[];
  /** Set if the slot is the head of a linked list. */
  readonly chain: Chain | null;
}

/** The one slot of a module's cell has no name of its own: the program knows it by that of the cell. */
export const CELL_VALUE = "";
/** Edges of a holder among which its slots are looked for: no scope or record has more. */
const MAX_EDGES = 2000;
/** Properties in each other from a slot to the container. */
const MAX_DEPTH = 8;
/** Share of what an object keeps that one property must have to be where it grew. */
const MOST = 0.7;
/** Fewer new properties do not make a dictionary of an object. */
const FEW_PROPERTIES = 3;

/**
 * Finds the named slots of a holder that grew, most growth first. Containers have none: what they hold is entries.
 * @param floor growth in bytes below which a slot is not told apart
 */
export function growingSlots(growth: HolderGrowth, survivor: SurvivorIndex, floor: number): Slot[] {
  const last = growth.heaps.length - 1;
  if (isContainer(growth, survivor)) return [];
  const slots = new Map<string, { nodes: NodeIndex[]; bytes: number[] }>();
  growth.heaps.forEach((at, snapshot) => {
    for (const [name, target] of namedUnits(growth, survivor, snapshot)) {
      let slot = slots.get(name);
      if (slot === undefined) {
        slot = { nodes: growth.heaps.map(() => NO_NODE), bytes: growth.heaps.map(() => 0) };
        slots.set(name, slot);
      }
      slot.nodes[snapshot] = target;
      slot.bytes[snapshot] = at.retainedSize[target]!;
    }
  });
  const holders = growth.survivors.nodesOf(survivor);
  const gain = (slot: { bytes: number[] }): number => slot.bytes[last]! - slot.bytes[0]!;
  const seen = new Set<NodeIndex>(); // what two variables refer to is one thing that grows
  return [...slots]
    .filter(([, slot]) => gain(slot) >= floor && slot.nodes[last] !== NO_NODE)
    .filter(([, { nodes }]) => !seen.has(nodes[last]!) && seen.add(nodes[last]!))
    .sort(([, a], [, b]) => gain(b) - gain(a))
    .map(([name, slot]) => descend(growth.heaps, holders, name, slot.nodes));
}

/**
 * What a listener of the browser's calls, if that is a list: who puts a function around `window.onerror` each time has one.
 * The listener stays, and has no name for it.
 */
export function listCalled({ heaps, survivors }: HolderGrowth, survivor: SurvivorIndex): Slot | null {
  const nodes = survivors.nodesOf(survivor).map((listener, i) => callbackOf(heaps[i]!.graph, listener));
  const last = nodes[nodes.length - 1]!;
  const chain = last === NO_NODE ? null : chainFrom(heaps.at(-1)!, last);
  return chain && { words: [], tops: nodes, nodes, chain };
}

/** Whether what a holder refers to are entries. An object that has got next to no more properties is none, however many. */
export function isContainer({ heaps, survivors }: HolderGrowth, survivor: SurvivorIndex): boolean {
  const last = heaps.length - 1;
  const entries = entriesOf(heaps[last]!, survivors.nodesIn(last)[survivor]!);
  if (entries === null || entries.word !== "properties") return entries !== null;
  const { counts } = entrySeries(heaps, survivors.nodesOf(survivor))!;
  return counts[last]! >= counts[0]! + FEW_PROPERTIES;
}

/** What a holder refers to by name and alone keeps alive, without what lives in all snapshots. */
function namedUnits(growth: HolderGrowth, survivor: SurvivorIndex, snapshot: number): Map<string, NodeIndex> {
  const heap = growth.heaps[snapshot]!;
  const { graph } = heap;
  const cut = growth.cuts[snapshot]!;
  const holder = withSlots(heap, growth.survivors.nodesIn(snapshot)[survivor]!);
  const found = new Map<string, NodeIndex>();
  const end = endOfEdges(graph, holder, MAX_EDGES);
  for (let edge = graph.firstEdge[holder]!; edge < end; edge++) {
    const target = behindProxy(graph, graph.edgeTarget[edge]!);
    if (cut.unitOf(target) !== target || cut.regionOf(target) !== survivor) continue;
    const name = slotName(heap, holder, edge);
    if (name !== null && !found.has(name)) found.set(name, target);
  }
  return found;
}

/** The node that has the edges of a holder's slots: variables of a call that waits are in an array of its. */
function withSlots({ graph }: HeapAnalysis, holder: NodeIndex): NodeIndex {
  return callOfGenerator(graph, holder)?.registers ?? holder;
}

/** Name of a holder's variable or property that an edge of it is, or null; of a call's variable its register. */
export function slotName(heap: HeapAnalysis, holder: NodeIndex, edge: number): string | null {
  const type = heap.graph.edgeType[edge]!;
  if (isContext(heap.graph, holder)) return variableName(heap, holder, edge);
  if (isModuleCell(heap.graph, holder)) return isCellValue(heap, edge) ? CELL_VALUE : null;
  if (waitingCall(heap, holder) !== null) return edgeNameText(heap.graph, edge);
  if (type !== EdgeType.property) return null;
  const name = heap.graph.strings.text(heap.graph.edgeName[edge]!);
  return name === "__proto__" ? null : name;
}

/** True for the edge from a module's cell to what the exported variable refers to. */
function isCellValue({ graph }: HeapAnalysis, edge: EdgeIndex): boolean {
  return graph.edgeType[edge] === EdgeType.internal && graph.strings.text(graph.edgeName[edge]!) === "value";
}

/** Goes on down while one named property has most of it, to the container that grew; stops at a linked list's head. */
function descend(
  heaps: readonly HeapAnalysis[],
  holders: readonly NodeIndex[],
  name: string,
  start: readonly NodeIndex[],
): Slot {
  const last = heaps.length - 1;
  const heap = heaps[last]!;
  const chain = chainFrom(heap, start[last]!);
  // What it referred to may live in all snapshots: that counts for its length, though not for its growth.
  const values = holders.map((at, i) => namedTarget(heaps[i]!, at, name));
  if (chain !== null) return { words: [name], tops: start, nodes: values, chain };
  let nodes: readonly NodeIndex[] = values;
  const words = [name];
  let isInside = false; // of an object of some class, which keeps it in a way that is its own affair
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (entriesOf(heap, nodes[last]!) !== null) {
      if (depth > 0 && isInside && !gainsEntries(heaps, nodes)) break;
      return { words, tops: start, nodes, chain: null };
    }
    isInside = nodeText(heap.graph, nodes[last]!) !== "Object";
    const next = heaviestProperty(heap, nodes[last]!);
    if (next === null) break;
    words.push(next);
    nodes = nodes.map((node, snapshot) => namedTarget(heaps[snapshot]!, node, next));
  }
  return { words: [name], tops: start, nodes: values, chain: null };
}

/** False for an array of a persistent collection, as of a tree whose nodes have 32 slots: what grows is the collection. */
function gainsEntries(heaps: readonly HeapAnalysis[], nodes: readonly NodeIndex[]): boolean {
  const counts = entrySeries(heaps, nodes)?.counts ?? [];
  return counts.length === 0 || counts[counts.length - 1]! > counts[0]!;
}

function heaviestProperty(heap: HeapAnalysis, node: NodeIndex): string | null {
  const { graph, dominator, retainedSize } = heap;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (dominator[target] !== node || retainedSize[target]! < retainedSize[node]! * MOST) continue;
    const name = slotName(heap, node, edge);
    if (name !== null) return name;
  }
  return null;
}

/** What an object's variable or property of this name refers to, or NO_NODE. */
export function namedTarget(heap: HeapAnalysis, node: NodeIndex, name: string): NodeIndex {
  const edge = node === NO_NODE ? NO_EDGE : namedEdge(heap, node, name);
  return edge === NO_EDGE ? NO_NODE : behindProxy(heap.graph, heap.graph.edgeTarget[edge]!);
}

/** The edge that an object's variable or property of this name is, or NO_EDGE. */
export function namedEdge(heap: HeapAnalysis, node: NodeIndex, name: string): EdgeIndex {
  const { graph } = heap;
  const holder = withSlots(heap, node);
  for (let edge = firstEdgeOf(graph, holder); edge < graph.firstEdge[holder + 1]!; edge++)
    if (slotName(heap, holder, edge) === name) return edge;
  return NO_EDGE;
}

/**
 * True if what a slot refers to in the end was put in the place of something as large, which others may have now: a pool
 * of bytes that is used up and replaced by the next. The slot gained nothing by that.
 */
export function isExchanged({ heaps, survivors, left }: HolderGrowth, survivor: SurvivorIndex, slot: Slot): boolean {
  if (left !== null) return false;
  const last = heaps.length - 1;
  const [before, after] = [0, last].map((i) =>
    slot.words.reduce((node, word) => namedTarget(heaps[i]!, node, word), survivors.nodesIn(i)[survivor]!),
  ) as [NodeIndex, NodeIndex];
  if (before === NO_NODE || after === NO_NODE || heaps[0]!.graph.nodeId[before] === heaps[last]!.graph.nodeId[after])
    return false;
  return heaps[last]!.retainedSize[after]! <= heaps[0]!.retainedSize[before]!;
}

/**
 * The slot of a list's owner that leads to the list, where it grew below a link that lives in all snapshots.
 * @param link a survivor that is dominated by the owner
 */
export function listSlot(growth: HolderGrowth, owner: SurvivorIndex, link: SurvivorIndex): Slot | null {
  const last = growth.heaps.length - 1;
  const { dominator } = growth.heaps[last]!;
  const holder = growth.survivors.nodesIn(last)[owner]!;
  let top = growth.survivors.nodesIn(last)[link]!;
  while (top !== 0 && dominator[top] !== holder) top = dominator[top]!;
  const slot = slotOf(growth, owner, top);
  return slot && { ...slot, chain: chainFrom(growth.heaps[last]!, top) };
}

/** The slot by which a survivor refers to a node of the last snapshot, and what it referred to in the others. */
export function slotOf(growth: HolderGrowth, owner: SurvivorIndex, node: NodeIndex): Slot | null {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const holders = growth.survivors.nodesOf(owner);
  const holder = withSlots(growth.heaps[last]!, holders[last]!);
  for (let edge = firstEdgeOf(graph, holder); edge < graph.firstEdge[holder + 1]!; edge++) {
    const name = graph.edgeTarget[edge] === node ? slotName(growth.heaps[last]!, holder, edge) : null;
    if (name === null) continue;
    const nodes = holders.map((at, i) => namedTarget(growth.heaps[i]!, at, name));
    return { words: [name], tops: nodes, nodes, chain: null };
  }
  return null;
}
