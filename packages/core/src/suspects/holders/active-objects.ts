import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { ROOT } from "../../graph/v8-roots.js";
import { NodeType } from "../../graph/v8-types.js";
import { nativeWord } from "../browser-nodes.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { callbackInWords, sampledCallback } from "./sampled-callback.js";

/** What Node has a handle for, which keeps it alive until it is closed. */
const WITH_HANDLE =
  /^(?:MessagePort|BroadcastChannel|Worker|Server|Socket|TLSSocket|TTY|UDP|ChildProcess|FSWatcher|StatWatcher|FSEvent|\w+Wrap|Pipe|TCP)$/;

const MAX_NODES = 300;

/** Workers, sockets and other objects that browser or Node keep alive for as long as they may still have something to do. */
export const activeObjects: HolderKind = {
  id: "active-objects",
  advice: "End what is no longer needed: terminate() a Worker, close() a socket, channel or port.",
  recognise: (facts) =>
    nodeText(facts.heap.graph, facts.finding.container) === "Pending activities" ||
    (facts.finding.container === ROOT && WITH_HANDLE.test(classOf(facts))),
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

function classOf({ heap, samples }: HolderFacts): string {
  return samples[0] === undefined ? "active" : nativeWord(heap.graph, samples[0]);
}

/** The function of the program's that is called when such an object has something to tell; NO_NODE if there is none. */
function callbackOf(facts: HolderFacts): NodeIndex {
  const { heap, finding, samples } = facts;
  if (finding.container !== ROOT) return sampledCallback(facts);
  for (const sample of samples) {
    const callback = nearestFunction(heap, sample);
    if (callback !== NO_NODE) return callback;
  }
  return NO_NODE;
}

/** Node has an object's listeners a few steps below it. */
function nearestFunction({ graph, dominator }: HeapAnalysis, start: NodeIndex): NodeIndex {
  const seen = new Set<NodeIndex>([start]);
  for (const node of seen) {
    const position = graph.nodeType[node] === NodeType.closure ? closurePosition(graph, node) : null;
    if (position !== null && !position.file.startsWith("node:")) return node;
    for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]! && seen.size < MAX_NODES; edge++)
      if (dominator[graph.edgeTarget[edge]!] === node) seen.add(graph.edgeTarget[edge]!);
  }
  return NO_NODE;
}
