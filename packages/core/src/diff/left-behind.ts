import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import type { HolderGrowth } from "./holder-growth.js";
import { unitBytes } from "./holder-sums.js";
import { NO_SURVIVOR, type SurvivorIndex } from "./survivors.js";

/**
 * What an action left behind, of three snapshots taken before it, after it and after cleaning up: objects of the
 * program's that the second snapshot has and the first has not, and that are still in the third.
 */
export interface LeftBehind {
  readonly isLeft: Uint8Array; // node of the last snapshot -> 1 if the action left it behind
  readonly bytes: Float64Array; // survivor -> bytes left behind that it is counted for; its own storage apart
  readonly storage: Float64Array; // survivor -> bytes by which its own storage grew, and stayed
  readonly unitBytes: Float64Array; // root of a unit of the last snapshot -> bytes left behind in it
}

/**
 * Adds to the growth of three snapshots what the action between the first two left behind.
 * @param matches per interval: node of the later snapshot -> node of the earlier one, or NO_NODE
 */
export function withLeftBehind(growth: HolderGrowth, matches: readonly Uint32Array[]): HolderGrowth {
  const [before, after, cleaned] = growth.heaps as [HeapAnalysis, HeapAnalysis, HeapAnalysis];
  const [matchBefore, matchAfter] = matches as [Uint32Array, Uint32Array];
  const { owner, ownedSize, graph } = cleaned;
  const cut = growth.cuts[2]!;
  const engineNodes = new EngineNodes(cleaned);
  const isLeft = new Uint8Array(graph.nodeCount);
  const bytes = new Float64Array(growth.survivors.count);
  const storage = new Float64Array(growth.survivors.count);
  const inUnit = new Float64Array(graph.nodeCount);
  for (let node = 0; node < graph.nodeCount; node++) {
    const then = matchAfter[node]!;
    if (then === NO_NODE || owner[node] !== node || ownedSize[node] === 0 || engineNodes.has(node)) continue;
    // What it gained or lost while cleaning up is none of the action's.
    const size = Math.min(after.ownedSize[then]!, ownedSize[node]!);
    const old = matchBefore[then]!;
    const survivor = cut.survivorOf(node);
    if (survivor !== NO_SURVIVOR) storage[survivor] = Math.max(0, size - before.ownedSize[old]!);
    else if (old === NO_NODE) {
      isLeft[node] = 1;
      bytes[cut.regionOf(node)]! += size;
      const unit = cut.unitOf(node);
      if (unit !== NO_NODE) inUnit[unit]! += size;
    }
  }
  return { ...growth, left: { isLeft, bytes, storage, unitBytes: inUnit } };
}

/**
 * Bytes that a survivor has more than before the action, and owes to it. A cache that dropped as much as it took on
 * holds nothing more; what came while cleaning up does not count.
 * @param room how much of that its own storage may account for
 */
export function leftWith(
  { bytes }: HolderGrowth,
  left: LeftBehind,
  survivor: SurvivorIndex,
  room: number = left.storage[survivor]!,
): number {
  const program = bytes.programOf(survivor);
  const net = program[program.length - 1]! - program[0]!;
  return Math.max(0, Math.min(left.bytes[survivor]! + room, net));
}

/**
 * The same for some units of a holder's.
 * @param tops per snapshot the roots of the units
 */
export function leftInUnits(growth: HolderGrowth, left: LeftBehind, tops: readonly Iterable<NodeIndex>[]): number {
  const last = tops.length - 1;
  let [kept, net] = [0, 0];
  for (const root of tops[0]!) net -= unitBytes(growth, 0, root);
  for (const root of tops[last]!) {
    kept += left.unitBytes[root]!;
    net += unitBytes(growth, last, root);
  }
  return Math.max(0, Math.min(kept, net));
}
