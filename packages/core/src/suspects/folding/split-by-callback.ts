import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { unitBytes } from "../../diff/holder-sums.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { isTimersList, timersIn } from "../../graph/timer-lists.js";
import { nativeEntryNodes } from "../growth/browser-entries.js";
import { callbackOf, isKnownToPages, isNative } from "../naming/browser-nodes.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { grouped } from "../growth/grouped.js";
import { differences, isLeak, judge, sum, type Terms } from "../growth/growth-verdict.js";
import { timerCallback, timerListsIn } from "../growth/node-timers.js";
import { libraryOf } from "../naming/library.js";

/** Functions that are told apart in one list. More of them are made by a program, not written. */
const MOST_CALLBACKS = 8;

/**
 * Tells bugs apart that meet in one list: Node has all timers of one duration in one, and those lists in a table, Blink
 * all timers of a page, and all listeners of a target. What a program knows is the function that is called. Those whose
 * number grows become a finding each; the one with most of them keeps what is nobody's.
 */
export function splitByCallback(growth: HolderGrowth, finding: Finding, terms: Terms): Finding[] {
  const last = growth.heaps.length - 1;
  const { entries: all, members, tops } = finding;
  if (all === null || members > 1 || tops !== null || growth.left !== null) return [finding];
  const groups = byCallback(growth.heaps[last]!, finding.container);
  if (groups.size < 2) return [finding];
  const counts = countsOf(growth, finding, [...groups.keys()]);
  joinAlike(groups, counts);
  const shares = sharesOf(growth, groups, counts);
  const parts = [...groups].flatMap(([callback, entries]): Finding[] => {
    const series = counts.get(callback)!;
    const bytes = finding.bytes.map((each, i) => Math.round(each * shares.get(callback)![i]!));
    const judgement = judge({ bytes, before: 0, entries: differences(series), enlargedBy: null }, terms);
    const entriesInWords = { counts: series, word: all.word };
    const part = { ...finding, entries: entriesInWords, bytes, judgement, only: new Set(entries) };
    return isLeak(part) ? [part] : [];
  });
  if (parts.length < 2 || parts.length > MOST_CALLBACKS) return [finding];
  const [most, ...others] = parts.sort(byGrowth) as [Finding, ...Finding[]];
  const rest = finding.bytes.map((each, i) => each - sum(others.map(({ bytes }) => bytes[i]!)));
  return [{ ...most, bytes: rest }, ...others.map((each) => ({ ...each, folded: [], alsoHeldBy: [], growAlong: [] }))];
}

/** The place of the function that all entries of a list of callbacks call; empty if there are several, or it is none. */
export function onlyCallback({ heaps }: HolderGrowth, { container }: Finding): string {
  const [place, ...others] = byCallback(heaps.at(-1)!, container).keys();
  return place === undefined || others.length > 0 ? "" : place;
}

/** Per place of a function, the entries of a list that call it; empty for what is no list of callbacks. */
function byCallback(heap: HeapAnalysis, list: NodeIndex): Map<string, NodeIndex[]> {
  return grouped(list === NO_NODE ? [] : entryNodes(heap, list), (entry) => placeOfCallback(heap.graph, entry));
}

function entryNodes(heap: HeapAnalysis, list: NodeIndex): NodeIndex[] {
  if (isNative(heap.graph, list)) return nativeEntryNodes(heap, list);
  return isTimersList(heap.graph, list) ? timersIn(heap.graph, list) : timerListsIn(heap.graph, list);
}

function placeOfCallback(graph: HeapGraph, entry: NodeIndex): string {
  const callback = isNative(graph, entry) ? callbackOf(graph, entry) : timerCallback(graph, entry);
  const position = callback === NO_NODE ? null : closurePosition(graph, callback);
  // Of active objects, what has no listener is of some class.
  if (position === null) return isKnownToPages(graph, entry) ? nodeText(graph, entry) : "";
  return `${position.file}:${position.line}:${position.column}`;
}

/** Per place of a function, how many entries call it in each snapshot. */
function countsOf({ heaps }: HolderGrowth, finding: Finding, places: readonly string[]): Map<string, number[]> {
  const groups = finding.containers.map((list, snapshot) => byCallback(heaps[snapshot]!, list));
  return new Map(places.map((place) => [place, groups.map((group) => group.get(place)?.length ?? 0)]));
}

/** Puts functions of one library together of which there are as many at all times: it is one object that starts both. */
function joinAlike(groups: Map<string, NodeIndex[]>, counts: Map<string, number[]>): void {
  const first = new Map<string, string>(); // library and counts -> place of the first such function
  for (const [place, entries] of groups) {
    const library = libraryOf(place);
    if (library === "" || library === "node:") continue;
    const series = counts.get(place)!;
    const key = [library, ...series].join("\n");
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, place);
      continue;
    }
    groups.set(other, groups.get(other)!.concat(entries)); // more than fit into one call
    counts.set(
      other,
      counts.get(other)!.map((count, i) => count + series[i]!),
    );
    groups.delete(place);
    counts.delete(place);
  }
}

/** Per place of a function and interval, its share of what the list gained: by the number of entries and their size. */
function sharesOf(
  growth: HolderGrowth,
  groups: ReadonlyMap<string, readonly NodeIndex[]>,
  counts: ReadonlyMap<string, readonly number[]>,
): Map<string, number[]> {
  const last = growth.heaps.length - 1;
  const cut = growth.cuts[last]!;
  const gains = new Map<string, number[]>();
  for (const [place, entries] of groups) {
    const units = entries.filter((entry) => cut.unitOf(entry) === entry);
    const bytes = sum(units.map((entry) => unitBytes(growth, last, entry))) / Math.max(1, units.length);
    gains.set(
      place,
      differences(counts.get(place)!).map((gained) => Math.max(0, gained) * bytes),
    );
  }
  const all = growth.heaps.slice(1).map((_, i) => sum([...gains.values()].map((each) => each[i]!)));
  return new Map([...gains].map(([place, each]) => [place, each.map((gain, i) => (gain === 0 ? 0 : gain / all[i]!))]));
}
