import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { entrySeries } from "../growth/container-entries.js";
import type { Finding } from "../growth/finding.js";
import { differences } from "../growth/growth-verdict.js";
import { samplesOf } from "../growth/samples.js";

/** Of what knows an entry: who else holds it is among the first. */
const MAX_RETAINERS = 64;

/**
 * A holder of the program's that gains an entry for each that a finding gains, and refers to the same objects, though
 * by bytes it hardly counts: the registry beside the table of Node's that a finding without a name of the program's is.
 * @returns the survivor, or NO_SURVIVOR
 */
export function namedHolder(growth: HolderGrowth, finding: Finding): SurvivorIndex {
  if (finding.entries === null) return NO_SURVIVOR;
  const gained = differences(finding.entries.counts);
  if (!gained.every((each) => each > 0)) return NO_SURVIVOR;
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const asked = new Set<SurvivorIndex>([finding.grown]);
  for (const { node } of samplesOf(growth, finding)) {
    for (const from of retainersOf(growth, node)) {
      const survivor = cut.survivorOf(heap.owner[from]!);
      if (survivor === NO_SURVIVOR || asked.has(survivor)) continue;
      asked.add(survivor);
      const entries = entrySeries(growth.heaps, growth.survivors.nodesOf(survivor));
      if (entries !== null && differences(entries.counts).every((each, i) => each === gained[i])) return survivor;
    }
  }
  return NO_SURVIVOR;
}

function retainersOf(growth: HolderGrowth, node: NodeIndex): NodeIndex[] {
  const heap = growth.heaps.at(-1)!;
  const found: NodeIndex[] = [];
  eachRetainer(heap.graph, heap.retainers, node, (from) => found.push(from) < MAX_RETAINERS);
  return found;
}
