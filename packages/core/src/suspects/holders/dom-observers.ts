import { nodeText } from "../../graph/v8-names.js";
import { isNative } from "../naming/browser-nodes.js";
import { type HolderFacts, type HolderKind, ifGrown } from "./holder-kind.js";
import { componentInWords } from "./react-fibers.js";
import { callbackInWords, callbackPosition } from "./sampled-callback.js";

/** Observers of elements that are never disconnected, and so keep what their callbacks refer to. */
export const domObservers: HolderKind = {
  id: "dom-observers",
  advice: "Call disconnect() on the observer when what made it goes, or unobserve() the element.",
  recognise: ({ heap, finding }) => finding.entries?.word === "observers" && isNative(heap.graph, finding.container),
  title(facts) {
    const component = componentInWords(facts);
    const target = facts.finding.path.expression;
    return `${classOf(facts)}${target === "" ? "" : ` of \`${target}\``}${ifGrown(facts, ", never disconnected")}: ${callbackInWords(facts)}${component === "" ? "" : `, keeps ${component}`}`;
  },
  names: (facts) => [classOf(facts), ...facts.finding.path.words],
  position: callbackPosition,
};

function classOf({ heap, samples }: HolderFacts): string {
  const sample = samples.find((node) => /Observer/.test(nodeText(heap.graph, node)));
  return sample === undefined ? "observer" : nodeText(heap.graph, sample).replace(/Registration$/, "");
}
