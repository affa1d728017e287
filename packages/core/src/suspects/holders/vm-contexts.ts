import { edgeNameText } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isRealm } from "../../graph/v8-names.js";
import { mostOf } from "../naming/heaviest-way.js";
import { newlyReached } from "../growth/newly-reached.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** Contexts of `vm`, each with globals of its own: some hundred kB of V8's for one small object of the program's. */
export const vmContexts: HolderKind = {
  id: "vm-contexts",
  advice: "A context costs far more than what is put into it: run many scripts in one, and drop it when they are done.",
  recognise: (facts) => mostOf(facts.heap, facts.samples, (sample) => keepsContext(facts, sample)),
  title: (facts) => `${usualTitle(facts)}, keeps vm contexts`,
};

function keepsContext({ growth, heap: { graph } }: HolderFacts, sample: NodeIndex): boolean {
  const found = newlyReached(
    growth,
    sample,
    (node, edge) =>
      isRealm(graph, node) || (edge !== null && edgeNameText(graph, edge) === "<symbol node:contextify:context>"),
  );
  return found !== NO_NODE;
}
