import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { findEdge, NO_EDGE } from "../../graph/edges-of.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { isText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { countedFor, countedWhole, type Finding } from "../growth/finding.js";
import { isLeak } from "../growth/growth-verdict.js";
import { newestUnitsOf } from "../growth/samples.js";
import { FoldedFindings } from "./folded-findings.js";

/**
 * Folds a collection of WeakRefs into the finding that holds their targets: as long as those live the WeakRefs have to
 * stay. Of targets that are gone, or that were there all the time, it is the collection that should let go.
 */
export function foldRefsInUse(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const folded = new FoldedFindings(findings);
  const leaks = findings.filter(isLeak);
  const units = newestUnitsOf(
    growth,
    leaks.map(({ grown }) => grown),
  );
  for (const refs of leaks) {
    const survivors = holdersOfTargets(growth, units.get(refs.grown)!);
    const holds = (other: Finding): boolean =>
      other !== refs && isLeak(other) && countedFor(other).some((survivor) => survivors.has(survivor));
    const holder = findings.find((other) => folded.isLeft(other) && holds(other));
    if (holder !== undefined) folded.fold(refs, holder, withRefs);
  }
  return folded.all();
}

function withRefs(holder: Finding, refs: Finding): Finding {
  return {
    ...holder,
    bytes: holder.bytes.map((bytes, i) => bytes + refs.bytes[i]!),
    folded: [...holder.folded, ...countedWhole(refs)],
  };
}

/** Whom the targets are counted for, if the newest of what is held are WeakRefs, with their keys, whose targets live and are new. */
function holdersOfTargets(growth: HolderGrowth, units: readonly NodeIndex[]): Set<SurvivorIndex> {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const found = new Set<SurvivorIndex>();
  for (const node of units) {
    if (isText(graph.nodeType[node]!)) continue;
    const edge = findEdge(graph, node, EdgeType.weak, "target");
    if (edge === NO_EDGE || cut.survivorOf(graph.edgeTarget[edge]!) !== NO_SURVIVOR) return new Set();
    found.add(cut.regionOf(graph.edgeTarget[edge]!));
  }
  return found;
}
