import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { edgeNameText, internalField, propertyOf } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { chainFrom, linkWords, ownLink } from "../growth/chains.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { label } from "../naming/original-words.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** Where Node up to 22 has the store of a promise or resource, and where later ones have the frame with all stores of it. */
const STORE = "<symbol kResourceStore>";
const FRAME = "<symbol kAsyncContextFrame>";

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
    return storesBefore(facts) === null ? asyncContext.advice : STORES_LINKED;
  },
};

/** What to do where each store keeps those before it. */
export const STORES_LINKED =
  "Each store refers to the one before it, and so to all: enter a context that ends (run() instead of enterWith()), or put less than the whole store into the next.";

function firstStore({ heap, samples }: HolderFacts): NodeIndex {
  return samples.map((sample) => storeIn(heap, sample)).find((store) => store !== NO_NODE) ?? NO_NODE;
}

/** "with the store of an AsyncLocalStorage, a list of Span linked by `parent`"; null if its stores are no list. */
export function storesBefore({ heap, samples }: HolderFacts): string | null {
  for (const store of samples.flatMap((sample) => storesOf(heap, sample))) {
    // What waits in the context around the last one has the store before the last, too, which then no store keeps alone.
    const chain = chainFrom(heap, store) ?? ownLink(heap, store);
    if (chain === null) continue;
    return `with the store of an AsyncLocalStorage, a list of ${label(heap.graph, store)} linked by \`${linkWords(heap, store, chain)}\``;
  }
  return null;
}

/** The store that has most of what an object keeps alive, else those it was made with, however little they keep alone. */
function storesOf(heap: HeapAnalysis, sample: NodeIndex): NodeIndex[] {
  const { graph } = heap;
  const store = storeIn(heap, sample);
  if (store !== NO_NODE) return [store];
  const way = heaviestWay(heap, sample);
  const resource = way.length === 0 ? sample : graph.edgeTarget[way[way.length - 1]!.edge]!;
  const own = propertyOf(graph, resource, STORE);
  if (own !== NO_NODE) return [own];
  const frame = propertyOf(graph, resource, FRAME);
  const table = frame === NO_NODE ? NO_NODE : internalField(graph, frame, "table");
  const stores: NodeIndex[] = [];
  if (table === NO_NODE) return stores;
  for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++)
    if (graph.nodeType[graph.edgeTarget[edge]!] === NodeType.object) stores.push(graph.edgeTarget[edge]!);
  return stores;
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
    if (edgeNameText(graph, edge) === STORE) return target;
    if (frame !== NO_NODE && graph.nodeType[target] === NodeType.object) return target;
    if (nodeText(graph, target) === "AsyncContextFrame") frame = target;
  }
  return frame;
}
