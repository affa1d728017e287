import { countInWords } from "../naming/quantities.js";
import { eventListeners } from "./event-listeners.js";
import { containerLabel, type HolderKind, usualTitle } from "./holder-kind.js";

/** Many alike objects that each grow by a little: the histories of all users in a Map. */
export const spread: HolderKind = {
  id: "many-that-grow",
  advice: "Each of them is only added to: bound what one holds, or drop its entries when they are done with.",
  recognise: ({ finding }) => finding.members > 1,
  title(facts) {
    const members = countInWords(facts.finding.members);
    if (eventListeners.recognise(facts))
      return `${eventListeners.title(facts)}, on ${members} such objects, each growing`;
    return `${usualTitle(facts, `${members} ${containerLabel(facts)}`)}, each growing`;
  },
  advise: (facts) => (eventListeners.recognise(facts) ? eventListeners.advice : spread.advice),
};
