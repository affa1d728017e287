import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { hasProperty, sourceOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition, closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isClass } from "../../sources/functions-in-snapshot.js";
import { callbackOf } from "../naming/browser-nodes.js";
import { mostOf } from "../naming/heaviest-way.js";
import { isRuntimes, libraryOf } from "../naming/library.js";
import { label } from "../naming/original-words.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
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
  title(facts) {
    const { heap, finding, samples } = facts;
    if (!keepsSubscriptions(facts)) {
      const [callback] = samples.map((each) => handedIn(facts, each)).filter((each) => each !== NO_NODE);
      const called = callback === undefined ? NO_NODE : callbackOf(heap.graph, callback);
      return `${usualTitle(facts)}, keeps callbacks such as ${callbackInWords(facts, called, callback === undefined ? [] : [callback])}`;
    }
    const [subscription] = samples as [NodeIndex];
    // One without a class was made by whoever has the list of them.
    const file = classPosition(heap.graph, subscription)?.file ?? finding.path.file;
    return `${usualTitle(facts)}, keeps subscriptions such as ${label(heap.graph, subscription)}${forFunction(facts, file, [subscription])}`;
  },
};

/**
 * What was handed in: a function, the first of several that are put on the list together, as `[run, invalidate]`, or that
 * in an object which a library made for it, as `{ fulfilled, rejected }`.
 */
function handedIn(facts: HolderFacts, node: NodeIndex): NodeIndex {
  const { graph } = facts.heap;
  if (graph.nodeType[node] === NodeType.closure) return node;
  if (graph.nodeType[node] !== NodeType.object) return NO_NODE;
  if (nodeText(graph, node) !== "Array") return isLibrarysList(facts) ? mostlyKept(facts.heap, node) : NO_NODE;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.element && graph.edgeName[edge] === 0) {
      const first = graph.edgeTarget[edge]!;
      return graph.nodeType[first] === NodeType.closure ? first : NO_NODE;
    }
  return NO_NODE;
}

/** Steps up from a list to the object of a library's that has it: it may be one of a Map of lists. */
const MAX_STEPS = 4;

function isLibrarysList({ heap: { graph, owner }, finding: { path } }: HolderFacts): boolean {
  return path.edges.slice(-MAX_STEPS).some((edge) => isLibrarys(graph, owner[sourceOf(graph, edge)]!));
}

function isLibrarys(graph: HeapGraph, node: NodeIndex): boolean {
  const file = classPosition(graph, node)?.file ?? "";
  return libraryOf(file) !== "" && !isRuntimes(file);
}

/** Share of what an object keeps that is a function's, if it is there for that. */
const MOST = 0.5;

/** The function of the program's of which most is that an object keeps, which is none of the program's own. */
function mostlyKept({ graph, retainedSize }: HeapAnalysis, node: NodeIndex): NodeIndex {
  if (nodeText(graph, node) !== "Object" && !isLibrarys(graph, node)) return NO_NODE;
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] !== EdgeType.property || graph.nodeType[target] !== NodeType.closure) continue;
    const file = closurePosition(graph, target)?.file;
    const isPrograms = file !== undefined && libraryOf(file) === "";
    if (isPrograms && retainedSize[target]! >= retainedSize[node]! * MOST) return target;
  }
  return NO_NODE;
}

/** Classes that were made and put on a list are called by nobody from there. */
function isOfProgram(graph: HeapGraph, node: NodeIndex): boolean {
  if (node === NO_NODE || graph.nodeType[node] !== NodeType.closure) return false;
  return closurePosition(graph, node) !== null && !isClass(graph, node);
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
