import { NO_SURVIVOR } from "../../diff/survivors.js";
import type { Cut } from "../../diff/units.js";
import { endOfEdges } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { accessPath } from "../naming/access-path.js";
import { type AccessPath, NO_PATH } from "../naming/access-words.js";
import { libraryOf } from "../naming/library.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
import { callbackInWords } from "./sampled-callback.js";

/** So many promises that wait for each other are no steps of one task. */
const LEAST_LINKS = 32;
/** ... and so many are followed to the end. */
const MOST_LINKS = 100_000;
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
  recognise: (facts) => !gainsEntries(facts) && facts.samples.some((sample) => loopBehind(facts, sample) !== null),
  advise: (facts) => (queuePath(facts) === null ? promiseChain.advice : UNSETTLED),
  title(facts) {
    const path = queuePath(facts);
    if (path !== null)
      return `${usualTitle(withPath(facts, path), "queue of pending Promises")}, each waiting for the one before`;
    const loop = loopOf(facts);
    const words = loop === NO_NODE ? "" : `: ${callbackInWords(facts, loop)}`;
    return `chain of pending Promises, each waiting for the next${words}`;
  },
  names(facts) {
    const path = queuePath(facts);
    if (path !== null) return path.words;
    const loop = loopOf(facts);
    return loop === NO_NODE ? facts.finding.path.words : [nodeText(facts.heap.graph, loop)];
  },
  position(facts) {
    const path = queuePath(facts);
    if (path !== null) return path.position;
    const loop = loopOf(facts);
    return loop === NO_NODE ? facts.finding.path.position : closurePosition(facts.heap.graph, loop);
  },
};

const UNSETTLED =
  "None of them settles before the first does, which is up to what holds it here: see to it that it is settled, or give each step a time limit.";

/**
 * What the program calls the end of a queue, as of tasks that are done one after the other: there the new promises wait for
 * the old ones, and not the other way round. Null if it is none, or nothing has a name for the newest.
 */
function queuePath({ heap, growth, samples }: HolderFacts): AccessPath | null {
  const cut = growth.cuts.at(-1)!;
  const isOld = (node: NodeIndex): boolean => cut.survivorOf(node) !== NO_SURVIVOR;
  for (const sample of samples) {
    const promise = longChainNear(heap.graph, cut, sample);
    if (promise === NO_NODE) continue;
    const newest = lastInLine(heap.graph, promise, isOld);
    const path = newest === NO_NODE ? NO_PATH : accessPath(heap, cut, newest);
    return path.anchor === "none" ? null : path;
  }
  return null;
}

function withPath(facts: HolderFacts, path: AccessPath): HolderFacts {
  return { ...facts, finding: { ...facts.finding, path } };
}

/** The promise that waits behind all others of a chain; NO_NODE if one that waits was there before, or it is too long. */
function lastInLine(graph: Graph, promise: NodeIndex, isOld: (node: NodeIndex) => boolean): NodeIndex {
  let at = promise;
  for (let links = 0; links < MOST_LINKS; links++) {
    if (isOld(at)) return NO_NODE;
    const [next] = settledBehind(graph, at);
    if (next === undefined) return at;
    at = next;
  }
  return NO_NODE;
}

/** What gains entries keeps those, wherever they lead; one that came says nothing of what is behind it. */
function gainsEntries({ finding: { entries } }: HolderFacts): boolean {
  if (entries === null) return false;
  const gained = differences(entries.counts);
  return gained.every((each) => each > 0) && sum(gained) > 1;
}

/** The suspended function that the chain ends in; NO_NODE if it is none of the program's. */
function loopOf(facts: HolderFacts): NodeIndex {
  for (const sample of facts.samples) {
    const loop = loopBehind(facts, sample);
    if (loop !== null) return loop;
  }
  return NO_NODE;
}

/** A new promise near a node that begins a long chain, or NO_NODE. */
function longChainNear(graph: Graph, cut: Cut, start: NodeIndex): NodeIndex {
  for (const node of unitAround(graph, cut, start))
    if (cut.unitOf(node) !== NO_NODE && nodeText(graph, node) === "Promise" && isLong(graph, node)) return node;
  return NO_NODE;
}

/** The program's function that was suspended last where a long chain begins near a node; null if none begins there. */
function loopBehind({ heap: { graph }, growth }: HolderFacts, start: NodeIndex): NodeIndex | null {
  const cut = growth.cuts.at(-1)!;
  let loop = NO_NODE;
  let isChain = false;
  for (const node of unitAround(graph, cut, start)) {
    if (nodeText(graph, node) === "Promise" && !isChain) isChain = isLong(graph, node);
    if (nodeText(graph, node) === "Generator" && loop === NO_NODE) loop = suspended(graph, node);
    if (isChain && loop !== NO_NODE) break;
  }
  return isChain ? loop : null;
}

/** A node and what can be reached from it, without what lives in all snapshots has. */
function* unitAround(graph: Graph, cut: Cut, start: NodeIndex): Generator<NodeIndex> {
  const seen = new Set([start]);
  for (const node of seen) {
    yield node;
    if (cut.unitOf(node) === NO_NODE && node !== start) continue;
    for (const target of targetsOf(graph, node)) if (seen.size < MAX_NODES) seen.add(target);
  }
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

/** The promise that is settled when another is, and that something waits for in turn. */
function waitingPromise(graph: Graph, promise: NodeIndex): NodeIndex {
  return settledBehind(graph, promise).find((each) => isAwaited(graph, each)) ?? NO_NODE;
}

/**
 * The promises that are settled when another is: of its reaction; of the async function that awaits it, and before that
 * those that this one has functions to settle for, as a lock that it hands on. An `await` has a promise of its own as
 * well, which nobody waits for.
 */
function settledBehind(graph: Graph, promise: NodeIndex): NodeIndex[] {
  const found: NodeIndex[] = [];
  const add = (targets: readonly NodeIndex[]): void => {
    for (const each of targets) if (each !== promise && nodeText(graph, each) === "Promise") found.push(each);
  };
  const reactions = targetsOf(graph, reactionOf(graph, promise));
  add(reactions);
  for (const closure of reactions) {
    if (graph.nodeType[closure] !== NodeType.closure) continue;
    // V8 makes a function that goes on with what is suspended, and that is in its Context.
    const context = internalField(graph, closure, "context");
    const generator = context === NO_NODE ? NO_NODE : internalField(graph, context, "extension");
    if (generator === NO_NODE || nodeText(graph, generator) !== "Generator") continue;
    for (const variable of variablesOf(graph, generator))
      if (graph.nodeType[variable] === NodeType.closure && closurePosition(graph, variable) === null)
        add(targetsOf(graph, internalField(graph, variable, "context")));
    add(targetsOf(graph, generator));
  }
  return found;
}

/** What the variables of a suspended function refer to, those included that its own functions use. */
function variablesOf(graph: Graph, generator: NodeIndex): NodeIndex[] {
  const [registers, context] = ["parameters_and_registers", "context"].map((name) =>
    internalField(graph, generator, name),
  );
  return [...targetsOf(graph, registers!), ...targetsOf(graph, context!)];
}

function isAwaited(graph: Graph, node: NodeIndex): boolean {
  return nodeText(graph, node) === "Promise" && reactionOf(graph, node) !== NO_NODE;
}

function targetsOf(graph: Graph, node: NodeIndex): NodeIndex[] {
  const targets: NodeIndex[] = [];
  if (node === NO_NODE) return targets;
  const end = endOfEdges(graph, node, MAX_NODES);
  for (let edge = graph.firstEdge[node]!; edge < end; edge++)
    if (graph.edgeType[edge] !== EdgeType.weak) targets.push(graph.edgeTarget[edge]!);
  return targets;
}
