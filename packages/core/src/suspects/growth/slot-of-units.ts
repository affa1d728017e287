import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { EdgeType } from "../../graph/v8-types.js";
import { entriesOf } from "./container-entries.js";
import { newestUnits } from "./samples.js";
import { isContainer, namedTarget, type Slot, slotName } from "./slots.js";

/** Names from a holder to a container: more are not written in one expression. */
const MAX_DEPTH = 3;
/** References that are looked at on the way up from one unit. */
const MAX_RETAINERS = 200;

/**
 * The slot of a holder that leads to a container of most of its newest units, where no slot alone keeps them alive:
 * redux has every listener in two arrays of one scope, so that the scope keeps it, and neither of its variables does.
 */
export function slotOfUnits(growth: HolderGrowth, survivor: SurvivorIndex): Slot | null {
  const last = growth.heaps.length - 1;
  const holder = growth.survivors.nodesIn(last)[survivor]!;
  if (isContainer(growth, survivor)) return null;
  const found = new Map<string, { words: readonly string[]; units: number }>();
  const units = newestUnits(growth, survivor);
  for (const unit of units) {
    for (const words of waysTo(growth, holder, unit)) {
      const key = words.join("\n");
      found.set(key, { words, units: (found.get(key)?.units ?? 0) + 1 });
    }
  }
  const [best] = [...found].sort(([a, { units: more }], [b, { units: less }]) => less - more || (a < b ? -1 : 1));
  if (best === undefined || best[1].units * 2 < units.length) return null;
  const { words } = best[1];
  const holders = growth.survivors.nodesOf(survivor);
  const follow = (names: readonly string[]): NodeIndex[] =>
    holders.map((at, snapshot) => names.reduce((node, name) => namedTarget(growth.heaps[snapshot]!, node, name), at));
  return { words, tops: follow(words.slice(0, 1)), nodes: follow(words), chain: null };
}

/** How a holder names the containers that a unit is an entry of. */
function waysTo(growth: HolderGrowth, holder: NodeIndex, unit: NodeIndex): readonly string[][] {
  const heap = growth.heaps.at(-1)!;
  const ways: string[][] = [];
  const containers = new Set<NodeIndex>();
  let left = MAX_RETAINERS;
  eachRetainer(heap.graph, heap.retainers, unit, (from) => {
    const owner = heap.owner[from]!;
    if (owner !== holder && entriesOf(heap, owner) !== null) containers.add(owner);
    return --left > 0;
  });
  for (const container of containers) ways.push(...waysUp(heap, container, holder));
  return ways;
}

/** How a holder names something that it leads to by a few variables and properties. */
export function waysUp(heap: HeapAnalysis, start: NodeIndex, holder: NodeIndex): readonly string[][] {
  const ways: string[][] = [];
  let left = MAX_RETAINERS;
  const climb = (node: NodeIndex, below: readonly string[]): void => {
    eachRetainer(heap.graph, heap.retainers, node, (from, edge) => {
      const isNamed = from === holder || heap.graph.edgeType[edge] === EdgeType.property;
      const name = isNamed ? slotName(heap, from, edge) : null;
      if (name !== null && from === holder) ways.push([name, ...below]);
      else if (name !== null && below.length < MAX_DEPTH) climb(from, [name, ...below]);
      return --left > 0;
    });
  };
  climb(start, []);
  return ways;
}
