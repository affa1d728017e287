import type { HolderGrowth } from "../../diff/holder-growth.js";
import { stableIds } from "../../diff/match-nodes.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { EngineNodes } from "../../graph/v8-engine-nodes.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { hasTarget } from "./container-entries.js";
import { countedFor, isCounted, type UnnamedFinding } from "./finding.js";
import { topsOf } from "./unit-growth.js";

/**
 * Visits the program's objects and texts that each finding held in a snapshot, and did not hold all the time. What has
 * another id in every snapshot, such as Node's side of a Blob, is never seen again, and tells nothing.
 */
export function eachHeld(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  snapshot: number,
  visit: (finding: UnnamedFinding, node: NodeIndex, unit: NodeIndex) => void,
): void {
  const { graph, owner } = growth.heaps[snapshot]!;
  const cut = growth.cuts[snapshot]!;
  const engineNodes = new EngineNodes(growth.heaps[snapshot]!);
  const isStable = stableIds(graph);
  const of = new Map<number, UnnamedFinding[]>();
  const asked = new Map(findings.map((finding) => [finding, ofItsSlot(finding)]));
  for (const finding of findings)
    for (const survivor of countedFor(finding)) of.set(survivor, [...(of.get(survivor) ?? []), finding]);
  for (const node of cut.members) {
    if (owner[node] !== node || !isStable(node)) continue;
    const holders = of.get(cut.regionOf(node));
    if (holders === undefined || engineNodes.has(node) || isRefInUse(graph, node)) continue;
    const unit = cut.unitOf(node);
    for (const finding of holders)
      if (isCounted(asked.get(finding)!, cut.regionOf(node), unit, snapshot)) visit(finding, node, unit);
  }
}

/** Of a holder that grew through one slot alone only what is in that tells: a scope has other variables, which come and go. */
export function ofItsSlot(finding: UnnamedFinding): UnnamedFinding {
  const { slot, tops } = finding;
  return tops !== null || slot === null || slot.chain !== null ? finding : { ...finding, tops: topsOf(slot.tops) };
}

/** A WeakRef whose target lives has to stay: only those that are empty tell whether somebody clears up. */
function isRefInUse(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.object && nodeText(graph, node) === "WeakRef" && hasTarget(graph, node);
}
