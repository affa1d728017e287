import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition, closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { ROOT } from "../../graph/v8-roots.js";
import { NodeType } from "../../graph/v8-types.js";
import { nativeWord } from "../naming/browser-nodes.js";
import { libraryOf } from "../naming/library.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { callbackInWords, sampledCallback } from "./sampled-callback.js";

/** What Node has a handle for, which keeps it alive until it is closed. */
const WITH_HANDLE =
  /^(?:MessagePort|BroadcastChannel|Worker|Server|Socket|TLSSocket|TTY|UDP|ChildProcess|FSWatcher|StatWatcher|FSEvent|\w+Wrap|Pipe|TCP)$/;

const MAX_NODES = 300;

/** Workers, sockets and other objects that browser or Node keep alive for as long as they may still have something to do. */
export const activeObjects: HolderKind = {
  id: "active-objects",
  advice:
    "End what is no longer needed: terminate() a Worker, close() a socket, channel or port, disconnect() an observer.",
  recognise: (facts) =>
    nodeText(facts.heap.graph, facts.finding.container) === "Pending activities" ||
    (facts.finding.container === ROOT && WITH_HANDLE.test(classOf(facts))) ||
    (isNodesTable(facts) && callbackOf(facts) !== NO_NODE),
  title(facts) {
    const callback = callbackOf(facts);
    const called = callback === NO_NODE ? "" : `: ${callbackInWords(facts, callback)}`;
    return `${classOf(facts)} objects that are never ended${called}`;
  },
  names: (facts) => [classOf(facts)],
  position(facts) {
    const callback = callbackOf(facts);
    return callback === NO_NODE ? null : closurePosition(facts.heap.graph, callback);
  },
};

/** What the program made: a BroadcastChannel has a MessagePort for its handle. */
function classOf({ heap, samples }: HolderFacts): string {
  const [sample] = samples;
  if (sample === undefined) return "active";
  const name = nativeWord(heap.graph, sample);
  if (!WITH_HANDLE.test(name)) return name;
  const isAround = (node: NodeIndex): boolean =>
    heap.graph.nodeType[node] === NodeType.object && node !== sample && WITH_HANDLE.test(nodeText(heap.graph, node));
  const around = firstKept(heap, sample, isAround);
  return around === NO_NODE ? name : nodeText(heap.graph, around);
}

/** True for a table in one of Node's files that has objects of a class of Node's, such as all that observe something. */
function isNodesTable({ heap: { graph }, finding, samples }: HolderFacts): boolean {
  if (!finding.path.file.startsWith("node:") || !/^(?:Array|Map|Set)$/.test(nodeText(graph, finding.container)))
    return false;
  const [sample] = samples;
  if (sample === undefined || graph.nodeType[sample] !== NodeType.object) return false;
  return classPosition(graph, sample)?.file.startsWith("node:") === true;
}

/** The function of the program's that is called when such an object has something to tell; NO_NODE if there is none. */
function callbackOf(facts: HolderFacts): NodeIndex {
  const { heap, finding, samples } = facts;
  if (finding.container !== ROOT && !isNodesTable(facts)) return sampledCallback(facts);
  // A library's function is called first, and says less than the one that the program gave it.
  for (const isCalled of [isProgramFunction, isLibraryFunction])
    for (const sample of samples) {
      const callback = firstKept(heap, sample, (node) => isCalled(heap, node));
      if (callback !== NO_NODE) return callback;
    }
  return NO_NODE;
}

function isProgramFunction(heap: HeapAnalysis, node: NodeIndex): boolean {
  return functionLibrary(heap, node) === "";
}

function isLibraryFunction(heap: HeapAnalysis, node: NodeIndex): boolean {
  const library = functionLibrary(heap, node);
  return library !== null && library !== "node:";
}

function functionLibrary({ graph }: HeapAnalysis, node: NodeIndex): string | null {
  const position = graph.nodeType[node] === NodeType.closure ? closurePosition(graph, node) : null;
  return position === null ? null : libraryOf(position.file);
}

/** Node has an object's listeners a few steps below it; what two of them share is kept by the table of both. */
function firstKept(
  { graph, dominator }: HeapAnalysis,
  start: NodeIndex,
  isIt: (node: NodeIndex) => boolean,
): NodeIndex {
  const seen = new Set<NodeIndex>([start]);
  for (const node of seen) {
    if (isIt(node)) return node;
    for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && seen.size < MAX_NODES; edge++)
      if (seen.has(dominator[graph.edgeTarget[edge]!]!)) seen.add(graph.edgeTarget[edge]!);
  }
  return NO_NODE;
}
