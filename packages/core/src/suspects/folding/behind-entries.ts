import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { type Finding, withGrowthOf } from "../growth/finding.js";
import { sum } from "../growth/growth-verdict.js";
import { lastNode } from "../growth/survivor-tree.js";
import { collectsEntries } from "./inside-entries.js";

/** Objects of a finding of many that are looked at. */
const MAX_SAMPLES = 8;
/** Objects that are looked at from one up: before its old links there may be some hundred new ones. */
const MAX_NODES = 1000;
const MAX_RETAINERS = 64;
/** Share of the objects that must be behind an entry of their own. */
const MOST = 0.8;
/** Share of the entries that were there at first behind which something must grow. */
const MANY_ENTRIES = 2 / 3;
/** Fewer objects may be behind entries by chance. */
const LEAST_OBJECTS = 8;

/** What grows behind entries of a container. */
interface Behind {
  readonly finding: Finding;
  readonly outer: Finding;
  readonly entries: ReadonlySet<NodeIndex>;
}

/**
 * Folds what grows behind the old entries of a container into the finding that the container gains entries, though they
 * do not hold it alone: a component that a store still calls has a list of updates, and its framework knows that as well.
 * That goes with the entries if most of those that were there at first have something alike behind them, each its own.
 */
export function foldBehindEntries(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const outers = containersOf(findings.filter((each) => each.chain === null && collectsEntries(each)));
  const kept = new Map(findings.map((finding) => [finding, finding]));
  for (const alike of alikeBehind(growth, findings, outers)) {
    const { outer } = alike[0]!;
    if (!areOfEntries(alike) || !kept.has(outer)) continue;
    for (const { finding } of alike) {
      kept.set(outer, withGrowthOf(kept.get(outer)!, finding));
      kept.delete(finding);
    }
  }
  return [...kept.values()];
}

/** Containers of findings, and of what was folded into those as another holder of the same objects. */
function containersOf(findings: readonly Finding[]): Map<NodeIndex, Finding> {
  return new Map(
    findings.flatMap((each) => [each, ...each.alsoHeldBy].map(({ container }) => [container, each] as const)),
  );
}

/** What is behind entries of one container, and of one class, taken together. */
function alikeBehind(
  growth: HolderGrowth,
  findings: readonly Finding[],
  outers: ReadonlyMap<NodeIndex, Finding>,
): Behind[][] {
  const { nodeName } = growth.heaps[growth.heaps.length - 1]!.graph;
  const groups = new Map<string, Behind[]>();
  for (const finding of outers.size === 0 ? [] : findings) {
    const behind = behindEntries(growth, finding, outers);
    if (behind === null || behind.outer === finding) continue;
    const key = `${behind.outer.container} ${nodeName[finding.container]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [behind]);
    else group.push(behind);
  }
  return [...groups.values()];
}

/** The container behind whose entries a finding is, each object of it behind another one; null if there is none. */
function behindEntries(growth: HolderGrowth, finding: Finding, outers: ReadonlyMap<NodeIndex, Finding>): Behind | null {
  const members = finding.members === 1 ? [finding.grown] : [finding.grown, ...finding.folded];
  const every = Math.ceil(members.length / MAX_SAMPLES);
  const samples = members.filter((_, i) => i % every === 0);
  const above = samples.map((member) => oldEntryAbove(growth, lastNode(growth, member), outers));
  const outer = above.find((each) => each !== null)?.outer;
  if (outer === undefined) return null;
  const entries = new Set(above.flatMap((each) => (each?.outer === outer ? [each.entry] : [])));
  return entries.size >= samples.length * MOST ? { finding, outer, entries } : null;
}

/** The entry of a container next above a node, if it is as old as the containers are. */
function oldEntryAbove(
  growth: HolderGrowth,
  from: NodeIndex,
  outers: ReadonlyMap<NodeIndex, Finding>,
): { outer: Finding; entry: NodeIndex } | null {
  const last = growth.heaps.length - 1;
  const { graph, retainers, owner } = growth.heaps[last]!;
  const seen = new Set([from]);
  for (const node of seen) {
    let outer: Finding | undefined;
    let left = MAX_RETAINERS;
    eachRetainer(graph, retainers, node, (retainer) => {
      outer = outers.get(owner[retainer]!);
      if (seen.size < MAX_NODES) seen.add(retainer);
      return outer === undefined && --left > 0;
    });
    if (outer === undefined) continue;
    return growth.cuts[last]!.survivorOf(node) === NO_SURVIVOR ? null : { outer, entry: node };
  }
  return null;
}

function areOfEntries(alike: readonly Behind[]): boolean {
  const { outer } = alike[0]!;
  const objects = sum(alike.map(({ finding }) => finding.members));
  const entries = alike.flatMap((each) => [...each.entries]);
  return (
    objects >= Math.max(LEAST_OBJECTS, outer.entries!.counts[0]! * MANY_ENTRIES) &&
    new Set(entries).size >= entries.length * MOST &&
    sum(alike.flatMap(({ finding }) => finding.bytes)) <= sum(outer.bytes)
  );
}
