import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isTimersList, timersIn } from "../../graph/timer-lists.js";
import { NodeType } from "../../graph/v8-types.js";
import type { Finding } from "../growth/finding.js";
import { isLeak } from "../growth/growth-verdict.js";
import { goesOffOnce, isNodesOwn, timerCallback } from "../growth/node-timers.js";
import { samplesOf } from "../growth/samples.js";

/** Timers of one list that are looked at. */
const MOST_TIMERS = 100;
/** New objects around an entry among which its timer is looked for. */
const MOST_NODES = 60;

/**
 * Marks timers that go off once, and what gains entries that have such a timer each, as a session that ends or a call that
 * times out: if that takes the entry out, there will be no more of them one day, which snapshots taken before cannot tell.
 */
export function markTimed(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const isTimed = isLeak(finding) && hasTimedEntries(growth, finding);
    const alsoHeldBy = finding.alsoHeldBy.map((other) => ({ ...other, isTimed: areTimeouts(growth, other) }));
    return { ...finding, isTimed, alsoHeldBy };
  });
}

function hasTimedEntries(growth: HolderGrowth, finding: Finding): boolean {
  if (growth.left !== null || finding.chain !== null) return false;
  if (areTimeouts(growth, finding)) return true;
  const { graph } = growth.heaps.at(-1)!;
  const samples = samplesOf(growth, finding).filter(({ edges }) => edges.length > 0);
  if (finding.entries === null || samples.length === 0) return false;
  const beside = [...finding.alsoHeldBy, ...finding.growAlong];
  if (beside.some((other) => areTimeouts(growth, other, (timer) => !isNodesOwn(graph, timer)))) return true;
  const objects = samples.filter(({ node }) => graph.nodeType[node] === NodeType.object);
  return objects.length > 0 && objects.every(({ node }) => leadsToTimeout(growth, node));
}

function leadsToTimeout(growth: HolderGrowth, start: NodeIndex): boolean {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const seen = new Set<NodeIndex>([start]);
  for (const at of seen) {
    if (goesOffOnce(graph, at) && !isNodesOwn(graph, at)) return true;
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]! && seen.size < MOST_NODES; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (growth.cuts[last]!.survivorOf(target) === NO_SURVIVOR) seen.add(target);
    }
  }
  return false;
}

/** True for a finding of Node's timers, all of which go off once, and are as asked for. */
function areTimeouts(
  growth: HolderGrowth,
  finding: Finding,
  isAskedFor: (timer: NodeIndex) => boolean = () => true,
): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const timers = samplesOf(growth, finding).flatMap(({ node }) =>
    isTimersList(graph, node) ? timersIn(graph, node, MOST_TIMERS) : [node],
  );
  const called = timers.filter((timer) => timerCallback(graph, timer) !== NO_NODE);
  return called.length > 0 && called.every((timer) => goesOffOnce(graph, timer) && isAskedFor(timer));
}
