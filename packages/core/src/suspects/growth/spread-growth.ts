import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isGlobalObject } from "../naming/anchors.js";
import { steadyGains } from "./gains.js";
import { lastNode, survivorAbove } from "./survivor-tree.js";

/** Many alike objects below one holder that each grow by a little: the histories of all users in a Map. */
export interface SpreadGrowth {
  readonly holder: SurvivorIndex;
  /** The survivors that grow, all of one class, most growth first. */
  readonly members: readonly SurvivorIndex[];
  /** All objects of that class there that changed, those too that grew only once, or got smaller. */
  readonly alike: readonly SurvivorIndex[];
}

/** Fewer than this may be bugs of their own. */
const LEAST_MEMBERS = 8;
/** Share of it that one member may have at most: a large one is a suspect itself. */
const LARGEST = 0.5;

/**
 * Finds growth that is spread over many objects of one class with a common holder.
 * @param floor growth in bytes, over all intervals, below which nothing is reported
 */
export function spreadGrowth(growth: HolderGrowth, floor: number): SpreadGrowth[] {
  const { survivors, bytes } = steadyGains(growth);
  const groups = new Map<string, number[]>(); // -> rows
  for (const [row, survivor] of survivors.entries()) {
    const key = groupOf(growth, survivor);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const found = new Map<string, Pick<SpreadGrowth, "holder" | "members">>();
  for (const [key, rows] of groups) {
    const total = rows.reduce((sum, row) => sum + bytes[row]!, 0);
    if (rows.length < LEAST_MEMBERS || total < floor) continue;
    rows.sort((a, b) => bytes[b]! - bytes[a]!);
    if (bytes[rows[0]!]! > total * LARGEST) continue;
    found.set(key, { holder: Number(key.slice(0, key.indexOf(" "))), members: rows.map((row) => survivors[row]!) });
  }
  return found.size === 0 ? [] : withAllOfGroup(growth, found);
}

function withAllOfGroup(
  growth: HolderGrowth,
  found: ReadonlyMap<string, Pick<SpreadGrowth, "holder" | "members">>,
): SpreadGrowth[] {
  const alike = new Map<string, SurvivorIndex[]>([...found.keys()].map((key) => [key, []]));
  for (const survivor of growth.bytes.changed) alike.get(groupOf(growth, survivor) ?? "")?.push(survivor);
  return [...found].map(([key, each]) => ({ ...each, alike: alike.get(key)! }));
}

/** Edges that a record has at most, in which a property is looked for. */
const MOST_EDGES = 200;
/** Members that are asked for the property that refers to them. */
const MOST_ASKED = 20;

/** Those of the alike objects that the same properties refer to as the members: the orders of each user, not his visits. */
export function alikeInName(growth: HolderGrowth, { members, alike }: SpreadGrowth): SurvivorIndex[] {
  const names = new Set(members.slice(0, MOST_ASKED).map((member) => propertyOf(growth, member)));
  return alike.filter((survivor) => names.has(propertyOf(growth, survivor)));
}

/** Name of the property by which the object above refers to it, as an index; -1 if that is no record, or there is none. */
function propertyOf(growth: HolderGrowth, survivor: SurvivorIndex): number {
  const { graph } = growth.heaps[growth.heaps.length - 1]!;
  const node = lastNode(growth, survivor);
  const above = lastNode(growth, survivorAbove(growth, survivor));
  const end = Math.min(graph.firstEdge[above + 1]!, graph.firstEdge[above]! + MOST_EDGES);
  for (let edge = firstEdgeOf(graph, above); edge < end; edge++)
    if (graph.edgeTarget[edge] === node && graph.edgeType[edge] === EdgeType.property) return graph.edgeName[edge]!;
  return -1;
}

/** What alike objects of one holder have in common; null for what has no such holder. */
function groupOf(growth: HolderGrowth, survivor: SurvivorIndex): string | null {
  if (survivor === 0 || !isMember(growth, survivor)) return null;
  const holder = ancestor(growth, survivor);
  return holder === NO_SURVIVOR ? null : `${holder} ${label(growth, survivor)}`;
}

/** A container holds its members directly, or as properties of its entries: three steps are enough. */
function ancestor(growth: HolderGrowth, survivor: SurvivorIndex): SurvivorIndex {
  let at = survivor;
  for (let step = 0; step < 3; step++) {
    at = survivorAbove(growth, at);
    if (at === NO_SURVIVOR || at === 0 || isGlobal(growth, at)) return NO_SURVIVOR;
    if (isCollection(growth, at)) return at;
  }
  return NO_SURVIVOR;
}

/** All that nothing else holds alone is the global object's in the end. */
function isGlobal(growth: HolderGrowth, survivor: SurvivorIndex): boolean {
  return isGlobalObject(growth.heaps[growth.heaps.length - 1]!, lastNode(growth, survivor));
}

function isMember(growth: HolderGrowth, survivor: SurvivorIndex): boolean {
  const { graph } = growth.heaps[growth.heaps.length - 1]!;
  return graph.nodeType[lastNode(growth, survivor)] === NodeType.object;
}

/** True for what holds many objects: a handful of properties is a record. */
function isCollection(growth: HolderGrowth, survivor: SurvivorIndex): boolean {
  const { graph, owner } = growth.heaps[growth.heaps.length - 1]!;
  const node = lastNode(growth, survivor);
  if (graph.nodeType[node] !== NodeType.object) return false;
  let edges = graph.firstEdge[node + 1]! - graph.firstEdge[node]!;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (target !== node && owner[target] === node) edges += graph.firstEdge[target + 1]! - graph.firstEdge[target]!;
  }
  return edges >= LEAST_MEMBERS * 2;
}

function label(growth: HolderGrowth, survivor: SurvivorIndex): number {
  return growth.heaps[growth.heaps.length - 1]!.graph.nodeName[lastNode(growth, survivor)]!;
}
