import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A promise that never settles: every `then`, `await` and `Promise.race` on it leaves a reaction behind. */
export const promiseReactions: HolderKind = {
  id: "promise-reactions",
  advice:
    "Do not await or race, again and again, a promise that does not settle: settle it, or use a signal or listener that can be removed.",
  recognise: ({ heap, finding }) => nodeText(heap.graph, finding.container) === "Promise",
  title: (facts) => usualTitle(facts, "pending Promise"),
};
