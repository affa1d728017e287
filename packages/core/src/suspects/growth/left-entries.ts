import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { rowOf } from "../../parse/row-of.js";
import { sum } from "./growth-verdict.js";
import { entryIds, entryNodes } from "./oldest-first.js";
import { lastNode } from "./survivor-tree.js";

/**
 * What the entries of a container keep that were in it at first, are there no more, and live on elsewhere. What lives on
 * inside an entry of today's, as each clone keeps the one it was made of, has not left.
 */
export function bytesThatLeft(growth: HolderGrowth, containers: readonly NodeIndex[]): number {
  const { heaps, cuts } = growth;
  const [before, now] = [containers[0]!, containers[containers.length - 1]!];
  if (before === NO_NODE || now === NO_NODE) return 0;
  const { graph, retainedSize } = heaps[0]!;
  const last = heaps.at(-1)!;
  const ids = entryIds(last, now).sort();
  const isKept = insideOf(last, now);
  const left = [...entryNodes(heaps[0]!, before)].filter((node) => {
    const survivor = cuts[0]!.survivorOf(node);
    if (survivor === NO_SURVIVOR || rowOf(ids, graph.nodeId[node]!) >= 0) return false;
    return !isKept(lastNode(growth, survivor));
  });
  return sum(left.map((node) => retainedSize[node]!));
}

/** Tells whether a node dies with `container`. Ways up are long in lists, and meet: each is gone once. */
function insideOf({ dominator }: HeapAnalysis, container: NodeIndex): (node: NodeIndex) => boolean {
  const known = new Map<NodeIndex, boolean>([
    [0, false],
    [container, true],
  ]);
  return (node) => {
    const way: NodeIndex[] = [];
    let at = node;
    for (; !known.has(at); at = dominator[at]!) way.push(at);
    const isInside = known.get(at)!;
    for (const each of way) known.set(each, isInside);
    return isInside;
  };
}
