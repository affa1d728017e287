import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A static of a class, or a property that somebody put on a function. */
export const classStatic: HolderKind = {
  id: "class-static",
  advice: "A static lives as long as its class: bound what it holds, or delete entries when their owner goes.",
  recognise: ({ finding }) => finding.path.isStatic,
  title: (facts) => usualTitle(facts),
};
