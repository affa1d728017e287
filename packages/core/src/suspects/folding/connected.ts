import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { generatedPosition } from "../../graph/source-locations.js";
import { isTimersList } from "../../graph/timer-lists.js";
import { isText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import type { Finding } from "../growth/finding.js";
import { isRuntimes } from "../naming/library.js";
import { samplesOf } from "../growth/samples.js";

/** New things of a finding that are looked around, and objects around each: a request, with what it refers to. */
const MAX_SAMPLES = 3;
const MAX_NODES = 400;

/**
 * True if what one finding holds leads to what the other holds, weak references included. Two holders that gain an
 * entry in every request are two bugs, unless it is the same request that both of them know of.
 */
export function isConnected(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  return leadsTo(growth, one, other) || leadsTo(growth, other, one);
}

/**
 * True if what one finding holds leads to what the other does. A text may be known to both by chance, as the name of what
 * one of them has let go of; but of a timer an id is enough to be for an entry, which it looks up when it goes off.
 */
export function leadsTo(growth: HolderGrowth, from: Finding, to: Finding): boolean {
  const last = growth.heaps.length - 1;
  const cut = growth.cuts[last]!;
  const wanted = new Set([to.grown, ...to.folded]);
  const isTheirs = (node: NodeIndex): boolean =>
    wanted.has(cut.regionOf(node)) && (to.only === null || to.only.has(cut.unitOf(node)));
  const { graph } = growth.heaps[last]!;
  const areTimers = [from, to].some(({ container }) => isTimersList(graph, container));
  const isEvidence = (node: NodeIndex): boolean => areTimers || !isText(graph.nodeType[node]!);
  return someNear(growth, from, (node, isNew) => isNew && isEvidence(node) && isTheirs(node));
}

/** True if a finding holds functions of the program's, such as the callbacks of timers. */
export function holdsCallbacks(growth: HolderGrowth, finding: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  return someNear(growth, finding, (node) => {
    if (graph.nodeType[node] !== NodeType.closure) return false;
    const position = generatedPosition(graph, node);
    return position !== null && !isRuntimes(position.file);
  });
}

/** Looks around what is new in a finding, one step at most into what lives in all snapshots. */
function someNear(
  growth: HolderGrowth,
  finding: Finding,
  isWanted: (node: NodeIndex, isNew: boolean) => boolean,
): boolean {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const isNew = (node: NodeIndex): boolean => cut.unitOf(node) !== NO_NODE;
  for (const { node: sample } of samplesOf(growth, finding).slice(0, MAX_SAMPLES)) {
    const seen = new Set<NodeIndex>([sample]);
    for (const node of seen) {
      if (isWanted(node, isNew(node))) return true;
      if (!isNew(node)) continue;
      for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && seen.size < MAX_NODES; edge++)
        seen.add(graph.edgeTarget[edge]!);
    }
  }
  return false;
}
