import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { stableIds } from "../../diff/match-nodes.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
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

/**
 * Finds containers that let go of their oldest entries and hardly grow: of those that were in the first snapshot all up
 * to some are gone, which are many times what was gained. So does a cache that is bounded by bytes or by time, into which
 * a few more fit each time, and a store of sessions under the ups and downs of a day. What leaks stays, and is the oldest
 * that there is: those that are gone came in about as much time as there is between the snapshots, and had it leaked at
 * this pace then, some of them would be left.
 */
export function lettingGoOfTheOldest(
  { heaps, left }: HolderGrowth,
  findings: readonly UnnamedFinding[],
): Set<UnnamedFinding> {
  if (left !== null) return new Set();
  const last = heaps.length - 1;
  const before = new Map<UnnamedFinding, readonly number[]>();
  const isWeak = ({ containers }: UnnamedFinding): boolean => isWeakCollection(heaps[last]!.graph, containers[last]!);
  for (const finding of findings)
    if (mayLetGo(finding) && !isWeak(finding)) before.set(finding, entryIds(heaps[0]!, finding.containers[0]!));
  if (before.size === 0) return new Set();
  heaps[0]!.putBack();
  const leftBy = new Map<UnnamedFinding, readonly number[]>();
  for (const [finding, ids] of before) {
    const now = new Set(entryIds(heaps[last]!, finding.containers[last]!));
    const firstLeft = ids.findIndex((id) => now.has(id));
    const gone = firstLeft < 0 ? ids.length : firstLeft;
    const share = SHARE_GONE[finding.entries!.word]!;
    const least = Math.max(LEAST_GONE, ids.length * share, (now.size - ids.length) * MORE_THAN_GAINED);
    if (gone >= least) leftBy.set(finding, ids.slice(0, gone));
  }
  const alive = idsIn(heaps[last]!, [...leftBy.values()].flat());
  const isGone = (ids: readonly number[]): boolean => ids.filter((id) => !alive.has(id)).length >= ids.length * DEAD;
  return new Set([...leftBy].filter(([, ids]) => isGone(ids)).map(([finding]) => finding));
}

/** Those of some ids that a heap has. */
function idsIn({ graph }: HeapAnalysis, ids: readonly number[]): Set<number> {
  const wanted = new Set(ids);
  const found = new Set<number>();
  if (wanted.size === 0) return found;
  const { nodeId } = graph;
  for (let node = 0; node < graph.nodeCount; node++) if (wanted.has(nodeId[node]!)) found.add(nodeId[node]!);
  return found;
}

/** True for one container of which entries are counted, that has not grown by much. */
function mayLetGo({ entries, chain, members, containers }: UnnamedFinding): boolean {
  if (entries === null || chain !== null || members > 1 || containers[0] === NO_NODE) return false;
  const { counts, word } = entries;
  const gained = counts[counts.length - 1]! - counts[0]!;
  return word in SHARE_GONE && gained * MORE_THAN_GAINED <= counts[0]!;
}

/**
 * Ids of the objects and texts that are entries of a container, keys and values, in its order. What is there several
 * times is a value that entries share, and none of them.
 */
export function entryIds(heap: HeapAnalysis, container: NodeIndex): number[] {
  const { graph, owner } = heap;
  const isStable = stableIds(graph);
  const prototype = graph.strings.indexOf("__proto__");
  const times = new Map<number, number>();
  const add = (target: NodeIndex): void => {
    const type = graph.nodeType[target];
    if (type === NodeType.hidden || type === NodeType.native || type === NodeType.shape || type === NodeType.code)
      return;
    const id = graph.nodeId[target]!;
    if (owner[target] === target && isStable(target)) times.set(id, (times.get(id) ?? 0) + 1);
  };
  const stores: NodeIndex[] = [];
  for (let edge = firstEdgeOf(graph, container); edge < graph.firstEdge[container + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    const type = graph.edgeType[edge];
    if (type === EdgeType.element || (type === EdgeType.property && graph.edgeName[edge] !== prototype)) add(target);
    else if (target !== container && owner[target] === container) stores.push(target);
  }
  for (const store of times.size > 0 ? [] : stores)
    for (let edge = firstEdgeOf(graph, store); edge < graph.firstEdge[store + 1]!; edge++)
      if (graph.edgeType[edge] !== EdgeType.weak) add(graph.edgeTarget[edge]!);
  return [...times].filter(([, count]) => count === 1).map(([id]) => id);
}
