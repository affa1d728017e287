import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { propertyOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { retains } from "../../graph/retaining-edges.js";
import { classPosition } from "../../graph/source-locations.js";
import { NodeType } from "../../graph/v8-types.js";
import { countedFor, type Finding, isCounted } from "../growth/finding.js";
import { isLeak, sum } from "../growth/growth-verdict.js";
import { isRuntimes } from "../naming/library.js";

/** Share of the bytes of what is new that belongs to requests in flight, from which the finding is made of those. */
const MOST = 0.8;
/** What is kept of one request in one place is this many units at most: an object and its key, and what Node has of it. */
const MOST_OF_ONE = 32;
/** More units than these are of no requests that are being answered at one time. */
const MAX_UNITS = 2048;
/** Objects around a unit among which a request is looked for. */
const MAX_NODES = 300;
/** Objects that are looked at of a request. */
const MOST_NODES = 2000;

/**
 * Marks what is held for requests that were not answered yet when the second of two snapshots was taken. There are as
 * many as happened to be in flight, which says nothing of a leak. But requests that nobody ever answers look the same,
 * so that it stays a finding. A third snapshot tells the two apart: with that nothing is marked.
 */
export function markInFlight(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  if (growth.heaps.length !== 2 || growth.left !== null) return [...findings];
  const units = unitsOf(growth, new Set(findings.filter(isLeak).flatMap((finding) => countedFor(finding))));
  const requests = openRequests(growth, units);
  return findings.map((finding) => ({
    ...finding,
    isInFlight: isLeak(finding) && isOfRequests(growth, finding, units, requests),
  }));
}

/** The roots of the units of some holders, in the last snapshot, in one pass. */
function unitsOf({ cuts }: HolderGrowth, holders: ReadonlySet<SurvivorIndex>): Map<SurvivorIndex, NodeIndex[]> {
  const cut = cuts.at(-1)!;
  const found = new Map<SurvivorIndex, NodeIndex[]>([...holders].map((holder) => [holder, []]));
  for (let row = 0; row < cut.members.length; row++) {
    const node = cut.members[row]!;
    if (cut.unitAt(row) !== node) continue;
    const units = found.get(cut.regionAt(row));
    if (units !== undefined && units.length <= MAX_UNITS) units.push(node);
  }
  return found;
}

/**
 * What belongs to a request in flight -> that request: units that lead to one, by way of new objects alone, and all new
 * that it leads to. A connection may have served others before, so that no way to a request goes through it.
 */
function openRequests(
  growth: HolderGrowth,
  units: ReadonlyMap<SurvivorIndex, readonly NodeIndex[]>,
): Map<NodeIndex, NodeIndex> {
  const { graph } = growth.heaps.at(-1)!;
  const found = new Map<NodeIndex, NodeIndex>();
  const requests = new Set<NodeIndex>();
  for (const unit of [...units.values()].filter((each) => each.length <= MAX_UNITS).flat()) {
    for (const node of newFrom(growth, unit, MAX_NODES, (at) => !isConnection(graph, at) && !isAnswered(graph, at))) {
      const request = openMessage(graph, node);
      if (request === NO_NODE) continue;
      found.set(unit, request);
      requests.add(request);
      break;
    }
  }
  for (const request of requests)
    for (const node of newFrom(growth, request, MOST_NODES)) if (!found.has(node)) found.set(node, request);
  return found;
}

/** True if what is new in a finding belongs, by most of its bytes, to requests in flight. */
function isOfRequests(
  growth: HolderGrowth,
  finding: Finding,
  units: ReadonlyMap<SurvivorIndex, readonly NodeIndex[]>,
  requests: ReadonlyMap<NodeIndex, NodeIndex>,
): boolean {
  // Links of a list lead to one another, whichever of them a request in flight knows of.
  if (finding.chain !== null || finding.linkedClass !== null) return false;
  const last = growth.heaps.length - 1;
  const { retainedSize } = growth.heaps[last]!;
  const bytesOf = (nodes: readonly NodeIndex[]): number => sum(nodes.map((node) => retainedSize[node]!));
  const counts = (holder: SurvivorIndex, unit: NodeIndex): boolean =>
    isCounted(finding, holder, unit, last) && (finding.only === null || finding.only.has(unit));
  const news = countedFor(finding).flatMap((holder) => units.get(holder)!.filter((unit) => counts(holder, unit)));
  const theirs = news.filter((unit) => requests.has(unit));
  const different = new Set(theirs.map((unit) => requests.get(unit)!));
  return news.length <= different.size * MOST_OF_ONE && bytesOf(theirs) > bytesOf(news) * MOST;
}

/** New objects that something new leads to by way of others, itself first. */
function* newFrom(
  growth: HolderGrowth,
  start: NodeIndex,
  most: number,
  isPassed: (node: NodeIndex) => boolean = () => true,
): Iterable<NodeIndex> {
  const last = growth.heaps.length - 1;
  const { graph, retaining } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const seen = new Set<NodeIndex>([start]);
  for (const at of seen) {
    yield at;
    if (!isPassed(at)) continue;
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]! && seen.size < most; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (cut.survivorOf(target) === NO_SURVIVOR && retains(retaining, edge)) seen.add(target);
    }
  }
}

/** What is in flight where a node is it, what it answers or the connection that is busy with it; NO_NODE if it is answered. */
function openMessage(graph: HeapGraph, node: NodeIndex): NodeIndex {
  if (graph.nodeType[node] !== NodeType.object) return NO_NODE;
  if (isObject(graph, propertyOf(graph, node, STREAMS_SESSION))) return node;
  const own = busyWith(graph, node);
  if (own !== NO_NODE) return own;
  const message = busyWith(graph, propertyOf(graph, node, "socket"));
  return message !== NO_NODE && isItsMessage(graph, node, message) ? message : NO_NODE;
}

/** By this a stream of HTTP/2 knows its session, for as long as it is open. */
const STREAMS_SESSION = "<symbol kSession>";

function isConnection(graph: HeapGraph, node: NodeIndex): boolean {
  return propertyOf(graph, node, "_httpMessage") !== NO_NODE;
}

/** True for a message whose connection is busy with another by now. */
function isAnswered(graph: HeapGraph, node: NodeIndex): boolean {
  const message = busyWith(graph, propertyOf(graph, node, "socket"));
  return message !== NO_NODE && !isItsMessage(graph, node, message);
}

function busyWith(graph: HeapGraph, socket: NodeIndex): NodeIndex {
  const message = socket === NO_NODE || isClosed(graph, socket) ? NO_NODE : propertyOf(graph, socket, "_httpMessage");
  return isObject(graph, message) ? message : NO_NODE;
}

/** True for a connection of Node's that is no more: who asked has hung up, and whatever still waits for an answer is left. */
function isClosed(graph: HeapGraph, socket: NodeIndex): boolean {
  return !isObject(graph, propertyOf(graph, socket, "_handle")) && isRuntimes(classPosition(graph, socket)?.file ?? "");
}

function isItsMessage(graph: HeapGraph, node: NodeIndex, message: NodeIndex): boolean {
  return node === message || ["req", "res"].some((name) => propertyOf(graph, message, name) === node);
}

function isObject(graph: HeapGraph, node: NodeIndex): boolean {
  return node !== NO_NODE && graph.nodeType[node] === NodeType.object;
}
