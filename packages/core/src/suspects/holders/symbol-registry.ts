import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText } from "../../graph/edges-of.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import { someRetainer } from "../../graph/incoming.js";
import { NodeType } from "../../graph/v8-types.js";
import { mostOf } from "../naming/heaviest-way.js";
import type { HolderKind } from "./holder-kind.js";

/** What V8 calls the table of all that `Symbol.for` ever gave out, in its own roots (roots.h). */
const REGISTRY = "public_symbol_table";

/** Symbols of `Symbol.for`, which no collection takes away: the same text must give the same symbol for ever. */
export const symbolRegistry: HolderKind = {
  id: "symbol-registry",
  advice:
    "Symbol.for() keeps each text and its symbol as long as the process lives: use it for a few names that are known, and Symbol(), a string or a Map for what comes in.",
  recognise: ({ heap, finding, samples }) => keepsSymbols(heap, finding.container, samples),
  title: () => "symbols of `Symbol.for()`, which are never forgotten",
  names: () => ["Symbol.for"],
  isEngines: true,
};

/** V8 makes a new table for more symbols, so that it may be the roots that it is new to. */
export function keepsSymbols(heap: HeapAnalysis, container: NodeIndex, samples: readonly NodeIndex[]): boolean {
  return isRegistry(heap, container) || mostOf(heap, samples, (sample) => isRegistry(heap, sample));
}

function isRegistry({ graph, retainers }: HeapAnalysis, node: NodeIndex): boolean {
  const isRoots = (from: NodeIndex, edge: EdgeIndex): boolean =>
    graph.nodeType[from] === NodeType.synthetic && edgeNameText(graph, edge) === REGISTRY;
  return graph.nodeType[node] === NodeType.array && someRetainer(graph, retainers, node, isRoots);
}
