import { type HolderKind, usualTitle, whereabouts, wordsAround } from "./holder-kind.js";
import { join } from "../naming/access-words.js";

/** Listeners of an EventEmitter, EventTarget or AbortSignal that are added and never removed. */
export const eventListeners: HolderKind = {
  id: "event-listeners",
  advice:
    "Remove the listener when its owner goes (off, removeListener, or the signal option), or add it once outside.",
  entryWord: "listeners",
  recognise({ finding }) {
    return finding.path.words.includes("_events") || finding.path.words.includes("[kEvents]");
  },
  title(facts) {
    const { words } = facts.finding.path;
    const around = wordsAround(words, "_events") ?? wordsAround(words, "[kEvents]");
    if (around === null || around.before.length === 0) return usualTitle(facts, "listeners in");
    const event = around.after === null || /^[[{]…/.test(around.after) ? "" : ` of "${eventName(around.after)}"`;
    const where = whereabouts(facts);
    return `listeners${event} on \`${join(around.before)}\`${where === "" ? "" : `, ${where}`}`;
  },
};

function eventName(word: string): string {
  return word.replace(/^\["?/, "").replace(/"?\]$/, "");
}
