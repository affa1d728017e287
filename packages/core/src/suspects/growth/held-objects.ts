import type { HolderGrowth } from "../../diff/holder-growth.js";
import { stableIds } from "../../diff/match-nodes.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { eachSlice } from "../../parse/slices.js";
import { EngineNodes } from "../../graph/v8-engine-nodes.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { beside, discard, newBytes } from "../../parse/columns.js";
import { hasTarget } from "./container-entries.js";
import { type Counted, countedFor, isCounted, type UnnamedFinding } from "./finding.js";
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
  const { members } = cut;
  const engineNodes = new EngineNodes(growth.heaps[snapshot]!);
  const isStable = stableIds(graph);
  const asked = new Map(findings.map((finding) => [finding, ofItsSlot(finding)]));
  eachMember(growth, findings, snapshot, (row, holders) => {
    const node = members[row]!;
    if (owner[node] !== node || !isStable(node) || engineNodes.has(node) || isRefInUse(graph, node)) return;
    const [survivor, unit] = [cut.regionAt(row), cut.unitAt(row)];
    for (const finding of holders)
      if (isCounted(asked.get(finding)!, survivor, unit, snapshot)) visit(finding, node, unit);
  });
}

/** Visits the rows of a cut's members that are counted for holders of findings, with those. */
export function eachMember<Finding extends Counted>(
  { cuts, heaps, survivors }: HolderGrowth,
  findings: readonly Finding[],
  snapshot: number,
  visit: (row: number, of: readonly Finding[]) => void,
): void {
  const cut = cuts[snapshot]!;
  const of = new Map<SurvivorIndex, Finding[]>();
  for (const finding of findings)
    for (const survivor of countedFor(finding)) of.set(survivor, [...(of.get(survivor) ?? []), finding]);
  const isAsked = newBytes(survivors.count, beside(heaps[snapshot]!.dominator)); // all that is looked at for most rows
  for (const survivor of of.keys()) isAsked[survivor] = 1;
  eachSlice(cut.members.length, (low, high) => {
    for (let row = low; row < high; row++) {
      const survivor = cut.regionAt(row);
      if (isAsked[survivor] === 1) visit(row, of.get(survivor)!);
    }
  });
  discard(isAsked);
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
