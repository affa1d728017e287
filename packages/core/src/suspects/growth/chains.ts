import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { edgeNameText, findEdge, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { isOfSameClass } from "../../graph/same-class.js";
import { proxyTargetEdge } from "../../graph/v8-proxies.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isDictionary } from "../../graph/v8-dictionaries.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { variableInSource } from "../naming/original-words.js";
import { printableName } from "../naming/property-names.js";

/** A linked list, or any way of objects in which the same steps repeat: each link keeps the next. */
export interface Chain {
  /** Names of the edges of one link, in order: `["older"]`, or `["someMethod", "context", "originalThing"]`; of a proxy its number. */
  readonly steps: readonly ChainStep[];
}

/** An edge of each link, by what it is called. */
export interface ChainStep {
  readonly type: number; // EdgeType
  readonly name: string;
}

/** How each link refers to the next, as the source has it: `next`, `handler.previous`. */
export function linkWords(
  heap: HeapAnalysis,
  start: NodeIndex,
  chain: Chain,
  takes: (step: ChainStep) => boolean = () => true,
): string {
  const words: string[] = [];
  let at = start;
  for (const step of chain.steps) {
    const edge = at === NO_NODE ? NO_EDGE : edgeOfStep(heap.graph, at, step);
    const variable = edge === NO_EDGE || step.type !== EdgeType.context ? null : variableInSource(heap, at, edge);
    if (step.type !== EdgeType.hidden && takes(step)) words.push(printableName(variable ?? step.name));
    at = edge === NO_EDGE ? NO_NODE : heap.graph.edgeTarget[edge]!;
  }
  return words.join(".");
}

/** Share of what a node retains that its next link must retain for the node to be one of a chain. */
const MOST = 0.7;
const LONGEST_LINK = 8;
/** A way this long that repeats is a chain; two objects that refer to each other are not. */
export const LEAST_LINKS = 6;
/** Links that are looked at closely; trees have turned long before. */
const MOST_TESTED = 32;

/** Goes down from a node through what keeps most of it; null unless the same steps repeat. */
export function chainFrom(heap: HeapAnalysis, start: NodeIndex): Chain | null {
  const steps: ChainStep[] = [];
  const way: NodeIndex[] = [start];
  let at = start;
  for (let depth = 0; depth < LONGEST_LINK * 2; depth++) {
    const edge = heaviestEdge(heap, at);
    if (edge === null) return null;
    steps.push(stepOf(heap.graph, edge));
    at = heap.graph.edgeTarget[edge]!;
    const period = way.findIndex((node) => isOfSameClass(heap.graph, node, at));
    way.push(at);
    if (period < 0) continue;
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
    if (!isOfSameClass(graph, start, graph.edgeTarget[edge]!)) continue;
    const chain = propertyLink(graph, edge);
    if (chainLength(heap, start, chain) >= LEAST_LINKS) return chain;
  }
  return null;
}

/** The chain in which each link refers to the next as by this edge. */
export function propertyLink(graph: HeapGraph, edge: EdgeIndex): Chain {
  return { steps: [stepOf(graph, edge)] };
}

/**
 * True for objects of one class, or of one hidden class: plain objects have one name, whatever they are. Those with keys of
 * users' share one hidden class, too.
 */
export function isAlike(graph: HeapGraph, one: NodeIndex, other: NodeIndex): boolean {
  if (!isOfSameClass(graph, one, other)) return false;
  if (nodeText(graph, one) !== "Object") return true;
  return internalField(graph, one, "map") === internalField(graph, other, "map") && !isDictionary(graph, one);
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
  let links = 0;
  let [met, linksThen] = [start, 0];
  for (let at = start; at !== NO_NODE;) {
    if (lead === 0 && !isOfSameClass(heap.graph, start, at)) break;
    links++;
    at = nextLink(heap, at, chain);
    if (at === start) break;
    // A list may end in a ring. One link is remembered, ever less often, and met again there (R. P. Brent, 1980).
    if (at === met) return linksBefore(heap, start, chain, links - linksThen) + links - linksThen;
    if (links >= 2 * linksThen) [met, linksThen] = [at, links];
  }
  return links;
}

/** How many links lead to a ring of so many. */
function linksBefore(heap: HeapAnalysis, start: NodeIndex, chain: Chain, ring: number): number {
  let ahead = start;
  for (let link = 0; link < ring; link++) ahead = nextLink(heap, ahead, chain);
  let links = 0;
  for (let at = start; at !== ahead; links++) {
    at = nextLink(heap, at, chain);
    ahead = nextLink(heap, ahead, chain);
  }
  return links;
}

/**
 * Visits the links of a chain from a node on, until `visit` returns false. No list of them is made: there may be 10^7.
 * @param length how many there are, as from `chainLength`
 */
export function eachLink(
  heap: HeapAnalysis,
  start: NodeIndex,
  chain: Chain,
  length: number,
  visit: (link: NodeIndex) => boolean | void,
): void {
  let at = start;
  for (let left = length; left > 0 && visit(at) !== false; left--) at = nextLink(heap, at, chain);
}

/** The link after one, whatever it is; NO_NODE if there is none. */
export function nextLink(heap: HeapAnalysis, link: NodeIndex, chain: Chain): NodeIndex {
  let at = link;
  for (const step of chain.steps) at = at === NO_NODE ? NO_NODE : follow(heap, at, step);
  return at;
}

function follow({ graph }: HeapAnalysis, node: NodeIndex, step: ChainStep): NodeIndex {
  const edge = edgeOfStep(graph, node, step);
  return edge === NO_EDGE ? NO_NODE : graph.edgeTarget[edge]!;
}

/** The edge by which a link's node goes on, or NO_EDGE. */
export function edgeOfStep(graph: HeapGraph, node: NodeIndex, { type, name }: ChainStep): EdgeIndex {
  return type === EdgeType.hidden ? proxyTargetEdge(graph, node) : findEdge(graph, node, type, name);
}

function heaviestEdge(heap: HeapAnalysis, node: NodeIndex): EdgeIndex | null {
  const { graph, dominator, retainedSize } = heap;
  const end = graph.firstEdge[node + 1]!;
  if (end - graph.firstEdge[node]! > 200) return null;
  const proxied = proxyTargetEdge(graph, node);
  for (let edge = firstEdgeOf(graph, node); edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    const type = graph.edgeType[edge]!;
    const isNamed = type === EdgeType.property || type === EdgeType.context || type === EdgeType.internal;
    if (
      (isNamed || edge === proxied) &&
      dominator[target] === node &&
      retainedSize[target]! >= retainedSize[node]! * MOST
    )
      return edge;
  }
  return null;
}

function stepOf(graph: HeapGraph, edge: EdgeIndex): ChainStep {
  return { type: graph.edgeType[edge]!, name: edgeNameText(graph, edge) };
}
