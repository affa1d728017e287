import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { propertyOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition, closurePosition, type SourcePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { callOfGenerator } from "../../graph/waiting-calls.js";
import { ROOT } from "../../graph/v8-roots.js";
import { NodeType } from "../../graph/v8-types.js";
import { PENDING } from "../growth/browser-entries.js";
import { arePending } from "../growth/pending-operations.js";
import { nativeWord } from "../naming/browser-nodes.js";
import { isRuntimes, libraryOf } from "../naming/library.js";
import { type HolderFacts, type HolderKind, ifGrown } from "./holder-kind.js";
import { callbackInWords, sampledCallback } from "./sampled-callback.js";

/** What Node has a handle for, which keeps it alive until it is closed. */
const WITH_HANDLE =
  /^(?:MessagePort|BroadcastChannel|Worker|Server|Socket|TLSSocket|TTY|UDP|ChildProcess|FSWatcher|StatWatcher|FSEvent|\w+Wrap|Pipe|TCP|(?:Client|Server)?Http2Session)$/;

/** What the program does not know, but has something around. */
const NODES_SIDE = /^(?:MessagePort|StatWatcher|FSEvent|\w+Wrap|Process|Pipe|TCP|TTY|UDP|Http2Session)$/;
/** What has sockets of its own, whichever of the two leads to the other. */
const HAS_SOCKETS = /^(?:ChildProcess|(?:Client|Server)Http2Session)$/;

/** What the runtime was asked for, is not done yet, and is of no object that could be ended. */
const OPERATION = "Operation";

/** Objects around a handle among which what the program made is looked for. */
const MAX_NODES = 300;
/** Behind an operation that is not done there are first the calls of the runtime's own that wait for it. */
const MAX_NODES_BEHIND = 2000;

const GENERAL =
  "End what is no longer needed: terminate() a Worker, close() a server, session, socket or port, disconnect() an observer, disable() a hook, remove the listener from a signal.";

/** How objects of some classes are ended, or let go of. */
const ENDED_BY: readonly (readonly [RegExp, string])[] = [
  [/^StatWatcher$/, "Call fs.unwatchFile() with the file and the same listener when who asked for it goes."],
  [/^(?:FSWatcher|FSEvent)$/, "Call close() on what fs.watch() returned when who asked for it goes."],
  [/^AsyncHook$/, "Call disable() on it when what made it goes, or make one for all."],
  [
    /^AsyncLocalStorage$/,
    "Make one for the whole program, outside of what is done for a request; or call disable() on it.",
  ],
  [/^PerformanceObserver$/, "Call disconnect() on it when what made it goes, or make one for all."],
  [/^Worker$/, "Call terminate() when its work is done, or have a few that are used again."],
  [
    /^MediaQueryList$/,
    "Remove the listener from it when what added it goes (removeEventListener with the same function, or an AbortSignal as its option).",
  ],
  [/^(?:Oscillator|ConstantSource|AudioBufferSource)Node$/, "Call stop() when it has sounded, and disconnect() it."],
  [/^Operation$/, "Have it end: give it a signal that aborts after a time (AbortSignal.timeout()), or abort it."],
  [/^ReadableStream/, "Call cancel() on it, or on its reader, when who reads it goes."],
  [
    /^(?:WebSocket|EventSource|BroadcastChannel|FsWatcher|(?:Tls|Unix)?Listener|IDBDatabase|RTC(?:PeerConnection|DataChannel)|AudioContext)$/,
    "Call close() when what opened it goes.",
  ],
];

/** Workers, sockets and other objects that browser or Node keep alive for as long as they may still have something to do. */
export const activeObjects: HolderKind = {
  id: "active-objects",
  advice: GENERAL,
  advise: (facts) => endOf(classOf(facts)) ?? GENERAL,
  recognise: (facts) =>
    nodeText(facts.heap.graph, facts.finding.container) === PENDING ||
    facts.finding.running !== null ||
    (facts.finding.container === ROOT && (WITH_HANDLE.test(classOf(facts)) || isNodesOwn(facts))) ||
    isPending(facts) ||
    (isNodesTable(facts) && (callbackOf(facts) !== NO_NODE || endOf(classOf(facts)) !== undefined)),
  title(facts) {
    const callback = callbackOf(facts);
    const called = callback === NO_NODE ? "" : `: ${callbackInWords(facts, callback)}`;
    const name = classOf(facts);
    // A media query has no end: it is kept for as long as it has listeners.
    const left = name === "MediaQueryList" ? " whose listeners are never removed" : " that are never ended";
    const what = name === OPERATION ? "operations of the runtime" : `${name} objects`;
    return `${what}${ifGrown(facts, left)}${called}`;
  },
  names: (facts) => [classOf(facts)],
  position(facts) {
    const callback = callbackOf(facts);
    return callback === NO_NODE ? null : closurePosition(facts.heap.graph, callback);
  },
};

function endOf(name: string): string | undefined {
  return ENDED_BY.find(([pattern]) => pattern.test(name))?.[1];
}

/** What the program made: a server has a handle called TCP, a BroadcastChannel a MessagePort. */
function classOf(facts: HolderFacts): string {
  const [sample] = facts.samples;
  if (sample === undefined) return "active";
  if (isPending(facts)) return waitingFor(facts, sample);
  const { graph } = facts.heap;
  const name = nativeWord(graph, sample);
  const around = objectAround(facts, sample, name);
  if (around !== NO_NODE) return nodeText(graph, around);
  // V8 up to 11 calls a signal that aborts after a time by the class that it extends.
  const constructed = isOfNodesClass(facts.heap, sample) ? constructorOf(graph, sample) : NO_NODE;
  return constructed === NO_NODE ? name : nodeText(graph, constructed);
}

/** What an operation that is not done is one of, if that is to be ended. */
function waitingFor(facts: HolderFacts, sample: NodeIndex): string {
  const { graph } = facts.heap;
  const isIt = (node: NodeIndex): boolean =>
    (WITH_HANDLE.test(nodeText(graph, node)) || endOf(nodeText(graph, node)) !== undefined) &&
    isOfNodesClass(facts.heap, node);
  const found = firstOf(facts, sample, isIt);
  return found === NO_NODE ? OPERATION : nodeText(graph, found);
}

/** The object that has a handle, or a function that Node calls; NO_NODE if it is one that the program knows itself. */
function objectAround(facts: HolderFacts, sample: NodeIndex, name: string): NodeIndex {
  const { graph } = facts.heap;
  const isOther = (node: NodeIndex): boolean => graph.nodeType[node] === NodeType.object && node !== sample;
  const isCalled = (names: RegExp) => (node: NodeIndex) => isOther(node) && names.test(nodeText(graph, node));
  if (WITH_HANDLE.test(name) && !HAS_SOCKETS.test(name)) {
    const owner = firstNew(facts, sample, isCalled(HAS_SOCKETS));
    if (owner !== NO_NODE) return owner;
  }
  if (NODES_SIDE.test(name)) return firstOf(facts, sample, isCalled(WITH_HANDLE));
  if (graph.nodeType[sample] !== NodeType.closure) return NO_NODE;
  return firstOf(facts, sample, (node) => isOther(node) && isOfNodesClass(facts.heap, node));
}

/** True for objects of a class of Node's, and its functions, that nothing but Node keeps. */
function isNodesOwn({ heap, samples: [sample] }: HolderFacts): boolean {
  if (sample === undefined) return false;
  return isOfNodesClass(heap, sample) || functionLibrary(heap, sample) === "node:";
}

function isOfNodesClass({ graph }: HeapAnalysis, node: NodeIndex): boolean {
  if (graph.nodeType[node] !== NodeType.object) return false;
  const position = classPosition(graph, node) ?? constructorPosition(graph, node);
  return position !== null && isRuntimes(position.file);
}

/** V8 notes no place for some objects that are not made by `new`, such as signals that abort after a time. */
function constructorPosition(graph: HeapGraph, object: NodeIndex): SourcePosition | null {
  const constructed = constructorOf(graph, object);
  return constructed === NO_NODE ? null : closurePosition(graph, constructed);
}

function constructorOf(graph: HeapGraph, object: NodeIndex): NodeIndex {
  const prototype = propertyOf(graph, object, "__proto__");
  const found = prototype === NO_NODE ? NO_NODE : propertyOf(graph, prototype, "constructor");
  return found !== NO_NODE && graph.nodeType[found] === NodeType.closure ? found : NO_NODE;
}

/** True for a table in one of Node's files that has objects of a class of Node's, such as all that observe something. */
function isNodesTable({ heap, finding, samples: [sample] }: HolderFacts): boolean {
  if (!isRuntimes(finding.path.file) || !/^(?:Array|Map|Set)$/.test(nodeText(heap.graph, finding.container)))
    return false;
  if (sample === undefined) return false;
  return isOfNodesClass(heap, sample);
}

function isPending({ heap, finding, samples }: HolderFacts): boolean {
  return arePending(heap.graph, finding, () => samples);
}

/** The function of the program's that is called when such an object has something to tell; NO_NODE if there is none. */
function callbackOf(facts: HolderFacts): NodeIndex {
  const { heap, finding, samples } = facts;
  if (finding.container !== ROOT && finding.running === null && !isNodesTable(facts) && !isPending(facts))
    return sampledCallback(facts);
  // A library's function is called first, and says less than the one that the program gave it.
  for (const isCalled of [isProgramFunction, isLibraryFunction])
    for (const sample of samples) {
      const found = firstOf(facts, sample, (node) => isCalled(heap, calledBy(heap, node)));
      if (found !== NO_NODE) return calledBy(heap, found);
    }
  return NO_NODE;
}

/** The function of a call that waits, which lives on where it is not made for that call; anything else is itself. */
function calledBy({ graph }: HeapAnalysis, node: NodeIndex): NodeIndex {
  return callOfGenerator(graph, node)?.closure ?? node;
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

/**
 * The first that an object keeps: Node has its listeners a few steps below it; what two of them share is kept by the table
 * of both. Of a running handle, whose object something else keeps, the first that is as new.
 */
function firstOf(facts: HolderFacts, start: NodeIndex, isIt: (node: NodeIndex) => boolean): NodeIndex {
  if (facts.finding.running !== null || isPending(facts)) return firstNew(facts, start, isIt);
  const { graph, dominator } = facts.heap;
  return first(graph, start, isIt, (node, seen) => seen.has(dominator[node]!));
}

/** The first that is as new as an object, and that it leads to. */
function firstNew(facts: HolderFacts, start: NodeIndex, isIt: (node: NodeIndex) => boolean): NodeIndex {
  const { heap, growth } = facts;
  const cut = growth.cuts.at(-1)!;
  const most = isPending(facts) ? MAX_NODES_BEHIND : MAX_NODES;
  return first(heap.graph, start, isIt, (node) => cut.unitOf(node) !== NO_NODE, most);
}

function first(
  graph: HeapGraph,
  start: NodeIndex,
  isIt: (node: NodeIndex) => boolean,
  belongs: (node: NodeIndex, seen: ReadonlySet<NodeIndex>) => boolean,
  most = MAX_NODES,
): NodeIndex {
  const seen = new Set<NodeIndex>([start]);
  for (const node of seen) {
    if (isIt(node)) return node;
    for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && seen.size < most; edge++)
      if (belongs(graph.edgeTarget[edge]!, seen)) seen.add(graph.edgeTarget[edge]!);
  }
  return NO_NODE;
}
