import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { edgeNameText } from "../../graph/edges-of.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isAlike } from "./chains.js";
import type { Finding } from "./finding.js";
import { differences, isLeak } from "./growth-verdict.js";
import type { Sample } from "./samples.js";
import { isRoom } from "./container-entries.js";

/** Entries that are looked at on the way out of a collection. */
const MAX_NODES = 2000;

/**
 * How the entries of a collection lead to others of their kind that are in it no more: `prev` for a cache that forgets
 * the oldest key, and leaves its entry in the list of all. Null unless the collection has no more entries than before.
 * @param newest a few of the things that the collection holds, from `samplesOf`
 */
export function linkOutOf(growth: HolderGrowth, finding: Finding, newest: readonly Sample[]): string | null {
  const { entries, container } = finding;
  if (!isLeak(finding) || entries === null || isRoom(entries)) return null;
  if (differences(entries.counts).some((gained) => gained !== 0)) return null;
  const heap = growth.heaps.at(-1)!;
  const { graph } = heap;
  const inside = insideOf(heap, container);
  const samples = newest.filter(({ node }) => inside[node] === 1 && isObject(graph, node));
  const seen = new Set(samples.map(({ node }) => node));
  for (const node of seen) {
    for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && seen.size < MAX_NODES; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (graph.edgeType[edge] !== EdgeType.property || !isAlike(graph, node, target)) continue;
      const name = edgeNameText(graph, edge);
      if (name === "__proto__") continue;
      if (inside[target] === 0) return name;
      seen.add(target);
    }
  }
  return null;
}

function isObject(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.object;
}

/** node -> 1 if a collection, or the store that it owns, refers to it */
function insideOf({ graph, owner }: HeapAnalysis, collection: NodeIndex): Uint8Array {
  const inside = new Uint8Array(graph.nodeCount);
  for (let edge = firstEdgeOf(graph, collection); edge < graph.firstEdge[collection + 1]!; edge++) {
    const node = graph.edgeTarget[edge]!;
    inside[node] = 1;
    if (owner[node] !== collection || node === collection) continue;
    for (let entry = firstEdgeOf(graph, node); entry < graph.firstEdge[node + 1]!; entry++)
      inside[graph.edgeTarget[entry]!] = 1;
  }
  return inside;
}
