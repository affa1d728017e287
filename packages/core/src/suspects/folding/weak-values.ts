import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { tableOfEntry } from "../../graph/weak-map-entries.js";
import type { Finding } from "../growth/finding.js";
import { isLeak } from "../growth/growth-verdict.js";
import { newestUnitsOf } from "../growth/samples.js";
import { FoldedFindings } from "./folded-findings.js";

/** Share of its newest units that must be values of WeakMaps in another holder's entries. */
const MOST = 0.8;

/**
 * Folds what a key gains into the finding that WeakMaps pile up which have it: each of an application's instances may
 * keep there what it knows of a class or a component, that all of them share. Key and WeakMap keep a value together. It
 * is counted for the key, which is there to stay, and goes with the WeakMap.
 */
export function foldWeakValues(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const folded = new FoldedFindings(findings);
  const units = newestUnitsOf(
    growth,
    findings.map(({ grown }) => grown),
  );
  for (const finding of findings) {
    const holder = holderOfWeakMaps(growth, finding.grown, units.get(finding.grown)!);
    const other = findings.find(
      (each) => each !== finding && isLeak(each) && (each.grown === holder || each.folded.includes(holder)),
    );
    if (other !== undefined && folded.isLeft(other)) folded.fold(finding, other);
  }
  return folded.all();
}

/** The survivor whose units have the WeakMaps that most of what a key gained is a value of, or NO_SURVIVOR. */
function holderOfWeakMaps(growth: HolderGrowth, key: SurvivorIndex, units: readonly NodeIndex[]): SurvivorIndex {
  const cut = growth.cuts.at(-1)!;
  const counts = new Map<SurvivorIndex, number>();
  for (const unit of units) {
    const table = newTableOf(growth, unit);
    // Tables are asked for one by one, and seldom are there any.
    if (table === NO_NODE) return NO_SURVIVOR;
    const holder = cut.regionOf(table);
    counts.set(holder, (counts.get(holder) ?? 0) + 1);
  }
  for (const [holder, count] of counts) if (holder !== key && count >= units.length * MOST) return holder;
  return NO_SURVIVOR;
}

/** The table of a WeakMap that is new, and has a node as a value; NO_NODE if there is none. */
function newTableOf({ heaps, cuts }: HolderGrowth, value: NodeIndex): NodeIndex {
  const { graph, retainers } = heaps.at(-1)!;
  const cut = cuts.at(-1)!;
  let table = NO_NODE;
  eachRetainer(graph, retainers, value, (_, edge) => {
    const found = tableOfEntry(graph, edge);
    if (found !== NO_NODE && cut.unitOf(found) !== NO_NODE) table = found;
    return table === NO_NODE;
  });
  return table;
}
