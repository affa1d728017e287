import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { ATTACHED, DETACHED } from "../../graph/detachedness.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { isNative } from "./browser-nodes.js";

const LAID_OUT = /^blink::Layout\w+$/;
const MAX_NODES = 2000;

/** The element of the document that a node is, or that Blink laid it out for; else NO_NODE. */
function shownElement(graph: HeapGraph, node: NodeIndex): NodeIndex {
  if (!isNative(graph, node) || graph.detached?.[node] !== ATTACHED) return NO_NODE;
  if (isTag(graph, node)) return node;
  if (!LAID_OUT.test(nodeText(graph, node))) return NO_NODE;
  return eachElement(graph, node).find((target) => isTag(graph, target)) ?? NO_NODE;
}

/**
 * True if what is new leads to an element of the document that is counted for one survivor, deep first, for lists are
 * long; and to none that was removed from it.
 */
export function keepsShown({ heaps, cuts }: HolderGrowth, start: NodeIndex, survivor: SurvivorIndex): boolean {
  const { graph } = heaps.at(-1)!;
  const cut = cuts.at(-1)!;
  const isTheirs = (node: NodeIndex): boolean => cut.unitOf(node) !== NO_NODE && cut.regionOf(node) === survivor;
  const seen = new Set<NodeIndex>([start]);
  const stack = [start];
  let isShown = false;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (graph.detached?.[node] === DETACHED && isTag(graph, node)) return false;
    isShown ||= shownElement(graph, node) !== NO_NODE;
    for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (seen.size >= MAX_NODES || seen.has(target) || !isTheirs(target)) continue;
      seen.add(target);
      stack.push(target);
    }
  }
  return isShown;
}

/**
 * The element that new ones were put into; NO_NODE if there is none. Each of them refers to it, and to its neighbours,
 * of which one at most was there before.
 * @param neighbour the last element that was there before, if that is what they hang on
 */
export function parentOfNew(growth: HolderGrowth, nodes: readonly NodeIndex[], neighbour: NodeIndex): NodeIndex {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const counts = new Map<NodeIndex, number>();
  for (const node of nodes) {
    const element = shownElement(graph, node);
    if (element === NO_NODE) continue;
    for (const target of new Set(eachElement(graph, element))) {
      const isOld = target !== neighbour && cut.survivorOf(target) !== NO_SURVIVOR && isTag(graph, target);
      if (isOld) counts.set(target, (counts.get(target) ?? 0) + 1);
    }
  }
  let most: NodeIndex = NO_NODE;
  for (const [target, count] of counts) if (most === NO_NODE || count > counts.get(most)!) most = target;
  return most;
}

function isTag(graph: HeapGraph, node: NodeIndex): boolean {
  return isNative(graph, node) && nodeText(graph, node).startsWith("<");
}

/** What a native refers to on Blink's side. */
function eachElement(graph: HeapGraph, node: NodeIndex): NodeIndex[] {
  const targets: NodeIndex[] = [];
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.element) targets.push(graph.edgeTarget[edge]!);
  return targets;
}
