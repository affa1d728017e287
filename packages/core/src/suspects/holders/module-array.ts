import { edgeNameText, sourceOf } from "../../graph/edges-of.js";
import { classPosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { titleWithBehalf } from "./on-whose-behalf.js";

/** An array, or an object of a class that extends one, that only grows; what holds it lives as long as the process. */
export const moduleArray: HolderKind = {
  id: "module-array",
  advice: "Remove entries when they are done with, or keep only the newest: more come into this array than leave it.",
  recognise: ({ heap, finding: { container, entries } }) =>
    nodeText(heap.graph, container) === "Array" || /^element(?:s| slots)$/.test(entries?.word ?? ""),
  title: titleWithBehalf,
  advise: (facts) =>
    isPiping(facts.finding.path.words) ? UNPIPE : isOfAgent(facts) ? READ_TO_THE_END : moduleArray.advice,
};

const UNPIPE = "Each element is a stream that is piped into: unpipe() it, or destroy() it, when its reader goes.";

const READ_TO_THE_END =
  "Each element is the socket of a request that is not over: read its response to the end, whatever its status, or destroy it.";

/** True for the sockets that Node's agent for HTTP has in use. */
function isOfAgent({ heap: { graph }, finding: { path } }: HolderFacts): boolean {
  return path.edges.some((edge) => {
    if (edgeNameText(graph, edge) !== "sockets" || graph.edgeType[edge] !== EdgeType.property) return false;
    const agent = sourceOf(graph, edge);
    return nodeText(graph, agent) === "Agent" && classPosition(graph, agent)?.file.startsWith("node:") === true;
  });
}

/** True for what Node's streams call the streams that they are piped into. */
function isPiping(words: readonly string[]): boolean {
  return words[words.length - 1] === "pipes" && words[words.length - 2] === "_readableState";
}
