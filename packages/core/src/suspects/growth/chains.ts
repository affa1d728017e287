import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { type EdgeIndex, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";

/** A linked list, or any way of objects in which the same steps repeat: each link keeps the next. */
export interface Chain {
  /** Names of the edges of one link, in order: `["older"]`, or `["someMethod", "context", "originalThing"]`. */
  readonly steps: readonly ChainStep[];
}

export interface ChainStep {
  readonly type: number; // EdgeType
  readonly name: string;
}

/** Share of what a node retains that its next link must retain for the node to be one of a chain. */
const MOST = 0.7;
const LONGEST_LINK = 8;
/** A way this long that repeats is a chain; two objects that refer to each other are not. */
const LEAST_LINKS = 6;
/** Links that are looked at closely; trees have turned long before. */
const MOST_TESTED = 32;

/** Goes down from a node through what keeps most of it; null unless the same steps repeat. */
export function chainFrom(heap: HeapAnalysis, start: NodeIndex): Chain | null {
  const steps: ChainStep[] = [];
  const labels: string[] = [label(heap, start)];
  let at = start;
  for (let depth = 0; depth < LONGEST_LINK * 2; depth++) {
    const edge = heaviestEdge(heap, at);
    if (edge === null) return null;
    steps.push(stepOf(heap, edge));
    at = heap.graph.edgeTarget[edge]!;
    labels.push(label(heap, at));
    const period = labels.indexOf(labels[labels.length - 1]!);
    if (period === labels.length - 1) continue;
    const chain = { steps: steps.slice(period) };
    const links = linksFrom(heap, start, chain, period);
    if (period > 0 || links < LEAST_LINKS || !isStraight(heap, start, chain, links)) return null;
    return chain;
  }
  return null;
}

/** The property by which an object refers to one of its class, and that to the next, whatever each of them keeps. */
export function ownLink(heap: HeapAnalysis, start: NodeIndex): Chain | null {
  const { graph } = heap;
  for (let edge = firstEdgeOf(graph, start); edge < graph.firstEdge[start + 1]!; edge++) {
    if (graph.edgeType[edge] !== EdgeType.property) continue;
    if (label(heap, graph.edgeTarget[edge]!) !== label(heap, start)) continue;
    const chain = { steps: [stepOf(heap, edge)] };
    if (chainLength(heap, start, chain) >= LEAST_LINKS) return chain;
  }
  return null;
}

/** True if the first half of the links keep most of what is behind them: a way down a tree keeps less at every turn. */
function isStraight(heap: HeapAnalysis, start: NodeIndex, chain: Chain, links: number): boolean {
  const { retainedSize } = heap;
  let at = start;
  for (let link = 0; link < Math.min(links >> 1, MOST_TESTED); link++)
    for (const step of chain.steps) {
      const next = follow(heap, at, step);
      if (next === NO_NODE || retainedSize[next]! < retainedSize[at]! * MOST) return false;
      at = next;
    }
  return true;
}

/** How many links a chain has from a node on; 0 if the node is none. */
export function chainLength(heap: HeapAnalysis, start: NodeIndex, chain: Chain): number {
  return start === NO_NODE ? 0 : linksFrom(heap, start, chain, 0);
}

function linksFrom(heap: HeapAnalysis, start: NodeIndex, chain: Chain, lead: number): number {
  const first = label(heap, start);
  let links = 0;
  for (let at = start; at !== NO_NODE && links <= heap.graph.nodeCount;) {
    if (lead === 0 && label(heap, at) !== first) break;
    links++;
    for (const step of chain.steps) at = at === NO_NODE ? NO_NODE : follow(heap, at, step);
    if (at === start) break;
  }
  return links;
}

function follow(heap: HeapAnalysis, node: NodeIndex, step: ChainStep): NodeIndex {
  const { graph } = heap;
  const name = graph.strings.indexOf(step.name);
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
    if (graph.edgeType[edge] !== step.type || graph.edgeName[edge] !== name) continue;
    return graph.edgeTarget[edge]!;
  }
  return NO_NODE;
}

function heaviestEdge(heap: HeapAnalysis, node: NodeIndex): EdgeIndex | null {
  const { graph, dominator, retainedSize } = heap;
  const end = graph.firstEdge[node + 1]!;
  if (end - graph.firstEdge[node]! > 200) return null;
  for (let edge = firstEdgeOf(graph, node); edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    const type = graph.edgeType[edge]!;
    const isNamed = type === EdgeType.property || type === EdgeType.context || type === EdgeType.internal;
    if (isNamed && dominator[target] === node && retainedSize[target]! >= retainedSize[node]! * MOST) return edge;
  }
  return null;
}

function stepOf(heap: HeapAnalysis, edge: EdgeIndex): ChainStep {
  return { type: heap.graph.edgeType[edge]!, name: heap.graph.strings.text(heap.graph.edgeName[edge]!) };
}

function label(heap: HeapAnalysis, node: NodeIndex): string {
  return `${heap.graph.nodeType[node]} ${nodeText(heap.graph, node)}`;
}
