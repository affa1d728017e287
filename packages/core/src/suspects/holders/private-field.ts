import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { EdgeType } from "../../graph/v8-types.js";
import { writtenClass, compiledFieldAt } from "../naming/compiled-fields.js";
import { propertyInSource } from "../naming/original-words.js";
import { shortFile } from "../naming/short-file.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
import { keptOnBehalf } from "./on-whose-behalf.js";

/** A private field of an instance: only its class, which may be a library's, can take something out. */
export const privateField: HolderKind = {
  id: "private-field",
  advice:
    "Only methods of its class can reach it: call one that removes what is done with, or give the class one, or a bound.",
  recognise: ({ finding }) => fieldName(finding.path.words) !== "",
  title(facts) {
    const owner = ownerOf(facts);
    if (owner === NO_NODE) return `${usualTitle(facts)}, a private field`;
    const { name, position } = writtenClass(facts.heap.graph, owner);
    const at = position === null ? "" : ` (${shortFile(position.file)}:${position.line})`;
    return `${usualTitle(facts)}, a private field of ${name}${at}${keptOnBehalf(facts)}`;
  },
};

function fieldName(words: readonly string[]): string {
  const last = words[words.length - 1] ?? "";
  return words.length > 1 && last.startsWith("#") ? last : "";
}

/** The instance whose private field refers to the container. */
function ownerOf({ heap, finding }: HolderFacts): NodeIndex {
  const { graph } = heap;
  const name = fieldName(finding.path.words);
  let owner: NodeIndex = NO_NODE;
  eachRetainer(graph, heap.retainers, finding.container, (from, edge) => {
    const isProperty = graph.edgeType[edge] === EdgeType.property;
    const isField = name === (isProperty ? propertyInSource(graph, from, edge) : compiledFieldAt(heap, from, edge));
    if (isField) owner = from;
    return !isField;
  });
  return owner;
}
