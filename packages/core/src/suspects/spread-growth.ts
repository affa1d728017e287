import { float64Column } from "../parse/columns.js";
import type { HolderGrowth } from "../diff/holder-growth.js";
import { leftWith } from "../diff/left-behind.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../diff/survivors.js";
import { NodeType } from "../graph/v8-types.js";
import { isGlobalObject } from "./anchors.js";
import { lastNode, survivorAbove } from "./survivor-tree.js";

/** Many alike objects below one holder that each grow by a little: the histories of all users in a Map. */
export interface SpreadGrowth {
  readonly holder: SurvivorIndex;
  /** The survivors that grow, all of one class, most growth first. */
  readonly members: readonly SurvivorIndex[];
}

/** Fewer than this may be bugs of their own. */
const LEAST_MEMBERS = 8;
/** Share of what grows below a holder that must be of one class. */
const ALIKE = 0.8;
/** Share of it that one member may have at most: a large one is a suspect itself. */
const LARGEST = 0.5;

/**
 * Finds growth that is spread over many objects of one class with a common holder.
 * @param floor growth in bytes, over all intervals, below which nothing is reported
 */
export function spreadGrowth(growth: HolderGrowth, floor: number): SpreadGrowth[] {
  const gained = gains(growth);
  const groups = new Map<string, SurvivorIndex[]>();
  for (let survivor = 1; survivor < gained.length; survivor++) {
    if (gained[survivor]! <= 0 || !isMember(growth, survivor)) continue;
    const holder = ancestor(growth, survivor);
    if (holder === NO_SURVIVOR) continue;
    const key = `${holder} ${label(growth, survivor)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [survivor]);
    else group.push(survivor);
  }
  const found: SpreadGrowth[] = [];
  for (const [key, members] of groups) {
    const total = members.reduce((sum, each) => sum + gained[each]!, 0);
    if (members.length < LEAST_MEMBERS || total < floor) continue;
    members.sort((a, b) => gained[b]! - gained[a]!);
    if (gained[members[0]!]! > total * LARGEST) continue;
    if (total < ALIKE * members.reduce((sum, each) => sum + Math.abs(gained[each]!), 0)) continue;
    found.push({ holder: Number(key.slice(0, key.indexOf(" "))), members });
  }
  return found;
}

/** @returns survivor -> bytes gained, if it gained some in every interval, or has some left after cleaning up; else 0 */
function gains(growth: HolderGrowth): Float64Array {
  const { bytes, survivors, left } = growth;
  if (left !== null) return Float64Array.from(left.bytes, (_, survivor) => leftWith(growth, left, survivor));
  const { changed, program } = bytes;
  const last = program.length - 1;
  const gained = float64Column(survivors.count);
  for (let row = 0; row < changed.length; row++) {
    const isSteady = program.every((column, snapshot) => snapshot === 0 || column[row]! > program[snapshot - 1]![row]!);
    if (isSteady) gained[changed[row]!] = program[last]![row]! - program[0]![row]!;
  }
  return gained;
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
  for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (target !== node && owner[target] === node) edges += graph.firstEdge[target + 1]! - graph.firstEdge[target]!;
  }
  return edges >= LEAST_MEMBERS * 2;
}

function label(growth: HolderGrowth, survivor: SurvivorIndex): number {
  return growth.heaps[growth.heaps.length - 1]!.graph.nodeName[lastNode(growth, survivor)]!;
}
