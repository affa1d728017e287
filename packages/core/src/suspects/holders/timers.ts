import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { isNative } from "../naming/browser-nodes.js";
import { isRoom } from "../growth/container-entries.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { isTimersFile, timerCallback } from "../growth/node-timers.js";
import { functionName } from "../naming/original-words.js";
import { containerLabel, type HolderFacts, type HolderKind, ifGrown, usualTitle } from "./holder-kind.js";
import { componentInWords } from "./react-fibers.js";
import { callbackInWords, sampledCallback } from "./sampled-callback.js";

const TIMER_CLASSES = new Set(["TimersList", "Timeout", "Immediate", "ImmediateList", "PriorityQueue"]);

/** Where there are no more timers than before: one is set again when it is due, by what it calls. */
const SET_AGAIN =
  "There are no more timers than before: what they call keeps more each time. Find in that function, and in the scopes around it, what should go before it is set again.";

const CANCEL_FRAME =
  "Keep what requestAnimationFrame returns last and give it to cancelAnimationFrame when its owner goes, or have the function ask for no further frame then.";

/** Timers and intervals that nobody clears, in Node's own lists or the browser's; requests for animation frames too. */
export const timers: HolderKind = {
  id: "timers",
  advice: "Keep what setInterval or setTimeout returns and clear it when its owner goes.",
  advise: (facts) => (isSetAgain(facts) ? SET_AGAIN : areFrames(facts) ? CANCEL_FRAME : timers.advice),
  recognise({ heap, finding, samples }) {
    if (TIMER_CLASSES.has(nodeText(heap.graph, finding.container))) return true;
    if (isNative(heap.graph, finding.container))
      return finding.entries?.word === "timers" || finding.entries?.word === "callbacks";
    if (!isTimersFile(finding.path.file)) return false;
    return samples.some((sample) => TIMER_CLASSES.has(nodeText(heap.graph, sample)));
  },
  title(facts) {
    const callback = callbackOf(facts);
    if (callback === NO_NODE) return usualTitle(facts, "timers in");
    const called = callbackInWords(facts, callback);
    const { graph } = facts.heap;
    if (!isNative(graph, facts.finding.container)) {
      const how = isSetAgain(facts) ? "set again and again, each keeping more than the one before" : "never cleared";
      return `timers calling ${called}${ifGrown(facts, `, ${how}`)}${inList(facts)}`;
    }
    const component = componentInWords(facts);
    const what = areFrames(facts) ? "animation frames" : "timers";
    return `${what} calling ${called}${ifGrown(facts, ", never cleared")}${component === "" ? "" : `, keeps ${component}`}`;
  },
  names(facts) {
    const callback = callbackOf(facts);
    return callback === NO_NODE ? [] : [functionName(facts.heap.graph, callback)];
  },
  position(facts) {
    const callback = callbackOf(facts);
    return callback === NO_NODE ? null : closurePosition(facts.heap.graph, callback);
  },
};

function areFrames({ finding }: HolderFacts): boolean {
  return finding.entries?.word === "callbacks";
}

/** True for a list of as many timers as before, each of which is another one: those of intervals stay. */
function isSetAgain({ heap, finding: { entries }, samples }: HolderFacts): boolean {
  if (entries === null || isRoom(entries) || sum(differences(entries.counts)) !== 0) return false;
  return samples.some((sample) => nodeText(heap.graph, sample) === "Timeout");
}

/** A table of lists is known to nobody; that the delays differ is. Deno has all timers of a program in one Map. */
function inList(facts: HolderFacts): string {
  const list = containerLabel(facts);
  if (TIMER_CLASSES.has(nodeText(facts.heap.graph, facts.finding.container))) return ` (${list})`;
  return list === "Map" ? "" : " (of many delays)";
}

/** The function that the first of the sampled timers calls, or NO_NODE. */
function callbackOf(facts: HolderFacts): NodeIndex {
  const { heap, samples, finding } = facts;
  if (isNative(heap.graph, finding.container)) return sampledCallback(facts);
  for (const sample of samples) {
    const callback = timerCallback(heap.graph, sample);
    if (callback !== NO_NODE) return callback;
  }
  return NO_NODE;
}
