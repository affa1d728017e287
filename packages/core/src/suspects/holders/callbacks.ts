import { firstEdgeOf } from "../../graph/edges-aside.js";
import { hasProperty } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition, closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isClass } from "../../sources/functions-in-snapshot.js";
import { callbackOf } from "../naming/browser-nodes.js";
import { mostOf } from "../naming/heaviest-way.js";
import { isLibrarysFile } from "../naming/library.js";
import { label } from "../naming/original-words.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
import { isInLibrarysObject } from "./on-whose-behalf.js";
import { programsFunction } from "../growth/programs-function.js";
import { callbackInWords, forFunction } from "./sampled-callback.js";

/** Functions that were handed in to be called, and are never taken out: subscribers of a store, hooks, jobs. */
export const callbacks: HolderKind = {
  id: "callbacks",
  advice:
    "Take a function out when who handed it in goes: call what subscribing returned (unsubscribe, dispose), or hand it in once outside.",
  recognise(facts) {
    const { heap, finding, samples } = facts;
    const { graph } = heap;
    if (!/^(?:Array|Map|Set)$/.test(nodeText(graph, finding.container))) return false;
    return mostOf(heap, samples, (node) => isOfProgram(graph, handedIn(facts, node))) || keepsSubscriptions(facts);
  },
  title: (facts) => `${usualTitle(facts)}, ${keptCallbacks(facts)}`,
};

/** A kind of holder that is known by where it hangs, and yet has callbacks if those are what is handed in there. */
export function orOfCallbacks(kind: HolderKind): HolderKind {
  return {
    ...kind,
    title: (facts) => `${kind.title(facts)}${callbacks.recognise(facts) ? `, ${keptCallbacks(facts)}` : ""}`,
    advise: (facts) => (callbacks.recognise(facts) ? callbacks.advice : (kind.advise?.(facts) ?? kind.advice)),
  };
}

/** "keeps callbacks such as `redraw` (chart.js:7)". */
function keptCallbacks(facts: HolderFacts): string {
  const { heap, finding, samples } = facts;
  if (!keepsSubscriptions(facts)) {
    const [callback] = samples.map((each) => handedIn(facts, each)).filter((each) => each !== NO_NODE);
    const called = callback === undefined ? NO_NODE : callbackOf(heap.graph, callback);
    return `keeps callbacks such as ${callbackInWords(facts, called, callback === undefined ? [] : [callback])}`;
  }
  const [subscription] = samples as [NodeIndex];
  // One without a class was made by whoever has the list of them.
  const file = classPosition(heap.graph, subscription)?.file ?? finding.path.file;
  const name = label(heap.graph, subscription);
  const such = name === "Object" ? "" : ` such as ${name}`; // a plain one says nothing
  return `keeps subscriptions${such}${forFunction(facts, file, [subscription])}`;
}

/**
 * What was handed in: a function, the first of several that are put on the list together, as `[run, invalidate]`, or that
 * in an object which a library made for it, as `{ fulfilled, rejected }`.
 */
function handedIn(facts: HolderFacts, node: NodeIndex): NodeIndex {
  const { graph } = facts.heap;
  if (graph.nodeType[node] === NodeType.closure) return node;
  if (graph.nodeType[node] !== NodeType.object) return NO_NODE;
  if (nodeText(graph, node) !== "Array") {
    const file = classPosition(graph, node)?.file ?? facts.finding.path.file;
    return isLibrarysFile(file) || isInLibrarysObject(facts) ? mostlyKept(facts, node) : NO_NODE;
  }
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.element && graph.edgeName[edge] === 0) {
      const first = graph.edgeTarget[edge]!;
      return graph.nodeType[first] === NodeType.closure ? first : NO_NODE;
    }
  return NO_NODE;
}

/** Share of what an object keeps that is a function's, if it is there for that. */
const MOST = 0.5;

/**
 * The function of the program's of which most is that an object keeps, which is none of the program's own. A library may
 * have put functions of its own around it: what observes a store runs what it was given.
 */
function mostlyKept(facts: HolderFacts, node: NodeIndex): NodeIndex {
  const { growth, heap } = facts;
  const { graph, retainedSize } = heap;
  if (nodeText(graph, node) !== "Object" && !isLibrarysFile(classPosition(graph, node)?.file ?? "")) return NO_NODE;
  const cut = growth.cuts.at(-1)!;
  const called = programsFunction(facts, [node], (each) => cut.unitOf(each) === cut.unitOf(node));
  return called !== NO_NODE && retainedSize[called]! >= retainedSize[node]! * MOST ? called : NO_NODE;
}

/** Classes that were made and put on a list are called by nobody from there; what `bind` made calls what it was made of. */
function isOfProgram(graph: HeapGraph, node: NodeIndex): boolean {
  if (node === NO_NODE || graph.nodeType[node] !== NodeType.closure) return false;
  const called = callbackOf(graph, node);
  return closurePosition(graph, called) !== null && !isClass(graph, called);
}

/**
 * An observable has its callbacks in objects, which are what unsubscribes them. What others subscribe to is none, though
 * it may be ended by the same word.
 */
function keepsSubscriptions({ heap, samples }: HolderFacts): boolean {
  const { graph } = heap;
  return mostOf(
    heap,
    samples,
    (node) =>
      graph.nodeType[node] === NodeType.object &&
      hasProperty(graph, node, "unsubscribe") &&
      !hasProperty(graph, node, "subscribe"),
  );
}
