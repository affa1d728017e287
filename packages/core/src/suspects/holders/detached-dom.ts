import { nodeLabel } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Elements that were removed from the document and are still referred to. */
export const detachedDom: HolderKind = {
  id: "detached-dom",
  advice: "Drop the reference to the element when it is removed from the document, or hold it in a WeakRef.",
  recognise: ({ heap, samples }) => samples.some((sample) => heap.graph.detached?.[sample] === 2),
  title(facts) {
    const { heap, samples } = facts;
    const detached = samples.find((sample) => heap.graph.detached?.[sample] === 2);
    const what = detached === undefined ? "detached DOM" : nodeLabel(heap.graph, detached);
    return `${usualTitle(facts)}, keeps ${what}`;
  },
};
