import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText } from "../../graph/edges-of.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Views of ArrayBuffers, Buffers among them: the smallest keeps all bytes of its buffer. How long it is V8 does not write. */
export const bufferView: HolderKind = {
  id: "buffer-view",
  advice:
    "A view keeps all bytes of its buffer, however few it shows: copy the part that is needed, such as with new Uint8Array(part), so that the buffer can go.",
  recognise: ({ heap, samples }) => mostOf(heap, samples, (sample) => keepsBuffer(heap, sample)),
  title: (facts) => `${usualTitle(facts)}, keeps views, each of which keeps its whole ArrayBuffer`,
};

/** By way of a view: an ArrayBuffer that is kept itself is no more than it says. */
function keepsBuffer(heap: HeapAnalysis, sample: NodeIndex): boolean {
  const { graph } = heap;
  const way = heaviestWay(heap, sample);
  return way.some(
    ({ from, edge }) =>
      edgeNameText(graph, edge) === "buffer" &&
      nodeText(graph, graph.edgeTarget[edge]!) === "ArrayBuffer" &&
      /Array$|^Buffer$|^DataView$/.test(nodeText(graph, from)),
  );
}
