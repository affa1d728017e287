import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { nodeText } from "../graph/v8-names.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import type { Entries } from "./container-entries.js";

const WORDS: readonly (readonly [RegExp, Entries["word"]])[] = [
  [/RegisteredEventListener$/, "listeners"],
  [/DOMTimer$/, "timers"],
  [/^(?:\w+Observer|MutationObserverRegistration)$/, "observers"],
  [/FrameCallback$/, "callbacks"],
];
const MAX_EDGES = 100_000;

/** Counts what one of Blink's collections holds; null for natives that are none, or hold elements and texts. */
export function nativeEntries(heap: HeapAnalysis, node: NodeIndex): Entries | null {
  const { graph, owner } = heap;
  const counts = new Map<number, number>(); // StringIndex of the class -> how many
  let left = MAX_EDGES;
  const count = (from: NodeIndex): void => {
    for (let edge = graph.firstEdge[from]!; edge < graph.firstEdge[from + 1]! && left-- > 0; edge++) {
      if (graph.edgeType[edge] !== EdgeType.element) continue;
      const target = graph.edgeTarget[edge]!;
      if (graph.nodeType[target] !== NodeType.native) continue;
      if (owner[target] === target) counts.set(graph.nodeName[target]!, (counts.get(graph.nodeName[target]!) ?? 0) + 1);
      else if (owner[target] === node && owner[from] === from) count(target);
    }
  };
  count(node);
  for (const [name, entries] of counts) {
    const word = WORDS.find(([pattern]) => pattern.test(graph.strings.text(name)))?.[1];
    if (word !== undefined) return { count: entries, word };
  }
  return null;
}

/** The class of what a collection of Blink's holds, such as `ResizeObserver`, or an empty text. */
export function entryClass({ graph }: HeapAnalysis, samples: readonly NodeIndex[]): string {
  const sample = samples.find((node) => node !== NO_NODE && graph.nodeType[node] === NodeType.native);
  return sample === undefined ? "" : nodeText(graph, sample);
}
