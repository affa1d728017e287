import { NO_NODE } from "../../graph/heap-graph.js";
import { isKnownToPages, isNative, nativeWord } from "../naming/browser-nodes.js";
import { eventTypeOf } from "../naming/called-from.js";
import { functionName } from "../naming/original-words.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { componentInWords } from "./react-fibers.js";
import { callbackInWords, callbackPosition, sampledCallback } from "./sampled-callback.js";

/** Listeners that a page adds to `window`, `document` or another of the browser's event targets, and never removes. */
export const windowListeners: HolderKind = {
  id: "window-listeners",
  advice:
    "Remove the listener when what added it goes (removeEventListener with the same function, or an AbortSignal as its option).",
  recognise: ({ heap, finding }) => finding.entries?.word === "listeners" && isNative(heap.graph, finding.container),
  title(facts) {
    const type = typeOf(facts);
    const component = componentInWords(facts);
    return `listeners${type === null ? "" : ` of "${type}"`} on \`${targetOf(facts)}\`: ${callbackInWords(facts)}${component === "" ? "" : `, keeps ${component}`}`;
  },
  names(facts) {
    const listener = sampledCallback(facts);
    const name = listener === NO_NODE ? "" : functionName(facts.heap.graph, listener);
    return [targetOf(facts), typeOf(facts) ?? "", name];
  },
  position: callbackPosition,
};

function typeOf(facts: HolderFacts): string | null {
  const listener = sampledCallback(facts);
  return listener === NO_NODE ? null : eventTypeOf(facts.heap.graph, listener);
}

/** What the program calls the target, or else its class: the nearest object above the listeners that pages know. */
function targetOf({ heap, finding }: HolderFacts): string {
  if (finding.path.expression !== "") return finding.path.expression;
  let at = finding.container;
  while (at !== 0 && !isKnownToPages(heap.graph, at)) at = heap.dominator[at]!;
  return at === 0 ? "an event target" : nativeWord(heap.graph, at);
}
