import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { edgeNameText } from "../../graph/edges-of.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import { someRetainer } from "../../graph/incoming.js";
import { isTimersList, timersIn } from "../../graph/timer-lists.js";
import { EngineNodes } from "../../graph/v8-engine-nodes.js";
import { isRealm, nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { type Finding, giveToEngine } from "./finding.js";
import { isLeak } from "./growth-verdict.js";
import { goesOffOnce, isNodesOwn, isTimersFile } from "./node-timers.js";
import { newestUnits } from "./samples.js";

/** As many requests as Node and browsers note the times of; what comes after is not noted until somebody clears them. */
const TIMED_REQUESTS = 250;
/** Of what may be a property of a function: what has it is among the first. */
const MAX_RETAINERS = 20;
/** Where undici, which is Node's `fetch`, has its clock: in Node itself, or as a package. */
const UNDICIS_CLOCK = /^node:internal\/deps\/undici\/|\/undici\/lib\/(?:util\/)?timers\.js$/;

/** Takes out what the engine keeps for itself, whatever the program does; its growth is the engine's from then on. */
export function withoutEnginesTables(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const heap = growth.heaps.at(-1)!;
  return findings.filter((finding) => {
    const isEngines =
      isRealmsTable(heap, finding) ||
      isRootsCache(growth, finding) ||
      isFeedback(growth, finding) ||
      isCompiled(growth, finding) ||
      isRequestTimes(finding) ||
      isRequestTimers(finding) ||
      isNodesTimer(growth, finding);
    if (isEngines) giveToEngine(growth, finding);
    return !isEngines;
  });
}

/** True for a table of a realm's own, such as the one of functions that the browser has made for it so far. */
function isRealmsTable({ graph, dominator }: HeapAnalysis, { holder, path }: Finding): boolean {
  const type = graph.nodeType[holder];
  if (path.anchor !== "none" || (type !== NodeType.array && type !== NodeType.hidden)) return false;
  return isRealm(graph, dominator[holder]!);
}

/** True for caches among V8's roots, such as the one of texts of numbers, which it makes larger when it is first full. */
function isRootsCache(growth: HolderGrowth, { holder, path, grown }: Finding): boolean {
  const { graph, retainers } = growth.heaps.at(-1)!;
  if (path.anchor !== "none" || graph.nodeType[holder] !== NodeType.synthetic) return false;
  const isRefToCache = (from: NodeIndex, edge: EdgeIndex): boolean =>
    from === holder && edgeNameText(graph, edge).endsWith("_cache");
  const isCache = (node: NodeIndex): boolean =>
    graph.nodeType[node] === NodeType.array && someRetainer(graph, retainers, node, isRefToCache);
  const units = newestUnits(growth, grown);
  return units.length > 0 && units.every(isCache);
}

/**
 * True for what V8 notes of a function as it runs, such as the literals that it copies, once it is done with that; two
 * snapshots cannot say whether it is, but that it will be.
 */
function isFeedback({ heaps }: HolderGrowth, finding: Finding): boolean {
  const { holder, path } = finding;
  const { graph } = heaps.at(-1)!;
  if (path.anchor !== "none" || (isLeak(finding) && heaps.length > 2)) return false;
  return /^system \/ Feedback(?:Cell|Vector)$/.test(nodeText(graph, holder));
}

/** True for a function or a regular expression that gained by no property of its own: V8 compiled it, with the texts in it. */
function isCompiled(growth: HolderGrowth, { container, grown, slotWords, members }: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const type = graph.nodeType[container];
  if (members > 1 || slotWords.length > 0 || (type !== NodeType.closure && type !== NodeType.regexp)) return false;
  const engineNodes = new EngineNodes(growth.heaps.at(-1)!);
  return newestUnits(growth, grown).every((unit) => {
    if (isPropertyOf(growth, unit, container)) return false;
    return TEXTS.has(graph.nodeType[unit]!) || engineNodes.has(unit);
  });
}

/** True for what a function has by a name, as one that is used as a dictionary has texts. */
function isPropertyOf({ heaps }: HolderGrowth, node: NodeIndex, object: NodeIndex): boolean {
  const { graph, retainers } = heaps.at(-1)!;
  const isIt = (from: NodeIndex, edge: EdgeIndex): boolean =>
    from === object && graph.edgeType[edge] === EdgeType.property;
  return someRetainer(graph, retainers, node, isIt, MAX_RETAINERS);
}

const TEXTS: ReadonlySet<number> = new Set([NodeType.string, NodeType.consString, NodeType.slicedString]);

/** True for the times that Node notes of each `fetch`, as long as there are no more of them than it notes by itself. */
function isRequestTimes({ path, entries }: Finding): boolean {
  if (path.file !== "node:internal/perf/observe" || path.words[0] !== "resourceTimingBuffer") return false;
  return entries !== null && Math.max(...entries.counts) <= TIMED_REQUESTS;
}

/**
 * True for the timers of requests: those that are over stay in the list until the clock ticks, twice a second, and those
 * of requests that are not are a consequence of these.
 */
function isRequestTimers({ path }: Finding): boolean {
  return UNDICIS_CLOCK.test(path.file) && path.words[0] === "fastTimers";
}

/**
 * True for a single timer that goes off once and calls a function of Node's own, such as the one that forgets the date of
 * answers. It keeps what was around the call that set it, such as the store of a request, until it is due.
 */
function isNodesTimer(growth: HolderGrowth, finding: Finding): boolean {
  const { heaps } = growth;
  if (!isTimersFile(finding.path.file) || (isLeak(finding) && heaps.length > 2)) return false;
  const { graph } = heaps.at(-1)!;
  const units = newestUnits(growth, finding.grown);
  const [timer, ...others] = units.flatMap((unit) => (isTimersList(graph, unit) ? timersIn(graph, unit, 2) : [unit]));
  if (timer === undefined || others.length > 0 || !goesOffOnce(graph, timer)) return false;
  return isNodesOwn(graph, timer);
}
