import { firstEdgeOf } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { differences } from "../growth/growth-verdict.js";
import { libraryOf } from "../naming/library.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { callbackInWords } from "./sampled-callback.js";

/** So many promises that wait for each other are no steps of one task. */
const LEAST_LINKS = 32;
/** Nodes around a sample that are looked at for the end of a chain. */
const MAX_NODES = 200;

/**
 * A function that returns or awaits its own next call: each call's promise waits for the next one's, for ever. Who will
 * settle the last, such as a timer or an emitter, keeps them all, and is innocent.
 */
export const promiseChain: HolderKind = {
  id: "promise-chain",
  advice:
    "An async function that returns or awaits the next call of itself leaves a promise of each call, since none settles before the last: loop instead.",
  recognise: (facts) => !gainsEntries(facts) && facts.samples.some((sample) => chainFrom(facts, sample) !== null),
  title(facts) {
    const loop = loopOf(facts);
    const words = loop === NO_NODE ? "" : `: ${callbackInWords(facts, loop)}`;
    return `chain of pending Promises, each waiting for the next${words}`;
  },
  names(facts) {
    const loop = loopOf(facts);
    return loop === NO_NODE ? facts.finding.path.words : [nodeText(facts.heap.graph, loop)];
  },
  position(facts) {
    const loop = loopOf(facts);
    return loop === NO_NODE ? facts.finding.path.position : closurePosition(facts.heap.graph, loop);
  },
};

/** What gains entries keeps those, wherever they lead. */
function gainsEntries({ finding: { entries } }: HolderFacts): boolean {
  return entries !== null && differences(entries.counts).every((gained) => gained > 0);
}

/** The suspended function that the chain ends in; NO_NODE if it is none of the program's. */
function loopOf(facts: HolderFacts): NodeIndex {
  for (const sample of facts.samples) {
    const loop = chainFrom(facts, sample);
    if (loop !== null) return loop;
  }
  return NO_NODE;
}

/** The program's function that was suspended last where a long chain begins near a node; null if none begins there. */
function chainFrom({ heap: { graph }, growth }: HolderFacts, start: NodeIndex): NodeIndex | null {
  const cut = growth.cuts[growth.heaps.length - 1]!;
  let loop = NO_NODE;
  let isChain = false;
  const seen = new Set([start]);
  for (const node of seen) {
    if (nodeText(graph, node) === "Promise" && !isChain) isChain = isLong(graph, node);
    if (nodeText(graph, node) === "Generator" && loop === NO_NODE) loop = suspended(graph, node);
    if (isChain && loop !== NO_NODE) break;
    if (cut.unitOf(node) === NO_NODE && node !== start) continue;
    for (const target of targetsOf(graph, node)) if (seen.size < MAX_NODES) seen.add(target);
  }
  return isChain ? loop : null;
}

type Graph = HolderFacts["heap"]["graph"];

function suspended(graph: Graph, generator: NodeIndex): NodeIndex {
  const closure = internalField(graph, generator, "function");
  if (closure === NO_NODE) return NO_NODE;
  const position = closurePosition(graph, closure);
  return position !== null && libraryOf(position.file) === "" ? closure : NO_NODE;
}

function isLong(graph: Graph, promise: NodeIndex): boolean {
  const seen = new Set<NodeIndex>();
  for (let at = promise; at !== NO_NODE && !seen.has(at); at = waitingPromise(graph, at)) {
    seen.add(at);
    if (seen.size >= LEAST_LINKS) return true;
  }
  return false;
}

function reactionOf(graph: Graph, promise: NodeIndex): NodeIndex {
  const reaction = internalField(graph, promise, "reactions_or_result");
  return reaction !== NO_NODE && nodeText(graph, reaction) === "system / PromiseReaction" ? reaction : NO_NODE;
}

/**
 * The promise that is settled when another is, of its reaction or of the async function that awaits it, and that
 * something waits for in turn. An `await` has a promise of its own as well, which nobody waits for.
 */
function waitingPromise(graph: Graph, promise: NodeIndex): NodeIndex {
  const reaction = reactionOf(graph, promise);
  if (reaction === NO_NODE) return NO_NODE;
  for (const target of targetsOf(graph, reaction)) {
    if (isAwaited(graph, target)) return target;
    if (graph.nodeType[target] !== NodeType.closure) continue;
    // V8 makes a function that goes on with what is suspended, and that is in its Context.
    const context = internalField(graph, target, "context");
    const generator = context === NO_NODE ? NO_NODE : internalField(graph, context, "extension");
    if (generator === NO_NODE || nodeText(graph, generator) !== "Generator") continue;
    const own = targetsOf(graph, generator).find((each) => isAwaited(graph, each));
    if (own !== undefined) return own;
  }
  return NO_NODE;
}

function isAwaited(graph: Graph, node: NodeIndex): boolean {
  return nodeText(graph, node) === "Promise" && reactionOf(graph, node) !== NO_NODE;
}

function targetsOf(graph: Graph, node: NodeIndex): NodeIndex[] {
  const targets: NodeIndex[] = [];
  const end = Math.min(graph.firstEdge[node + 1]!, graph.firstEdge[node]! + MAX_NODES);
  for (let edge = firstEdgeOf(graph, node); edge < end; edge++)
    if (graph.edgeType[edge] !== EdgeType.weak) targets.push(graph.edgeTarget[edge]!);
  return targets;
}
