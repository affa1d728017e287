import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { STYLE_RULE } from "../../graph/blink-names.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import type { Entries } from "./entries.js";

const WORDS: readonly (readonly [RegExp, Entries["word"]])[] = [
  [/RegisteredEventListener$/, "listeners"],
  [/DOMTimer$/, "timers"],
  [/^(?:\w+Observer|MutationObserverRegistration)$/, "observers"],
  [/FrameCallback$/, "callbacks"],
  [STYLE_RULE, "rules"],
];
/** What Blink calls the list of what may still have something to do. */
export const PENDING = "Pending activities";
/** Edges of one collection and its stores that are looked at. */
const MAX_EDGES = 100_000;

/** Counts what one of Blink's collections holds; null for natives that are none, or hold elements and texts. */
export function nativeEntries(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  if (isPending(heap, node)) return { count: nativeEntryNodes(heap, node).length, word: "objects" };
  const counts = new Map<number, number>(); // StringIndex of the class -> how many
  eachHeld(heap, node, (held) => {
    const name = heap.graph.nodeName[held]!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  for (const [name, count] of counts) {
    const word = entryWord(heap.graph.strings.text(name));
    if (word !== undefined) return { count, word };
  }
  return null;
}

/** True for the list of what Blink keeps alive for as long as it may still have something to do, of whatever class. */
function isPending({ graph }: HeapAnalysis, node: NodeIndex): boolean {
  return nodeText(graph, node) === PENDING;
}

/** The listeners, timers, observers or active objects that one of Blink's collections holds. */
export function nativeEntryNodes(heap: HeapAnalysis, node: NodeIndex): NodeIndex[] {
  const found: NodeIndex[] = [];
  const isAny = isPending(heap, node);
  eachHeld(heap, node, (held) => {
    if (isAny || entryWord(nodeText(heap.graph, held)) !== undefined) found.push(held);
  });
  return found;
}

function entryWord(name: string): Entries["word"] | undefined {
  return WORDS.find(([pattern]) => pattern.test(name))?.[1];
}

/** Visits the natives that a collection refers to, by way of its own stores. */
function eachHeld({ graph, owner }: HeapAnalysis, collection: NodeIndex, visit: (node: NodeIndex) => void): void {
  let left = MAX_EDGES;
  const look = (from: NodeIndex): void => {
    for (let edge = firstEdgeOf(graph, from); edge < graph.firstEdge[from + 1]! && left-- > 0; edge++) {
      if (graph.edgeType[edge] !== EdgeType.element) continue;
      const target = graph.edgeTarget[edge]!;
      if (graph.nodeType[target] !== NodeType.native) continue;
      if (owner[target] === target) visit(target);
      else if (owner[target] === collection && owner[from] === from) look(target);
    }
  };
  look(collection);
}
