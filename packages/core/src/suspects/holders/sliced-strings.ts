import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { NodeType } from "../../graph/v8-types.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** How long a slice is V8 does not write. A text with a slice for every so many bytes may be kept whole in its parts. */
const BYTES_A_SLICE = 256;

/** Slices of long texts: V8 copies nothing, so that each keeps the whole text it was cut from. */
export const slicedStrings: HolderKind = {
  id: "sliced-strings",
  advice:
    "Copy what is kept, such as with Buffer.from(part).toString(): the slice lets go of the text it was cut from.",
  recognise: ({ heap, samples }) => mostOf(heap, samples, (sample) => keepsLargeParent(heap, sample)),
  title: (facts) => `${usualTitle(facts)}, keeps slices, each of which keeps the whole text it was cut from`,
};

function keepsLargeParent(heap: HeapAnalysis, sample: NodeIndex): boolean {
  const { graph } = heap;
  const way = heaviestWay(heap, sample).map(({ edge }) => graph.edgeTarget[edge]!);
  const slice = [sample, ...way].find((node) => graph.nodeType[node] === NodeType.slicedString);
  if (slice === undefined) return false;
  const parent = internalField(graph, slice, "parent");
  return parent !== NO_NODE && hasFewSlices(heap, parent);
}

function hasFewSlices({ graph, retainers }: HeapAnalysis, parent: NodeIndex): boolean {
  let left = Math.floor(graph.selfSize[parent]! / BYTES_A_SLICE);
  eachRetainer(graph, retainers, parent, (slice) => {
    if (graph.nodeType[slice] === NodeType.slicedString) left--;
    return left >= 0;
  });
  return left >= 0;
}
