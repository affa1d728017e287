import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** An array that only grows, held by a variable or property that lives as long as the process. */
export const moduleArray: HolderKind = {
  id: "module-array",
  advice: "Remove entries when they are done with, or keep only the newest; nothing ever shortens this array.",
  recognise: ({ heap, finding }) => nodeText(heap.graph, finding.container) === "Array",
  title: (facts) => usualTitle(facts),
};
