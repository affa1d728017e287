import type { HolderGrowth } from "../../diff/holder-growth.js";
import { isLeak } from "../growth/growth-verdict.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { samplesOf } from "../growth/samples.js";
import { isNative } from "../naming/browser-nodes.js";
import { keepsShown } from "../naming/shown-elements.js";
import { isConnected } from "./connected.js";
import { FoldedFindings } from "./folded-findings.js";
import { along, keepsPace } from "./grows-along.js";
import { isUnnamed } from "./shared-holders.js";

/** New things of a finding that are asked whether the document shows them. */
const MAX_SAMPLES = 3;

/**
 * Folds what the document shows into what it is made of: of a list that only gets longer the elements weigh most, and
 * what a framework keeps for them, and yet it is the state behind them that has to be bounded.
 */
export function foldShownElements(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const { graph } = growth.heaps.at(-1)!;
  const leaks = findings.filter((each) => isLeak(each) && each.tops === null);
  const isCalled = ({ container, entries }: Finding): boolean => entries !== null && isNative(graph, container);
  const shown = leaks.filter(
    (each) =>
      !isCalled(each) &&
      samplesOf(growth, each)
        .slice(0, MAX_SAMPLES)
        .some(({ node }) => keepsShown(growth, node, each.grown)),
  );
  const causes = leaks.filter((each) => !shown.includes(each) && !isUnnamed(each)).sort(byGrowth);
  const folded = new FoldedFindings(findings);
  for (const finding of shown) {
    // Entries of what is made anew each time are its properties.
    const weighed = { ...finding, entries: null };
    const cause = causes.find((each) => keepsPace(each, weighed) && isConnected(growth, each, finding));
    if (cause !== undefined) folded.fold(finding, cause, along);
  }
  return folded.all();
}
