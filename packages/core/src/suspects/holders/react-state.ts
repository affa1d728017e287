import { isFiber } from "../naming/react-component.js";
import { type HolderKind, usualTitle, whereabouts } from "./holder-kind.js";

/** What a component of React's that is shown keeps in its state, a ref or a context. */
export const reactState: HolderKind = {
  id: "react-state",
  advice: "State, refs and contexts live as long as their component is shown: bound what is put into them.",
  recognise: ({ finding }) => finding.path.anchor === "component",
  title(facts) {
    const { heap, finding } = facts;
    return isFiber(heap.graph, finding.container) ? whereabouts(facts) : usualTitle(facts);
  },
};
