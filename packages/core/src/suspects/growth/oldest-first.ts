import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { stableIds } from "../../diff/match-nodes.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import type { Cut } from "../../diff/units.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { rowOf } from "../../parse/row-of.js";
import type { UnnamedFinding } from "./finding.js";
import { isWeakCollection } from "./table-entries.js";

/** Entries that must have gone, for fewer tell nothing; */
const LEAST_GONE = 16;
/**
 * ... which share of those there were, of an array: its order is that in which entries came as long as none is put into
 * the place of another. A Map's and a Set's always is, and properties have that of a hash.
 */
const SHARE_GONE: Readonly<Record<string, number>> = { elements: 0.5, entries: 0, properties: 1 };
/** ... and how many times as many as it gained: a queue that more comes into than leaves lets go of the oldest, too. */
const MORE_THAN_GAINED = 4;
/** Share of them that must have died: what lives on may hang on the entries that are left, as the nodes of a list do. */
const DEAD = 0.5;
/** Share of what a Map or a Set had one snapshot before the last that must have gone, where nothing of the first is left. */
const HALF = 0.5;

/**
 * Finds containers that let go of their oldest entries and hardly grow: of those that were in the first snapshot all up
 * to some are gone, which are many times what was gained. So does a cache that is bounded by bytes or by time, into which
 * a few more fit each time, and a store of sessions under the ups and downs of a day. What leaks stays, and is the oldest
 * that there is: those that are gone came in about as much time as there is between the snapshots, and had it leaked at
 * this pace then, some of them would be left.
 */
export function lettingGoOfTheOldest(
  { heaps, cuts, left }: HolderGrowth,
  findings: readonly UnnamedFinding[],
): Set<UnnamedFinding> {
  const found = new Set<UnnamedFinding>();
  if (left !== null) return found;
  const last = heaps.length - 1;
  const isWeak = ({ containers }: UnnamedFinding): boolean => isWeakCollection(heaps[last]!.graph, containers[last]!);
  const before = new Map<UnnamedFinding, EntriesAtFirst>();
  const isCounted = (finding: UnnamedFinding): boolean => mayLetGo(finding) || (last > 1 && mayBeSwept(finding));
  for (const finding of findings)
    if (isCounted(finding) && !isWeak(finding)) before.set(finding, entriesAtFirst(heaps[0]!, cuts[0]!, finding));
  if (before.size === 0) return found;
  heaps[0]!.putBack();
  const emptied = new Map<UnnamedFinding, Uint32Array>(); // -> ids of the entries that it has now, ascending
  for (const [finding, { ids, lives }] of before) {
    const now = entryIds(heaps[last]!, finding.containers[last]!).sort();
    const firstLeft = ids.findIndex((id) => rowOf(now, id) >= 0);
    const gone = firstLeft < 0 ? ids.length : firstLeft;
    const share = SHARE_GONE[finding.entries!.word]!;
    const least = Math.max(LEAST_GONE, ids.length * share, (now.length - ids.length) * MORE_THAN_GAINED);
    const dead = lives.subarray(0, gone).reduce((count, isAlive) => count + 1 - isAlive, 0);
    if (dead < gone * DEAD) continue;
    if (gone >= least) found.add(finding);
    else if (firstLeft < 0 && gone >= LEAST_GONE && mayBeSwept(finding)) emptied.set(finding, now);
  }
  if (last < 2 || emptied.size === 0) return found;
  heaps[last]!.putBack();
  for (const [finding, now] of emptied) {
    const ids = entryIds(heaps[last - 1]!, finding.containers[last - 1]!);
    if (ids.subarray(0, Math.ceil(ids.length * HALF)).every((id) => rowOf(now, id) < 0)) found.add(finding);
  }
  return found;
}

/** The entries that a container had in the first snapshot, in its order. */
interface EntriesAtFirst {
  readonly ids: Uint32Array;
  readonly lives: Uint8Array; // row of `ids` -> 1 if it lives in all snapshots, wherever
}

function entriesAtFirst(heap: HeapAnalysis, cut: Cut, { containers }: UnnamedFinding): EntriesAtFirst {
  const nodes = entryNodes(heap, containers[0]!);
  const lives = Uint8Array.from(nodes, (node) => Number(cut.survivorOf(node) !== NO_SURVIVOR));
  return { ids: nodes.map((node) => heap.graph.nodeId[node]!), lives };
}

/** True for one container of which entries are counted, that has not grown by much. */
function mayLetGo(finding: UnnamedFinding): boolean {
  if (!isOneContainer(finding)) return false;
  const { counts, word } = finding.entries!;
  const gained = counts[counts.length - 1]! - counts[0]!;
  return word in SHARE_GONE && gained * MORE_THAN_GAINED <= counts[0]!;
}

/** True for one Map or Set: what comes into an array and leaves it is a queue, and grows if it does so too slowly. */
function mayBeSwept(finding: UnnamedFinding): boolean {
  return isOneContainer(finding) && finding.entries!.word === "entries";
}

function isOneContainer({ entries, chain, members, containers }: UnnamedFinding): boolean {
  return entries !== null && chain === null && members === 1 && !containers.includes(NO_NODE);
}

/** Ids of the entries of a container. */
export function entryIds(heap: HeapAnalysis, container: NodeIndex): Uint32Array {
  return entryNodes(heap, container).map((node) => heap.graph.nodeId[node]!);
}

/**
 * The objects and texts that are entries of a container, keys and values, in its order. What is there several times is a
 * value that entries share, and none of them.
 */
export function entryNodes(heap: HeapAnalysis, container: NodeIndex): Uint32Array {
  const { graph, owner } = heap;
  const isStable = stableIds(graph);
  const prototype = graph.strings.indexOf("__proto__");
  const nodes: NodeIndex[] = [];
  const add = (target: NodeIndex): void => {
    const type = graph.nodeType[target];
    if (type === NodeType.hidden || type === NodeType.native || type === NodeType.shape || type === NodeType.code)
      return;
    if (owner[target] === target && isStable(target)) nodes.push(target);
  };
  const stores: NodeIndex[] = [];
  for (let edge = firstEdgeOf(graph, container); edge < graph.firstEdge[container + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    const type = graph.edgeType[edge];
    if (type === EdgeType.element || (type === EdgeType.property && graph.edgeName[edge] !== prototype)) add(target);
    else if (target !== container && owner[target] === container) stores.push(target);
  }
  for (const store of nodes.length > 0 ? [] : stores)
    for (let edge = firstEdgeOf(graph, store); edge < graph.firstEdge[store + 1]!; edge++)
      if (graph.edgeType[edge] !== EdgeType.weak) add(graph.edgeTarget[edge]!);
  // No Map has room for the entries of a large array.
  const sorted = Uint32Array.from(nodes).sort();
  const isThereOnce = (node: NodeIndex): boolean => sorted[rowOf(sorted, node) - 1] !== node;
  return Uint32Array.from(nodes.filter(isThereOnce));
}
