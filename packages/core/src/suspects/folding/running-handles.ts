import type { HolderGrowth } from "../../diff/holder-growth.js";
import { sourceOf } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { runningHandles } from "../../graph/running-handles.js";
import { closurePosition } from "../../graph/source-locations.js";
import { isTimersList } from "../../graph/timer-lists.js";
import { NodeType } from "../../graph/v8-types.js";
import { isRuntimes, libraryOf } from "../naming/library.js";
import { NO_PATH } from "../naming/access-words.js";
import { byGrowth, type Finding, withGrowthOf } from "../growth/finding.js";
import { differences, isLeak } from "../growth/growth-verdict.js";
import { timerCallback } from "../growth/node-timers.js";
import { samplesOf } from "../growth/samples.js";
import { gainAlike, isUnnamed } from "./shared-holders.js";

/**
 * Tells tables of Node's own that gain an entry with each running handle by what these are of: for a Worker that nobody
 * ends Node listens to `stdout`, and for a server it has a timer. Who ends them has mended the tables. Only where nothing
 * of the program's is found: what that holds may well be what keeps them running.
 */
export function foldIntoHandles(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const leaks = findings.filter(isLeak);
  if (growth.left !== null || leaks.length === 0) return [...findings];
  if (!leaks.every((leak) => isNodesOwn(growth, leak))) return [...findings];
  const handles = growth.heaps.map(({ graph }) => runningHandles(graph));
  for (const [name, last] of handles[handles.length - 1]!) {
    const entries = { counts: handles.map((each) => each.get(name)?.length ?? 0), word: "objects" };
    const tables = leaks.filter((leak) => leak.tops === null && gainAlike({ ...leak, entries }, leak));
    const [largest, ...others] = tables.sort(byGrowth);
    if (largest === undefined) continue;
    const containers = handles.map((each, i) => startOf(growth.heaps[i]!.graph, each.get(name)));
    const holder = containers[containers.length - 1]!;
    const place = { holder, container: holder, containers, path: NO_PATH };
    const none = { slotWords: [], alsoHeldBy: [], growAlong: [] };
    const one = { ...others.reduce(withGrowthOf, largest), ...place, ...none, entries, running: last };
    return [one, ...findings.filter((finding) => !tables.includes(finding))];
  }
  return [...findings];
}

/**
 * True for a root that there are more and more running handles of a kind below, which nobody else holds, nor gains as many
 * entries as there are: what the program never ends is a leak beside others of its, and not a consequence of one of them.
 */
export function keepsHandles(growth: HolderGrowth, root: Finding, findings: readonly Finding[]): boolean {
  const leaks = findings.filter((finding) => isLeak(finding) && finding !== root);
  if (!isLeak(root) || leaks.every(isUnnamed)) return false;
  const counts = growth.heaps.map(({ graph }, snapshot) => {
    const cut = growth.cuts[snapshot]!;
    const isOurs = (edge: EdgeIndex): boolean => {
      const unit = cut.unitOf(graph.edgeTarget[edge]!);
      return unit !== NO_NODE && cut.regionOf(unit) === root.grown;
    };
    return new Map([...runningHandles(graph)].map(([name, edges]) => [name, edges.filter(isOurs).length]));
  });
  return [...counts[counts.length - 1]!.keys()].some((name) => {
    const entries = { counts: counts.map((each) => each.get(name) ?? 0), word: "objects" };
    const isMore = differences(entries.counts).every((more) => more > 0);
    return isMore && !leaks.some((leak) => gainAlike({ ...root, entries }, leak));
  });
}

function startOf(graph: HeapGraph, edges: readonly EdgeIndex[] = []): NodeIndex {
  const [edge] = edges;
  return edge === undefined ? NO_NODE : sourceOf(graph, edge);
}

/** True for a table of Node's in which the program put nothing itself, such as a listener or a timer. */
function isNodesOwn(growth: HolderGrowth, finding: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const { file, anchor, words } = finding.path;
  const isOfProcess = anchor === "global" && words[0] === "process";
  // A timer of Node's leads to all others, and so does any variable that leads to one.
  if (!isRuntimes(file) && !isOfProcess && !isTimersList(graph, finding.container)) return false;
  return samplesOf(growth, finding).every(({ node }) => {
    const called = graph.nodeType[node] === NodeType.closure ? node : timerCallback(graph, node);
    const position = called === NO_NODE ? null : closurePosition(graph, called);
    return position === null || libraryOf(position.file) === "node:";
  });
}
