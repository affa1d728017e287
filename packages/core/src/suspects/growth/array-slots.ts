import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";

/** Slots of one of V8's arrays, which begins with its hidden class and its length. */
export function slotsOf(heap: HeapAnalysis, array: NodeIndex): number {
  return Math.max(0, Math.floor(heap.graph.selfSize[array]! / pointerSize(heap)) - 2);
}

const pointerSizes = new WeakMap<HeapGraph["locations"], number>();

/** A compressed pointer has 4 bytes (Chrome), a full one 8 (Node): the smallest JSArray header tells. */
function pointerSize({ graph }: HeapAnalysis): number {
  let size = pointerSizes.get(graph.locations);
  if (size === undefined) pointerSizes.set(graph.locations, (size = findPointerSize(graph)));
  return size;
}

function findPointerSize(graph: HeapGraph): number {
  const limit = Math.min(graph.nodeCount, 200_000);
  const array = graph.strings.indexOf("Array");
  for (let node = 0; node < limit; node++)
    if (graph.nodeType[node] === NodeType.object && graph.nodeName[node] === array && graph.selfSize[node]! > 0)
      return graph.selfSize[node]! >= 32 ? 8 : 4;
  return 8;
}

/** Deleted entries hold V8's hole: an oddball, named so since V8 13. */
export function isHole(heap: HeapAnalysis, node: NodeIndex): boolean {
  const type = heap.graph.nodeType[node];
  if (type !== NodeType.hidden && type !== NodeType.native) return false;
  return isHoleName(nodeText(heap.graph, node));
}

/** True for what V8 calls the hole, in whichever of its versions. */
export function isHoleName(name: string): boolean {
  return (
    name === "system / Oddball" || name === "hash_table_hole" || name === "the_hole" || name.startsWith("system / Hole")
  );
}

/** null, undefined and the like: they are there once. They have one name, and since V8 13 each its own; V8 15 calls them native. */
export function isOddball({ graph }: HeapAnalysis, node: NodeIndex): boolean {
  const type = graph.nodeType[node];
  if (type !== NodeType.hidden && type !== NodeType.native) return false;
  return /^(?:system \/ Oddball|null|undefined|true|false)$/.test(nodeText(graph, node));
}
