import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A static of a class, or a property that somebody put on a function. */
export const classStatic: HolderKind = {
  id: "class-static",
  advice:
    "It hangs on a class or function, which lives as long as the process: bound it, or delete entries when they are done with.",
  recognise: ({ finding }) => finding.path.isStatic,
  title: (facts) => usualTitle(facts),
};
