import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType } from "../../graph/v8-types.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { fold, gainAlike } from "./shared-holders.js";

/**
 * Folds listeners that are added to one emitter together: whoever pipes into a stream listens for its "finish", "error"
 * and "unpipe". Those of other emitters, or in other numbers, are bugs of their own. Whoever waits for an event, as Node's
 * `once` does, listens for errors as well: that is told last.
 */
export function foldSameEmitter(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const kept = new Map<Finding, Finding>(); // finding -> it with all that is folded into it
  const slows = ({ judgement }: Finding): number => Number(judgement !== "growing");
  const order = (a: Finding, b: Finding): number =>
    slows(a) - slows(b) || forErrors(a) - forErrors(b) || byGrowth(a, b);
  for (const finding of [...findings].sort(order)) {
    const emitter = eventsObject(growth, finding);
    const other =
      emitter === NO_NODE
        ? undefined
        : [...kept.keys()].find((each) => eventsObject(growth, each) === emitter && gainAlike(each, finding));
    if (other === undefined) kept.set(finding, finding);
    else kept.set(other, fold(kept.get(other)!, finding));
  }
  return [...kept.values()];
}

function forErrors({ path: { words } }: Finding): number {
  return Number(words[words.length - 1] === "error");
}

/** The object in which Node keeps the listeners of an emitter, by event; NO_NODE if a finding is not one of its. */
function eventsObject(growth: HolderGrowth, { path }: Finding): NodeIndex {
  const { graph } = growth.heaps.at(-1)!;
  const events = graph.strings.indexOf("_events");
  for (const edge of path.edges)
    if (graph.edgeType[edge] === EdgeType.property && graph.edgeName[edge] === events) return graph.edgeTarget[edge]!;
  return NO_NODE;
}
