import { type HolderFacts, type HolderKind, usualTitle, whereabouts, wordsAround } from "./holder-kind.js";
import { join } from "../naming/access-words.js";

/** What Node has of an AbortSignal's for the signals that AbortSignal.any() made of it. */
const FOLLOWERS = "[kDependantSignals]";
const FOLLOWED =
  "AbortSignal.any() leaves a signal on each that it is given, which stays there as long as that lives if somebody listens to it: remove that listener in the end, or hand in the long-lived signal itself.";

/** Listeners of an EventEmitter, EventTarget or AbortSignal that are added and never removed. */
export const eventListeners: HolderKind = {
  id: "event-listeners",
  advice:
    "Remove the listener when its owner goes (off, removeListener, or the signal option), or add it once outside.",
  entryWord: "listeners",
  recognise({ finding }) {
    return ["_events", "[kEvents]", FOLLOWERS].some((word) => finding.path.words.includes(word));
  },
  advise: ({ finding }) => (finding.path.words.includes(FOLLOWERS) ? FOLLOWED : eventListeners.advice),
  title(facts) {
    const { words } = facts.finding.path;
    const followed = wordsAround(words, FOLLOWERS);
    if (followed !== null && followed.before.length > 0)
      return `signals that follow \`${join(followed.before)}\`${placeInWords(facts)}`;
    const around = wordsAround(words, "_events") ?? wordsAround(words, "[kEvents]");
    if (around === null || around.before.length === 0) return usualTitle(facts, "listeners in");
    const event = around.after === null || /^[[{]…/.test(around.after) ? "" : ` of "${eventName(around.after)}"`;
    return `listeners${event} on \`${join(around.before)}\`${placeInWords(facts)}`;
  },
};

function placeInWords(facts: HolderFacts): string {
  const where = whereabouts(facts);
  return where === "" ? "" : `, ${where}`;
}

function eventName(word: string): string {
  return word.replace(/^\["?/, "").replace(/"?\]$/, "");
}
