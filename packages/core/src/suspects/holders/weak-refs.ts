import { isText, nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A collection of WeakRefs: what they refer to goes, they and their keys stay. */
export const weakRefs: HolderKind = {
  id: "weak-refs",
  advice: "A WeakRef lets its target go but stays itself: delete its entry from a FinalizationRegistry's callback.",
  recognise({ heap: { graph }, samples }) {
    const things = samples.filter((sample) => !isText(graph.nodeType[sample]!));
    const refs = things.filter(
      (sample) => graph.nodeType[sample] === NodeType.object && nodeText(graph, sample) === "WeakRef",
    );
    return refs.length > 0 && refs.length * 2 >= things.length;
  },
  title: (facts) => `${usualTitle(facts)}, keeps WeakRefs`,
};
