import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import type { Finding } from "../growth/finding.js";
import { differences, isLeak, sum } from "../growth/growth-verdict.js";
import { programsFunction } from "../growth/programs-function.js";
import { samplesOf } from "../growth/samples.js";
import { callbackOf } from "../naming/browser-nodes.js";
import { isLibrarysFile } from "../naming/library.js";
import { isConnected } from "./connected.js";
import { FoldedFindings } from "./folded-findings.js";
import { along, keepsPace } from "./grows-along.js";

/**
 * Folds what libraries have of their own for each entry of something else, at whatever pace: who forgets to dispose of a
 * chart has it in the library's table and in that of the library which draws for it, and an editor in a Map of the
 * program's listens to the window as well. That is one bug, and the holder stands for it that the program made, or whose
 * entries are the fewest, since those of the others are parts of them. What a library has to call a function of the
 * program's is a bug of its own: that is to be taken out by whoever handed it in.
 */
export function foldKeptByLibraries(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const leaks = findings.filter((each) => isLeak(each) && each.tops === null && each.entries !== null);
  const theirs = leaks.filter((each) => isLibrarys(growth, each)).sort(byEntries);
  const inOrder = [...leaks.filter((each) => !theirs.includes(each)), ...theirs];
  const folded = new FoldedFindings(findings);
  for (const finding of theirs.reverse()) {
    const cause = inOrder
      .slice(0, inOrder.indexOf(finding))
      .find((each) => keepsPace(each, finding) && isConnected(growth, each, finding));
    if (cause !== undefined) folded.fold(finding, cause, along);
  }
  return folded.all();
}

function byEntries(one: Finding, other: Finding): number {
  return gained(one) - gained(other) || sum(other.bytes) - sum(one.bytes);
}

function gained({ entries }: Finding): number {
  return sum(differences(entries!.counts));
}

/** True for a table in a library's file, or for what it listens to with functions of its own, if none of the program's is near. */
export function isLibrarys(growth: HolderGrowth, finding: Finding): boolean {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const samples = samplesOf(growth, finding).map(({ node }) => node);
  const called = samples.map((node) => closurePosition(heap.graph, callbackOf(heap.graph, node))?.file ?? "");
  if (!isLibrarysFile(finding.path.file) && !(samples.length > 0 && called.every(isLibrarysFile))) return false;
  const isNear = (start: NodeIndex): boolean =>
    programsFunction({ growth, heap }, [start], (node) => cut.unitOf(node) === cut.unitOf(start)) !== NO_NODE;
  return !samples.some(isNear);
}
