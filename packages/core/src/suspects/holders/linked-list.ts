import { containerLabel, type HolderKind, usualTitle } from "./holder-kind.js";

/** A list of objects that refer to each other, held by its head or its tail. */
export const linkedList: HolderKind = {
  id: "linked-list",
  advice: "Cut the list: bound its length, or drop the reference from each link to the ones before it.",
  recognise: ({ finding }) => finding.chain !== null,
  title(facts) {
    const link = facts.finding.chain?.steps.map((step) => step.name).join(".") ?? "";
    return `${usualTitle(facts, `linked list of ${containerLabel(facts)} from`)}, linked by \`${link}\``;
  },
};
