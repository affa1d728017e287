import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText } from "../../graph/edges-of.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { heaviestWay, mostOf } from "../heaviest-way.js";
import { label } from "../original-words.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Stores of an AsyncLocalStorage: each promise, timer and callback made inside `run` keeps the store it was made with. */
export const asyncContext: HolderKind = {
  id: "async-context",
  advice:
    "What is made inside run() keeps its store: settle, clear or delete what waits here, or put less than the request into the store.",
  recognise: ({ heap, samples }) => mostOf(heap, samples, (sample) => storeIn(heap, sample) !== null),
  title(facts) {
    const { heap, samples } = facts;
    const store = samples.map((sample) => storeIn(heap, sample)).find((each) => each !== null);
    const what = store === "Object" || store === undefined ? "" : `, a ${store}`;
    return `${usualTitle(facts)}, each with the store of an AsyncLocalStorage${what}`;
  },
};

/**
 * The class of the store that has most of what an object keeps alive, or null. Node up to 22 puts it on every promise
 * and async resource; from 24 on V8 keeps a frame, a Map from storage to store, with what waits for a promise.
 */
function storeIn(heap: HeapAnalysis, sample: NodeIndex): string | null {
  const { graph } = heap;
  let isFrame = false;
  for (const { edge } of heaviestWay(heap, sample)) {
    const target = graph.edgeTarget[edge]!;
    if (edgeNameText(graph, edge) === "<symbol kResourceStore>") return label(graph, target);
    if (isFrame && graph.nodeType[target] === NodeType.object) return label(graph, target);
    if (nodeText(graph, target) === "AsyncContextFrame") isFrame = true;
  }
  return isFrame ? "Object" : null;
}
