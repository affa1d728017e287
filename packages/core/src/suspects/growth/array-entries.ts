import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isHole, isOddball, slotsOf } from "./array-slots.js";
import type { Entries } from "./entries.js";

/** Counts the elements of an array, or the slots that it has for them. */
export function arrayEntries(heap: HeapAnalysis, node: NodeIndex): Entries {
  const { count, empty, highest } = elementsOf(heap, node);
  const slots = elementSlots(heap, node);
  // Of a queue that sets what it is done with to null only the room grows, until it is cut.
  if (empty > count / 2) return { count: slots, word: "element slots" };
  // An array with an element far behind the others has a hash table of those there are.
  if (slots > 0 && highest >= slots) return { count, word: "elements" };
  // Holes and numbers are in the slots and not among the edges; many of them mean an array of numbers.
  if (highest + 1 >= slots / 2) return { count: Math.max(count, highest + 1), word: "elements" };
  return count === 0 && slots > 0 ? { count: slots, word: "element slots" } : { count: highest + 1, word: "elements" };
}

/**
 * Elements of an array: how many there are, how many of them are null and the like, and the last. Of what is frozen or
 * sealed, such as all state that Immer made, V8 writes them below the store alone (heap-snapshot-generator.cc,
 * ExtractElementReferences).
 */
export function elementsOf(heap: HeapAnalysis, node: NodeIndex): { count: number; empty: number; highest: number } {
  const { graph } = heap;
  let [count, empty, highest] = [0, 0, -1];
  const add = (index: number, target: NodeIndex): void => {
    count++;
    if (isOddball(heap, target)) empty++;
    highest = Math.max(highest, index);
  };
  for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.element) add(graph.edgeName[edge]!, graph.edgeTarget[edge]!);
  const store = count === 0 ? internalField(graph, node, "elements") : NO_NODE;
  if (store === NO_NODE || graph.nodeType[store] !== NodeType.array) return { count, empty, highest };
  for (let edge = firstEdgeOf(graph, store); edge < graph.firstEdge[store + 1]!; edge++) {
    if (graph.edgeType[edge] !== EdgeType.internal || isHole(heap, graph.edgeTarget[edge]!)) continue;
    const index = Number(graph.strings.text(graph.edgeName[edge]!));
    if (index >= 0) add(index, graph.edgeTarget[edge]!);
  }
  return { count, empty, highest };
}

/** Slots of the store that an object has for its elements; 0 without one. */
export function elementSlots(heap: HeapAnalysis, node: NodeIndex): number {
  const { graph } = heap;
  const elements = internalField(graph, node, "elements");
  return elements === NO_NODE ? 0 : slotsOf(heap, elements);
}
