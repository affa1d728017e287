import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** What was handed to a FinalizationRegistry for the day when the target goes, and the target never goes. */
export const finalizationRegistry: HolderKind = {
  id: "finalization-registry",
  advice:
    "What is registered stays until its target goes: do not register a target that lives on again, or unregister it with a token.",
  entryWord: "registrations",
  recognise: ({ heap, finding }) => nodeText(heap.graph, finding.container) === "FinalizationRegistry",
  title: (facts) => usualTitle(facts),
};
