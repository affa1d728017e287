import { nodeText } from "../../graph/v8-names.js";
import { nativeWord } from "../browser-nodes.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { callbackInWords, callbackPosition } from "./sampled-callback.js";

/** Workers, sockets and other objects that the browser keeps alive for as long as they may still have something to do. */
export const activeObjects: HolderKind = {
  id: "active-objects",
  advice: "End what is no longer needed: terminate() a Worker, close() a socket, channel or port.",
  recognise: ({ heap, finding }) => nodeText(heap.graph, finding.container) === "Pending activities",
  title: (facts) => `${classOf(facts)} objects that are never ended: ${callbackInWords(facts)}`,
  names: (facts) => [classOf(facts)],
  position: callbackPosition,
};

function classOf({ heap, samples }: HolderFacts): string {
  return samples[0] === undefined ? "active" : nativeWord(heap.graph, samples[0]);
}
