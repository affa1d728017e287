import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A property of the global object. */
export const globalProperty: HolderKind = {
  id: "global-property",
  advice: "Globals live as long as the process: bound what this one holds, or keep it where its user can drop it.",
  recognise: ({ finding }) => finding.path.anchor === "global",
  title: (facts) => usualTitle(facts),
};
