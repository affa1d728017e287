import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { mostOf } from "../heaviest-way.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";
import { callbackInWords } from "./sampled-callback.js";

/** Functions that were handed in to be called, and are never taken out: subscribers of a store, hooks, jobs. */
export const callbacks: HolderKind = {
  id: "callbacks",
  advice:
    "Take a function out when who handed it in goes: call what subscribing returned (unsubscribe, dispose), or hand it in once outside.",
  recognise({ heap, finding, samples }) {
    const { graph } = heap;
    if (!/^(?:Array|Map|Set)$/.test(nodeText(graph, finding.container))) return false;
    const isOfProgram = (node: number): boolean =>
      graph.nodeType[node] === NodeType.closure && closurePosition(graph, node) !== null;
    return mostOf(heap, samples, isOfProgram);
  },
  title: (facts) => `${usualTitle(facts)}, keeps callbacks such as ${callbackInWords(facts)}`,
};
