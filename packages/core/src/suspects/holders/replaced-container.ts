import { nodeText } from "../../graph/v8-names.js";
import { callbacks } from "./callbacks.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A slot that gets a new and larger container each time: `state.items = [...state.items, item]`. */
export const replacedContainer: HolderKind = {
  id: "replaced-container",
  advice: "What is copied into the new container never leaves it: drop old entries when copying.",
  // Lists of subscribers are copied so that they may change while all are called; what helps is to unsubscribe.
  recognise: (facts) =>
    facts.finding.isReplaced &&
    (facts.finding.entries !== null || isTypedArray(nodeText(facts.heap.graph, facts.finding.container))) &&
    !callbacks.recognise(facts),
  title: (facts) => `${usualTitle(facts)}, a new one each time`,
};

/** Of numbers there is no count, but what they are in gets larger. */
function isTypedArray(name: string): boolean {
  return /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$|^(?:Shared)?ArrayBuffer$|^Buffer$/.test(name);
}
