import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { endOfEdges } from "../../graph/edges-aside.js";
import { edgeNameText } from "../../graph/edges-of.js";
import { eachRetainer } from "../../graph/incoming.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isOfSameClass } from "../../graph/same-class.js";
import { type Chain, chainLength, LEAST_LINKS, nextLink } from "./chains.js";
import { newestUnits } from "./samples.js";
import { waysUp } from "./slot-of-units.js";
import { isContainer, namedTarget, type Slot, slotName } from "./slots.js";

/** Edges of an object that are looked at, of the holder and of a link. */
const MAX_EDGES = 200;
/** Ways to count a list that are tried: by its ends, and by each property that leads from link to link. */
const MAX_WAYS = 16;
/** Objects that refer to an end of the list, and are asked what they call that. */
const MAX_OWNERS = 4;
/** Of the holder's new objects that are alike links, the share that the list must have gained. */
const IN_LIST = 0.5;

/**
 * The slot of a holder that leads to a list of its newest units, where no link alone keeps the next: of a list that is
 * linked both ways, and whose owner refers to both ends, the owner keeps each. So does the scope that leads to that owner
 * and has the newest link in another variable as well. An end that stays tells more than the one that is another link each
 * time.
 */
export function listOfUnits(growth: HolderGrowth, survivor: SurvivorIndex): Slot | null {
  if (isContainer(growth, survivor)) return null;
  const { graph } = growth.heaps.at(-1)!;
  const units = newestUnits(growth, survivor);
  const link = units.find((unit) => linksOut(graph, unit).length > 0);
  if (link === undefined) return null;
  // The last link has none after it.
  const links = units.filter((unit) => isOfSameClass(graph, unit, link)).flatMap((unit) => linksOut(graph, unit));
  const chains = [...new Set(links)].sort().map((name) => ({ steps: [{ type: EdgeType.property, name }] }));
  return longest(growth, survivor, link, chains, waysToLinks(growth, survivor, link, chains));
}

/** The properties by which an object refers to others of its kind. */
function linksOut(graph: HeapGraph, link: NodeIndex): string[] {
  if (graph.nodeType[link] !== NodeType.object) return [];
  const names: string[] = [];
  const end = endOfEdges(graph, link, MAX_EDGES);
  for (let edge = graph.firstEdge[link]!; edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] !== EdgeType.property || target === link || !isOfSameClass(graph, target, link)) continue;
    const name = edgeNameText(graph, edge);
    if (name !== "__proto__") names.push(name);
  }
  return names;
}

function longest(
  growth: HolderGrowth,
  survivor: SurvivorIndex,
  link: NodeIndex,
  chains: readonly Chain[],
  words: readonly (readonly string[])[],
): Slot | null {
  const { heaps, survivors } = growth;
  const last = heaps.length - 1;
  const holders = survivors.nodesOf(survivor);
  const ways = words.flatMap((each) => chains.map((chain) => ({ words: each, chain })));
  const least = unitsAlike(growth, survivor, link) * IN_LIST;
  let best: { slot: Slot; gained: number; stays: boolean } | null = null;
  for (const { words: way, chain } of ways.slice(0, MAX_WAYS)) {
    const follow = (names: readonly string[]): NodeIndex[] =>
      holders.map((holder, i) => names.reduce((node, name) => namedTarget(heaps[i]!, node, name), holder));
    const nodes = follow(way);
    const [before, after] = [0, last].map((i) => chainLength(heaps[i]!, nodes[i]!, chain));
    const gained = after! - before!;
    const stays = survivors.nodesIn(0)[growth.cuts[last]!.survivorOf(nodes[last]!)] === nodes[0];
    if (gained < least || gained < 1 || after! < LEAST_LINKS) continue;
    if (best !== null && (Number(stays) - Number(best.stays) || gained - best.gained) <= 0) continue;
    best = { slot: { words: way, tops: follow(way.slice(0, 1)), nodes, chain }, gained, stays };
  }
  return best?.slot ?? null;
}

/** How a holder names links: by variables or properties of its own, or those of what lives in all snapshots and has them. */
function waysToLinks(
  growth: HolderGrowth,
  survivor: SurvivorIndex,
  link: NodeIndex,
  chains: readonly Chain[],
): readonly (readonly string[])[] {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const holder = cut.nodeOf(survivor);
  const owners = new Set<NodeIndex>();
  for (const end of chains.map((chain) => endOf(heap, link, chain)))
    eachRetainer(heap.graph, heap.retainers, end, (from) => {
      const isOwner = from !== holder && cut.survivorOf(from) !== NO_SURVIVOR && !isOfSameClass(heap.graph, from, link);
      return !isOwner || owners.add(from).size < MAX_OWNERS;
    });
  const own = namesOfLinks(growth, holder, link).map((name) => [name]);
  const others = [...owners].flatMap((owner) => {
    const names = namesOfLinks(growth, owner, link);
    return waysUp(heap, owner, holder).flatMap((way) => names.map((name) => [...way, name]));
  });
  return [...own, ...others.sort((a, b) => a.length - b.length)];
}

function endOf(heap: HeapAnalysis, link: NodeIndex, chain: Chain): NodeIndex {
  let end = link;
  for (let left = chainLength(heap, link, chain); left > 1; left--) end = nextLink(heap, end, chain);
  return end;
}

/** What a holder calls the links that it refers to, in alphabetical order. */
function namesOfLinks(growth: HolderGrowth, holder: NodeIndex, link: NodeIndex): string[] {
  const heap = growth.heaps.at(-1)!;
  const { graph } = heap;
  const names = new Set<string>();
  const end = endOfEdges(graph, holder, MAX_EDGES);
  for (let edge = graph.firstEdge[holder]!; edge < end; edge++) {
    if (!isOfSameClass(graph, graph.edgeTarget[edge]!, link)) continue;
    const name = slotName(heap, holder, edge);
    if (name !== null) names.add(name);
  }
  return [...names].sort();
}

/** How many units of a holder have the name of a link. */
function unitsAlike(growth: HolderGrowth, survivor: SurvivorIndex, link: NodeIndex): number {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  let count = 0;
  for (let row = 0; row < cut.members.length; row++) {
    const node = cut.members[row]!;
    if (cut.regionAt(row) === survivor && cut.unitAt(row) === node && isOfSameClass(graph, node, link)) count++;
  }
  return count;
}
