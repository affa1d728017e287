import { edgeNameText, hasProperty, sourceOf } from "../../graph/edges-of.js";
import { type HolderFacts, type HolderKind, usualTitle, whereabouts, wordsAround } from "./holder-kind.js";
import { join } from "../naming/access-words.js";

const EVENTS = "_events";
/** How the words for what a function was bound to begin. */
const BOUND = "[[Bound";

/** What Node has of an AbortSignal's for the signals that AbortSignal.any() made of it. */
const FOLLOWERS = "[kDependantSignals]";
const FOLLOWED =
  "AbortSignal.any() leaves a signal on each that it is given, which stays there as long as that lives if somebody listens to it: remove that listener in the end, or hand in the long-lived signal itself.";

/** Where Deno has the listeners of an EventTarget by event, in an object behind a symbol. */
const DENOS = "listeners";
/** What else is in that object, whatever the target is. */
const BESIDE = ["assignedSlot", "hasActivationBehavior"];

/** Listeners of an EventEmitter, EventTarget or AbortSignal that are added and never removed. */
export const eventListeners: HolderKind = {
  id: "event-listeners",
  advice:
    "Remove the listener when its owner goes (off, removeListener, or the signal option), or add it once outside.",
  entryWord: "listeners",
  recognise(facts) {
    const { words } = facts.finding.path;
    const listed = [EVENTS, "[kEvents]", FOLLOWERS].some((word) => words.includes(word)) || isDenos(facts);
    return listed && !isBehindListener(words);
  },
  advise: ({ finding }) => (finding.path.words.includes(FOLLOWERS) ? FOLLOWED : eventListeners.advice),
  title(facts) {
    const { words } = facts.finding.path;
    const followed = wordsAround(words, FOLLOWERS);
    if (followed !== null && followed.before.length > 0)
      return `signals that follow \`${join(followed.before)}\`${placeInWords(facts)}`;
    const around = wordsAround(words, EVENTS) ?? wordsAround(words, "[kEvents]") ?? wordsAround(words, DENOS);
    const before = isDenos(facts) ? around?.before.slice(0, -1) : around?.before; // its symbol says nothing
    const isGlobal = isDenos(facts) && facts.finding.path.anchor === "global";
    const target = join(before ?? []) || (isGlobal ? "globalThis" : "");
    if (around === null || target === "") return usualTitle(facts, "listeners in");
    const event = around.after === null || /^[[{]…/.test(around.after) ? "" : ` of "${eventName(around.after)}"`;
    return `listeners${event} on \`${target}\`${placeInWords(facts)}`;
  },
};

/** True for what a listener was bound to: who listens has tables of its own. */
function isBehindListener(words: readonly string[]): boolean {
  return words.slice(words.lastIndexOf(EVENTS) + 1).some((word) => word.startsWith(BOUND));
}

function isDenos({ heap: { graph }, finding: { path } }: HolderFacts): boolean {
  if (path.words[path.words.length - 2] !== DENOS) return false;
  const edge = path.edges.find((each) => edgeNameText(graph, each) === DENOS);
  return edge !== undefined && BESIDE.every((name) => hasProperty(graph, sourceOf(graph, edge), name));
}

function placeInWords(facts: HolderFacts): string {
  const where = whereabouts(facts);
  return where === "" ? "" : `, ${where}`;
}

function eventName(word: string): string {
  return word.replace(/^\["?/, "").replace(/"?\]$/, "");
}
