import { type HolderKind, usualTitle } from "./holder-kind.js";
import { homeInWords } from "./weak-map.js";

/** A tree, a ring or a table of lists: objects of one class that hold each other, from whatever holds the first. */
export const linkedObjects: HolderKind = {
  id: "linked-objects",
  advice: "Objects are linked into the structure and never taken out: remove those that are done with, or bound it.",
  recognise: ({ finding }) => finding.linkedClass !== null,
  title: (facts) => `${usualTitle(facts, `linked ${facts.finding.linkedClass} objects from`)}${homeInWords(facts)}`,
};
