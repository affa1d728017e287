import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A property of the global object. */
export const globalProperty: HolderKind = {
  id: "global-property",
  advice: "Globals live as long as the process: bound what this one holds, or keep it where its user can drop it.",
  // What is made of the one before it each time keeps that wherever it hangs, and has no bound.
  recognise: ({ finding: { path, isReplaced } }) => path.anchor === "global" && !isReplaced,
  title: (facts) => usualTitle(facts),
};
