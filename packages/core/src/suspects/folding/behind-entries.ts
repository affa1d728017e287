import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import type { Finding } from "../growth/finding.js";
import { grouped } from "../growth/grouped.js";
import { sum } from "../growth/growth-verdict.js";
import { lastNode } from "../growth/survivor-tree.js";
import { FoldedFindings } from "./folded-findings.js";
import { collectsEntries } from "./inside-entries.js";

/** Objects of a finding of many that are looked at. */
const MAX_SAMPLES = 8;
/** Objects that are looked at from one up: before its old links there may be some hundred new ones. */
const MAX_NODES = 2000;
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
 * That goes with the entries if most of those that were there at first have something alike behind them, each its own,
 * and nothing but entries leads there, of the container or of what else holds the same.
 */
export function foldBehindEntries(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const outers = containersOf(findings.filter((each) => each.chain === null && collectsEntries(each)));
  const folded = new FoldedFindings(findings);
  for (const alike of alikeBehind(growth, findings, outers)) {
    const { outer } = alike[0]!;
    if (!areOfEntries(alike) || !folded.isLeft(outer)) continue;
    for (const { finding } of alike) folded.fold(finding, outer);
  }
  return folded.all();
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
  if (outers.size === 0) return [];
  const { nodeName } = growth.heaps.at(-1)!.graph;
  const behind = findings.flatMap((finding) => behindEntries(growth, finding, outers) ?? []);
  const others = behind.filter(({ finding, outer }) => outer !== finding);
  const keyOf = ({ finding, outer }: Behind): string => `${outer.container} ${nodeName[finding.container]}`;
  return [...grouped(others, keyOf).values()];
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

/** The nearest entry of a container above a node, if it is as old as the containers are, and nothing but entries holds the node. */
function oldEntryAbove(
  growth: HolderGrowth,
  from: NodeIndex,
  outers: ReadonlyMap<NodeIndex, Finding>,
): { outer: Finding; entry: NodeIndex } | null {
  const last = growth.heaps.length - 1;
  const { graph, retainers, owner } = growth.heaps[last]!;
  const found: { outer: Finding; entry: NodeIndex }[] = [];
  const seen = new Set([from]);
  for (const node of seen) {
    if (node === 0) return null;
    let outer: Finding | undefined;
    const above: NodeIndex[] = [];
    eachRetainer(graph, retainers, node, (retainer) => {
      outer = outers.get(owner[retainer]!);
      return outer === undefined && above.push(retainer) <= MAX_NODES;
    });
    if (outer !== undefined) found.push({ outer, entry: node });
    else for (const each of above) seen.add(each);
    if (seen.size > MAX_NODES) return null;
  }
  const [nearest] = found;
  if (nearest === undefined || found.some(({ outer }) => outer !== nearest.outer)) return null;
  return growth.cuts[last]!.survivorOf(nearest.entry) === NO_SURVIVOR ? null : nearest;
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
