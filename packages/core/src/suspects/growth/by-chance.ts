import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { type Likeness, likenesses, nameFromAbove, NOT_ALIKE } from "./alike.js";
import type { UnnamedFinding } from "./finding.js";
import { grouped } from "./grouped.js";
import { differences, isLeak, sum, type Terms } from "./growth-verdict.js";
import { objectsThatStay } from "./turnover.js";
import { isEven } from "./what-stays.js";

/** Fewer that are alike do not show by how much one of their kind goes up and down. */
const LEAST_ALIKE = 8;
/** Of sums of what comes by chance, so many standard deviations are an accident. */
const DEVIATIONS = 2;
/** How many times what is usual one has to gain in every interval to be told apart from those that do so by chance. */
const UNUSUAL = 3;
/** How much it lets go of, as a share of what it gets; less is no up and down, but growth. */
const LOSES = 0.25;

/**
 * Finds holders that grow by chance. Of many that are alike, such as the shards of a cache, the rooms of a chat or the
 * nodes of a bounded tree, each goes up and down by itself, and a quarter of them will have gone up twice: where they do
 * not grow if taken together, one has to gain more than is usual among them. What only ever gets more, and loses
 * nothing, is not of that kind.
 */
export function growingByChance(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  { cycles, isByName }: Terms,
): Set<UnnamedFinding> {
  const found = new Set<UnnamedFinding>();
  if (growth.heaps.length < 3 || growth.left !== null || isByName) return found;
  const asked = findings.filter((each) => isLeak(each) && areObjects(each) && !isEven(each, cycles));
  for (const likeness of likenesses(growth))
    for (const { members, usual } of upsAndDowns(growth, likeness, asked))
      for (const finding of members) if (isUsual(growth, finding, usual)) found.add(finding);
  if (found.size === 0) return found;
  for (const [finding, { before, after, stay }] of objectsThatStay(growth, [...found]))
    if (before - stay <= (after - stay) * LOSES) found.delete(finding);
  return found;
}

/** True for objects by themselves, whose growth is all that is told: those of lists and trees are told with others. */
function areObjects({ members, folded, chain, tops }: UnnamedFinding): boolean {
  return chain === null && tops === null && folded.length === members - 1;
}

function isUsual({ bytes }: HolderGrowth, { grown, folded }: UnnamedFinding, usual: number): boolean {
  return [grown, ...folded].every((each) => Math.min(...differences(bytes.programOf(each))) <= usual * UNUSUAL);
}

/** Alike objects that do not grow together. */
interface UpsAndDowns {
  /** Findings of some of them. */
  readonly members: readonly UnnamedFinding[];
  /** By how many bytes one of them changes in an interval in which it does: the median. */
  readonly usual: number;
}

function upsAndDowns(growth: HolderGrowth, likeness: Likeness, findings: readonly UnnamedFinding[]): UpsAndDowns[] {
  const { roleOf, isByName } = likeness;
  const roles = new Set(findings.map(({ grown }) => roleOf(grown)));
  roles.delete(NOT_ALIKE);
  if (roles.size === 0) return [];
  const nameOf = (survivor: SurvivorIndex): number => (isByName ? nameFromAbove(growth, survivor) : -1);
  const kindOf = (survivor: SurvivorIndex): string => `${roleOf(survivor)} ${nameOf(survivor)}`;
  const changed = growth.bytes.changed.filter((each) => roles.has(roleOf(each)));
  const alike = grouped(changed, kindOf);
  return [...grouped(findings, ({ grown }) => (roles.has(roleOf(grown)) ? kindOf(grown) : ""))].flatMap(
    ([kind, members]) => {
      const changes = (alike.get(kind) ?? []).map((each) => differences(growth.bytes.programOf(each)));
      return changes.length < LEAST_ALIKE || growTogether(changes) ? [] : [{ members, usual: usualOf(changes) }];
    },
  );
}

/** True if they gain more in all than a sum of ups and downs comes to by chance. */
function growTogether(changes: readonly (readonly number[])[]): boolean {
  const gained = sum(changes.map(sum));
  const variance = sum(changes.map((column) => sum(column.map((change) => change * change))));
  return gained >= Math.sqrt(variance) * DEVIATIONS;
}

function usualOf(changes: readonly (readonly number[])[]): number {
  const sizes = Float64Array.from(
    changes.flat().filter((change) => change !== 0),
    Math.abs,
  );
  return sizes.sort()[sizes.length >> 1] ?? 0;
}
