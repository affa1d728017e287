import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A slot that gets a new and larger container each time: `state.items = [...state.items, item]`. */
export const replacedContainer: HolderKind = {
  id: "replaced-container",
  advice: "What is copied into the new container never leaves it: drop old entries when copying.",
  recognise: ({ heap, finding }) =>
    finding.isReplaced && (finding.entries !== null || isTypedArray(nodeText(heap.graph, finding.container))),
  title: (facts) => `${usualTitle(facts)}, a new one each time`,
};

/** Of numbers there is no count, but what they are in gets larger. */
function isTypedArray(name: string): boolean {
  return /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$|^(?:Shared)?ArrayBuffer$|^Buffer$/.test(name);
}
