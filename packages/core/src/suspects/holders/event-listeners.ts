import { edgeNameText, hasProperty, sourceOf } from "../../graph/edges-of.js";
import { type HolderFacts, type HolderKind, usualTitle, whereabouts, wordsAround } from "./holder-kind.js";
import { join } from "../naming/access-words.js";

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
    return ["_events", "[kEvents]", FOLLOWERS].some((word) => words.includes(word)) || isDenos(facts);
  },
  advise: ({ finding }) => (finding.path.words.includes(FOLLOWERS) ? FOLLOWED : eventListeners.advice),
  title(facts) {
    const { words } = facts.finding.path;
    const followed = wordsAround(words, FOLLOWERS);
    if (followed !== null && followed.before.length > 0)
      return `signals that follow \`${join(followed.before)}\`${placeInWords(facts)}`;
    const around = wordsAround(words, "_events") ?? wordsAround(words, "[kEvents]") ?? wordsAround(words, DENOS);
    const before = isDenos(facts) ? around?.before.slice(0, -1) : around?.before; // its symbol says nothing
    const isGlobal = isDenos(facts) && facts.finding.path.anchor === "global";
    const target = join(before ?? []) || (isGlobal ? "globalThis" : "");
    if (around === null || target === "") return usualTitle(facts, "listeners in");
    const event = around.after === null || /^[[{]…/.test(around.after) ? "" : ` of "${eventName(around.after)}"`;
    return `listeners${event} on \`${target}\`${placeInWords(facts)}`;
  },
};

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
