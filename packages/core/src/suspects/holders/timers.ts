import { findEdge, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { shortFile } from "../short-file.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

const TIMER_CLASSES = new Set(["TimersList", "Timeout", "Immediate", "ImmediateList", "PriorityQueue", "DOMTimer"]);

/** Timers and intervals that nobody clears, in Node's own lists. */
export const timers: HolderKind = {
  id: "timers",
  advice: "Keep what setInterval or setTimeout returns and clear it when its owner goes.",
  recognise({ heap, finding, samples }) {
    if (TIMER_CLASSES.has(nodeText(heap.graph, finding.container))) return true;
    if (finding.path.file !== "node:internal/timers" && finding.path.file !== "node:timers") return false;
    return samples.some((sample) => TIMER_CLASSES.has(nodeText(heap.graph, sample)));
  },
  title(facts) {
    const callback = callbackOf(facts);
    return usualTitle(facts, callback === null ? "timers in" : `timers calling ${callback}, in`);
  },
};

/** The function that most sampled timers call, with its place. */
function callbackOf({ heap, samples }: HolderFacts): string | null {
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const callback = timerCallback(heap.graph, sample);
    if (callback === NO_NODE) continue;
    const position = closurePosition(heap.graph, callback);
    const name = nodeText(heap.graph, callback);
    const at = position === null ? "" : ` (${shortFile(position.file)}:${position.line}:${position.column})`;
    const words = (name === "" ? "a function" : `\`${name}\``) + at;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function timerCallback(graph: HolderFacts["heap"]["graph"], timer: NodeIndex): NodeIndex {
  for (const name of ["_onTimeout", "_onImmediate"]) {
    const edge = findEdge(graph, timer, EdgeType.property, name);
    if (edge !== NO_EDGE && graph.nodeType[graph.edgeTarget[edge]!] === NodeType.closure)
      return graph.edgeTarget[edge]!;
  }
  return internalField(graph, timer, "callback");
}
