import { isContext } from "../../graph/v8-names.js";
import { label } from "../naming/original-words.js";
import { containerLabel, type HolderKind, usualTitle, whereabouts } from "./holder-kind.js";

/** As settings that are merged with more, or a tree that shares most of its nodes with the one before it. */
const MADE_ANEW =
  "Each is made of the one before it, and keeps more: make it once, or leave out what is done with when it is made anew.";

/** Always last: what is held is known, how it is meant is not. */
export const unknownHolder: HolderKind = {
  id: "unknown",
  advice: "Follow the path that holds it: the first step that should have let go is the place to mend.",
  advise: ({ finding }) => (finding.isReplaced ? MADE_ANEW : unknownHolder.advice),
  recognise: () => true,
  title(facts) {
    const { heap, finding, samples } = facts;
    if (finding.path.expression !== "")
      return `${usualTitle(facts)}${finding.isReplaced ? ", a new one each time" : ""}`;
    const held = samples[0] === undefined ? "" : ` holding ${label(heap.graph, samples[0])}`;
    const where = whereabouts(facts);
    if (where !== "" && !isContext(heap.graph, finding.container))
      return `${containerLabel(facts)}${held} in the ${where}`;
    return `${finding.container === 0 ? "roots of V8" : containerLabel(facts)}${held}, no variable of the program's names it`;
  },
};
