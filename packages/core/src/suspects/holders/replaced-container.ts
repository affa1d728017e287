import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A slot that gets a new and larger container each time: `state.items = [...state.items, item]`. */
export const replacedContainer: HolderKind = {
  id: "replaced-container",
  advice: "What is copied into the new container never leaves it: drop old entries when copying.",
  recognise: ({ finding }) => finding.isReplaced && finding.entries !== null,
  title: (facts) => `${usualTitle(facts)}, a new one each time`,
};
