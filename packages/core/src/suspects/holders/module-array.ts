import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** An array, or an object of a class that extends one, that only grows; what holds it lives as long as the process. */
export const moduleArray: HolderKind = {
  id: "module-array",
  advice: "Remove entries when they are done with, or keep only the newest: more come into this array than leave it.",
  recognise: ({ heap, finding: { container, entries } }) =>
    nodeText(heap.graph, container) === "Array" || /^element(?:s| slots)$/.test(entries?.word ?? ""),
  title: (facts) => usualTitle(facts),
  advise: ({ finding: { path } }) => (isPiping(path.words) ? UNPIPE : moduleArray.advice),
};

const UNPIPE = "Each element is a stream that is piped into: unpipe() it, or destroy() it, when its reader goes.";

/** True for what Node's streams call the streams that they are piped into. */
function isPiping(words: readonly string[]): boolean {
  return words[words.length - 1] === "pipes" && words[words.length - 2] === "_readableState";
}
