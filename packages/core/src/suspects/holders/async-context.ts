import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { chainFrom, linkWords } from "../growth/chains.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { label } from "../naming/original-words.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** Stores of an AsyncLocalStorage: each promise, timer and callback made inside `run` keeps the store it was made with. */
export const asyncContext: HolderKind = {
  id: "async-context",
  advice:
    "What is made inside run() keeps its store: settle, clear or delete what waits here, or put less than the request into the store.",
  recognise: ({ heap, samples }) => mostOf(heap, samples, (sample) => storeIn(heap, sample) !== NO_NODE),
  title(facts) {
    const chain = storesBefore(facts);
    if (chain !== null) return `${usualTitle(facts)}, ${chain}`;
    const store = firstStore(facts);
    const name = store === NO_NODE ? "Object" : label(facts.heap.graph, store);
    const what = name === "Object" ? "" : `, a ${name}`;
    return `${usualTitle(facts)}, each with the store of an AsyncLocalStorage${what}`;
  },
  advise(facts) {
    if (storesBefore(facts) === null) return asyncContext.advice;
    return "Each store refers to the one before it, and so to all: enter a context that ends (run() instead of enterWith()), or put less than the whole store into the next.";
  },
};

function firstStore({ heap, samples }: HolderFacts): NodeIndex {
  return samples.map((sample) => storeIn(heap, sample)).find((store) => store !== NO_NODE) ?? NO_NODE;
}

/** "with the store of an AsyncLocalStorage, a list of Span linked by `parent`"; null if its stores are no list. */
function storesBefore(facts: HolderFacts): string | null {
  const store = firstStore(facts);
  const chain = store === NO_NODE ? null : chainFrom(facts.heap, store);
  if (chain === null) return null;
  const what = label(facts.heap.graph, store);
  return `with the store of an AsyncLocalStorage, a list of ${what} linked by \`${linkWords(chain)}\``;
}

/**
 * The store that has most of what an object keeps alive, or NO_NODE. Node up to 22 puts it on every promise
 * and async resource; from 24 on V8 keeps a frame, a Map from storage to store, with what waits for a promise.
 */
function storeIn(heap: HeapAnalysis, sample: NodeIndex): NodeIndex {
  const { graph } = heap;
  let frame: NodeIndex = NO_NODE;
  for (const { edge } of heaviestWay(heap, sample)) {
    const target = graph.edgeTarget[edge]!;
    if (edgeNameText(graph, edge) === "<symbol kResourceStore>") return target;
    if (frame !== NO_NODE && graph.nodeType[target] === NodeType.object) return target;
    if (nodeText(graph, target) === "AsyncContextFrame") frame = target;
  }
  return frame;
}
