import { propertyOf } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { isNative } from "../naming/browser-nodes.js";
import { isRoom } from "../growth/container-entries.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { isTimersFile, knownTimer, timerCallback, timerListsIn, timersInTable } from "../growth/node-timers.js";
import { functionName } from "../naming/original-words.js";
import { STORES_LINKED, storesBefore } from "./async-context.js";
import { containerLabel, type HolderFacts, type HolderKind, ifGrown, usualTitle } from "./holder-kind.js";
import { componentInWords } from "./react-fibers.js";
import { callbackInWords, sampledCallback, startsOf } from "./sampled-callback.js";

const TIMER_CLASSES = new Set(["TimersList", "Timeout", "Immediate", "ImmediateList", "PriorityQueue"]);

/** Where there are no more timers than before: one is set again when it is due, by what it calls. */
const SET_AGAIN =
  "There are no more timers than before: what they call keeps more each time. Find in that function, and in the scopes around it, what should go before it is set again.";

const KEEPING_MORE = "each keeping more than the one before";

const CANCEL_FRAME =
  "Keep what requestAnimationFrame returns last and give it to cancelAnimationFrame when its owner goes, or have the function ask for no further frame then.";

/** Timers and intervals that nobody clears, in Node's own lists or the browser's; requests for animation frames too. */
export const timers: HolderKind = {
  id: "timers",
  advice: "Keep what setInterval or setTimeout returns and clear it when its owner goes.",
  advise(facts) {
    if (isSetAgain(facts)) return storesBefore(facts) === null ? SET_AGAIN : STORES_LINKED;
    return areFrames(facts) ? CANCEL_FRAME : timers.advice;
  },
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
    const called = callbackInWords(facts, callback, [...startsOf(facts, callback), ...behindTimers(facts)]);
    const { graph } = facts.heap;
    if (!isNative(graph, facts.finding.container)) {
      return `timers calling ${called}${ifGrown(facts, `, ${stateOf(facts)}`)}${inList(facts)}`;
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

function stateOf(facts: HolderFacts): string {
  if (isSetAgain(facts)) return `set again and again, ${storesBefore(facts) ?? KEEPING_MORE}`;
  return facts.finding.isTimed ? "not due yet" : "never cleared";
}

function areFrames({ finding }: HolderFacts): boolean {
  return finding.entries?.word === "callbacks";
}

/** True for as many timers as before, or less, each of which is another one: those of intervals stay. */
function isSetAgain(facts: HolderFacts): boolean {
  const counts = timerCounts(facts);
  if (counts === null || sum(differences(counts)) > 0) return false;
  const { heap, samples } = facts;
  return samples.some((sample) => timerCallback(heap.graph, sample) !== NO_NODE);
}

/** How many timers a list of Node's has in each snapshot, or a table of its lists; null where that cannot be told. */
function timerCounts({ growth, finding: { entries, container, containers } }: HolderFacts): readonly number[] | null {
  if (entries !== null) return isRoom(entries) ? null : entries.counts;
  const { graph } = growth.heaps.at(-1)!;
  if (timerListsIn(graph, container).length === 0) return null;
  return containers.map((table, i) => timersInTable(growth.heaps[i]!.graph, table));
}

/** A table of lists is known to nobody; that the delays differ is. Deno has all timers of a program in one Map. */
function inList(facts: HolderFacts): string {
  const list = containerLabel(facts);
  if (TIMER_CLASSES.has(nodeText(facts.heap.graph, facts.finding.container))) return ` (${list})`;
  return list === "Map" ? "" : " (of many delays)";
}

/** What the first of the sampled timers has for the function that it calls. */
function behindTimers({ heap: { graph }, samples: [timer] }: HolderFacts): NodeIndex[] {
  if (timer === undefined || isNative(graph, timer)) return [];
  return ["_onTimeout", "_timerArgs"].map((name) => propertyOf(graph, timer, name)).filter((each) => each !== NO_NODE);
}

/** The function that the first of the sampled timers calls, or NO_NODE. */
function callbackOf(facts: HolderFacts): NodeIndex {
  const { heap, samples, finding } = facts;
  if (isNative(heap.graph, finding.container)) return sampledCallback(facts);
  for (const sample of samples) {
    const callback = timerCallback(heap.graph, knownTimer(heap.graph, sample));
    if (callback !== NO_NODE) return callback;
  }
  return NO_NODE;
}
