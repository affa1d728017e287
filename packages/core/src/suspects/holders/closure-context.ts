import { isContext } from "../../graph/v8-names.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A chain of scopes: closures of one scope share it, so one of them keeps what only another one uses. */
export const closureContext: HolderKind = {
  id: "closure-context",
  advice:
    "Closures of one scope share its variables: set those that are done with to null, or make the closure elsewhere.",
  recognise({ heap, finding }) {
    if (finding.chain !== null) return finding.chain.steps.some((step) => step.name === "context");
    return isContext(heap.graph, finding.container);
  },
  title(facts) {
    const { chain } = facts.finding;
    if (chain === null) return usualTitle(facts, "scope");
    const variables = chain.steps.filter((step) => step.name !== "context").map((step) => step.name);
    return `${usualTitle(facts, "chain of closures from")}, linked by \`${variables.join(".")}\``;
  },
};
