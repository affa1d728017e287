import { endOfEdges } from "../graph/edges-aside.js";
import type { HeapGraph, NodeIndex } from "../graph/heap-graph.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import type { HolderBytes } from "./holder-bytes.js";
import type { HolderSums } from "./holder-sums.js";
import { NO_SURVIVOR, type SurvivorIndex } from "./survivors.js";

/** What one of two must lose in an interval for somebody else to have got it. */
const WORTH_BYTES = 1024;
/** Share of what both gain at least that one of them may gain by itself, and still be thought of as taking turns. */
const OWN_SHARE = 0.5;
/** Holders that gain and lose which are looked at, and the references of each. */
const MAX_HOLDERS = 2000;
const MAX_EDGES = 64;

type Sums = Pick<HolderSums, "heaps" | "survivors" | "cuts"> & { readonly bytes: HolderBytes };

/**
 * Two objects that refer to each other by one property may take turns: what a component of React's keeps is at one of
 * its two fibers after one update, at the other after the next, and at whichever a snapshot comes upon. Neither seems to
 * grow where both together do so all the time. From here on the one that has more is the same survivor in all snapshots.
 */
export function settleTurns(sums: Sums): void {
  const { heaps, survivors, cuts, bytes } = sums;
  const pairs = pairsThatTakeTurns(sums);
  for (const snapshot of pairs.length === 0 ? [] : heaps.keys()) {
    const exchanged = new Map<SurvivorIndex, SurvivorIndex>();
    for (const [one, other] of pairs)
      if (bytes.programOf(one)[snapshot]! < bytes.programOf(other)[snapshot]!)
        exchanged.set(one, other).set(other, one);
    if (exchanged.size === 0) continue;
    for (const [one, other] of exchanged) if (one < other) bytes.exchange(snapshot, one, other);
    survivors.exchange(snapshot, exchanged);
    cuts[snapshot]!.exchange(exchanged);
  }
}

function pairsThatTakeTurns(sums: Sums): [SurvivorIndex, SurvivorIndex][] {
  const pairs: [SurvivorIndex, SurvivorIndex][] = [];
  const paired = new Set<SurvivorIndex>();
  for (const one of gainingAndLosing(sums.bytes)) {
    const other = paired.has(one) ? NO_SURVIVOR : otherOf(sums, one);
    if (other === NO_SURVIVOR || paired.has(other) || !doTakeTurns(sums.bytes, one, other)) continue;
    paired.add(one).add(other);
    pairs.push([one, other]);
  }
  return pairs;
}

function gainingAndLosing({ changed, program }: HolderBytes): SurvivorIndex[] {
  const found: SurvivorIndex[] = [];
  for (let row = 0; row < changed.length && found.length < MAX_HOLDERS; row++) {
    let [gains, loses] = [false, false];
    for (let snapshot = 1; snapshot < program.length; snapshot++) {
      const gained = program[snapshot]![row]! - program[snapshot - 1]![row]!;
      gains ||= gained > 0;
      loses ||= gained <= -WORTH_BYTES;
    }
    if (gains && loses) found.push(changed[row]!);
  }
  return found;
}

/** Both together gain much more in the least of the intervals than either does by itself. */
function doTakeTurns(bytes: HolderBytes, one: SurvivorIndex, other: SurvivorIndex): boolean {
  const [a, b] = [bytes.programOf(one), bytes.programOf(other)];
  const together = leastGain(a.map((each, snapshot) => each + b[snapshot]!));
  return together > 0 && Math.max(leastGain(a), leastGain(b)) < together * OWN_SHARE;
}

function leastGain(series: readonly number[]): number {
  return Math.min(...series.slice(1).map((value, i) => value - series[i]!));
}

/** The survivor of the same class that one and the same property of both makes a pair, or NO_SURVIVOR. */
function otherOf({ heaps, survivors, cuts }: Sums, one: SurvivorIndex): SurvivorIndex {
  const last = heaps.length - 1;
  const { graph } = heaps[last]!;
  const node = survivors.nodesIn(last)[one]!;
  if (graph.nodeType[node] !== NodeType.object) return NO_SURVIVOR;
  const end = endOfEdges(graph, node, MAX_EDGES);
  for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    const isAlike = target !== node && graph.nodeName[target] === graph.nodeName[node];
    if (!isAlike || graph.nodeType[target] !== NodeType.object || graph.edgeType[edge] !== EdgeType.property) continue;
    const other = cuts[last]!.survivorOf(target);
    if (other !== NO_SURVIVOR && refersTo(graph, target, graph.edgeName[edge]!, node)) return other;
  }
  return NO_SURVIVOR;
}

function refersTo(graph: HeapGraph, from: NodeIndex, name: number, to: NodeIndex): boolean {
  const end = endOfEdges(graph, from, MAX_EDGES);
  for (let edge = graph.firstEdge[from]!; edge < end; edge++)
    if (graph.edgeTarget[edge] === to && graph.edgeType[edge] === EdgeType.property && graph.edgeName[edge] === name)
      return true;
  return false;
}
