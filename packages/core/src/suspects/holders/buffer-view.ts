import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText } from "../../graph/edges-of.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { classPosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Views of ArrayBuffers, Buffers among them: the smallest keeps all bytes of its buffer. How long it is V8 does not write. */
export const bufferView: HolderKind = {
  id: "buffer-view",
  advice:
    "Remove what is done with. A view keeps all bytes of its buffer, however few it shows: where that is a part, keep a copy of it, such as new Uint8Array(part), so that the buffer can go.",
  recognise: ({ heap, samples }) => mostOf(heap, samples, (sample) => keepsBuffer(heap, sample)),
  title: (facts) => `${usualTitle(facts)}, keeps views, each of which keeps its whole ArrayBuffer`,
};

/** By way of a view: an ArrayBuffer that is kept itself is no more than it says. */
function keepsBuffer(heap: HeapAnalysis, sample: NodeIndex): boolean {
  const { graph } = heap;
  const way = heaviestWay(heap, sample);
  const view = way.findIndex(
    ({ from, edge }) =>
      edgeNameText(graph, edge) === "buffer" &&
      nodeText(graph, graph.edgeTarget[edge]!) === "ArrayBuffer" &&
      /Array$|^Buffer$|^DataView$/.test(nodeText(graph, from)),
  );
  // A stream of Node's needs the buffers that it has.
  const isNodes = (node: NodeIndex): boolean => classPosition(graph, node)?.file.startsWith("node:") === true;
  return view >= 0 && !way.slice(0, view).some(({ from }) => isNodes(from));
}
