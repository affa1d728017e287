import type { HolderGrowth } from "../../diff/holder-growth.js";
import { isNative } from "../naming/browser-nodes.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { differences, isLeak, sum } from "../growth/growth-verdict.js";
import { isTimersList } from "../../graph/timer-lists.js";
import { isRoom } from "../growth/container-entries.js";
import { arePending } from "../growth/pending-operations.js";
import { samplesOf } from "../growth/samples.js";
import { isConnected, leadsTo } from "./connected.js";
import { isInStep } from "./shared-holders.js";

/** Entries an interval from which it is no accident that listeners are a multiple of them. */
const SERIES = 4;

/**
 * Folds listeners and observers of the browser's into the holder of what they work for: a chart that nobody destroys is
 * in its library's table, and its listeners know it as well, as many of each kind as there are charts, or so many times as
 * many. That is one bug, though cutting one of them frees nothing. What only listeners hold stays theirs. The same goes for timers of Node's that
 * the entries of a holder refer to: sessions that are never ended, each with a timer that would end it in a day; and for
 * what the runtime waits for because of them: Deno for messages of Workers that a list has.
 */
export function foldCallsOnEntries(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const { graph } = growth.heaps.at(-1)!;
  const isTimers = ({ container }: Finding): boolean => isTimersList(graph, container);
  const isPending = (each: Finding): boolean =>
    arePending(graph, each, () => samplesOf(growth, each).map(({ node }) => node));
  const isCalled = (each: Finding): boolean =>
    each.entries !== null && (isNative(graph, each.container) || isTimers(each) || isPending(each));
  const holders = findings.filter((each) => isLeak(each) && !isCalled(each)).sort(byGrowth);
  const parts = new Map<Finding, Finding[]>(); // holder -> what is folded into it
  for (const finding of findings.filter((each) => isLeak(each) && isCalled(each))) {
    // Behind a timer is all that the request knows which it was set in.
    const isFor = isTimers(finding) ? leadsTo : isConnected;
    const areAsMany = isTimers(finding) ? isInStep : areForEach;
    const holder = holders.find((each) => areAsMany(each, finding) && isFor(growth, each, finding));
    if (holder !== undefined) parts.set(holder, [...(parts.get(holder) ?? []), finding]);
  }
  const gone = new Set([...parts.values()].flat());
  return findings.filter((each) => !gone.has(each)).map((each) => withCalls(each, parts.get(each) ?? [], findings));
}

/** True if as many listeners came for each new entry of a holder in every interval. */
function areForEach(holder: Finding, calls: Finding): boolean {
  if (holder.entries === null || isRoom(holder.entries) || holder.judgement !== calls.judgement) return false;
  const entries = differences(holder.entries.counts);
  const [each, ...others] = differences(calls.entries!.counts).map((gained, i) => gained / entries[i]!);
  if (each === 1) return others.every((other) => other === 1);
  return (
    entries.every((gained) => gained >= SERIES) && Number.isInteger(each) && others.every((other) => other === each)
  );
}

function withCalls(holder: Finding, calls: readonly Finding[], all: readonly Finding[]): Finding {
  // A list whose other listeners are another bug's counts for none of the two.
  const whole = calls.filter((call) => all.every((each) => each.grown !== call.grown || calls.includes(each)));
  return {
    ...holder,
    bytes: holder.bytes.map((bytes, i) => bytes + sum(calls.map((call) => call.bytes[i]!))),
    folded: [...new Set([...holder.folded, ...whole.flatMap(({ grown, folded }) => [grown, ...folded])])],
    alsoHeldBy: [...holder.alsoHeldBy, ...calls.flatMap((call) => [call, ...call.alsoHeldBy])],
  };
}
