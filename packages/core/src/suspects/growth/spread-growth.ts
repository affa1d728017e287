import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { NodeType } from "../../graph/v8-types.js";
import { isGlobalObject } from "../naming/anchors.js";
import { steadyGains } from "./gains.js";
import { lastNode, survivorAbove } from "./survivor-tree.js";

/** Many alike objects below one holder that each grow by a little: the histories of all users in a Map. */
export interface SpreadGrowth {
  readonly holder: SurvivorIndex;
  /** The survivors that grow, all of one class, most growth first. */
  readonly members: readonly SurvivorIndex[];
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
    if (survivor === 0 || !isMember(growth, survivor)) continue;
    const holder = ancestor(growth, survivor);
    if (holder === NO_SURVIVOR) continue;
    const key = `${holder} ${label(growth, survivor)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const found: SpreadGrowth[] = [];
  for (const [key, rows] of groups) {
    const total = rows.reduce((sum, row) => sum + bytes[row]!, 0);
    if (rows.length < LEAST_MEMBERS || total < floor) continue;
    rows.sort((a, b) => bytes[b]! - bytes[a]!);
    if (bytes[rows[0]!]! > total * LARGEST) continue;
    found.push({ holder: Number(key.slice(0, key.indexOf(" "))), members: rows.map((row) => survivors[row]!) });
  }
  return found;
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
