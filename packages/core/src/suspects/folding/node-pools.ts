import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { findEdge, NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { someRetainer } from "../../graph/incoming.js";
import { classPosition, closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { type Finding, giveToEngine } from "../growth/finding.js";
import { differences, isLeak, sum } from "../growth/growth-verdict.js";
import { timerCallback } from "../growth/node-timers.js";
import { samplesOf } from "../growth/samples.js";
import { isNodesRegistry, isUnnamed } from "./shared-holders.js";

/** Of what may be a pool: its owner is among the first. */
const MAX_RETAINERS = 20;
/** Where Node has what it does when a socket was idle for as long as it may be. */
const SOCKET_FILES = /^node:(?:net|internal\/stream_base_commons)$/;
/** An idle connection takes some 3 kB; with far more something waits in it. */
const IDLE_BYTES = 16_384;

/**
 * Takes out what Node keeps to use it again, or until its time is over: parsers that are free, idle connections of an
 * Agent, and those of a server, which it ends itself. There are as many as were open at one time: that grows with the
 * load, and not with time. With two snapshots, what it is to be told of objects that are gone, too. Its growth is the
 * engine's from then on, unless the program holds the same.
 */
export function withoutPools(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const heap = growth.heaps.at(-1)!;
  const isOne = (finding: Finding): boolean =>
    isPool(heap, finding) || isIdleConnections(growth, finding) || (growth.heaps.length === 2 && isToBeTold(finding));
  return findings.filter((finding) => {
    if (!isLeak(finding) || growth.left !== null || finding.members > 1 || !isOne(finding)) return true;
    if (!finding.alsoHeldBy.every((other) => isUnnamed(other) || isOne(other))) return true;
    giveToEngine(growth, finding);
    return false;
  });
}

/** True for what Node registered for objects that are gone: of those that live there are no more than before. */
function isToBeTold(finding: Finding): boolean {
  return isNodesRegistry(finding) && sum(differences(finding.entries!.counts)) <= 0;
}

function isPool(heap: HeapAnalysis, { container }: Finding): boolean {
  const { graph, retainers } = heap;
  if (isOfIdleSockets(heap, container)) return true; // with a list for a host that it had none to before
  if (nodeText(graph, container) !== "Array") return false;
  const isOwner = (from: NodeIndex): boolean => isFreeList(graph, from) || isOfIdleSockets(heap, from);
  return someRetainer(graph, retainers, container, isOwner, MAX_RETAINERS);
}

function isFreeList(graph: HeapGraph, node: NodeIndex): boolean {
  return classPosition(graph, node)?.file === "node:internal/freelist";
}

/** True for what an Agent, or an object of a class that extends it, has the idle connections to each host in. */
function isOfIdleSockets({ graph, retainers }: HeapAnalysis, table: NodeIndex): boolean {
  const isAgents = (from: NodeIndex, edge: EdgeIndex): boolean =>
    graph.edgeType[edge] === EdgeType.property &&
    graph.strings.text(graph.edgeName[edge]!) === "freeSockets" &&
    ["sockets", "requests"].every((name) => findEdge(graph, from, EdgeType.property, name) !== NO_EDGE);
  return someRetainer(graph, retainers, table, isAgents, MAX_RETAINERS);
}

/** True for timers that end connections that are idle: it is those that there are more of. */
function isIdleConnections(growth: HolderGrowth, finding: Finding): boolean {
  if (finding.entries === null) return false;
  if (sum(finding.bytes) > sum(differences(finding.entries.counts)) * IDLE_BYTES) return false;
  const { graph } = growth.heaps.at(-1)!;
  const callbacks = samplesOf(growth, finding)
    .map(({ node }) => timerCallback(graph, node))
    .filter((callback) => callback !== NO_NODE);
  return (
    callbacks.length > 0 &&
    callbacks.every((callback) => SOCKET_FILES.test(closurePosition(graph, callback)?.file ?? ""))
  );
}
