import type { HolderGrowth } from "../diff/holder-growth.js";
import type { Finding } from "./finding.js";
import { differences, sum } from "./growth-verdict.js";
import { samplesOf } from "./samples.js";

/** Share of its newest entries that another holder must hold as well for a holder to be folded into that one. */
const MOST = 0.8;

/**
 * Folds holders of the same objects into one finding: a Map and an Array that every booking is put into are one bug in
 * two places. The one that holds more bytes stands for both and names the other, since cutting one of them frees nothing.
 */
export function foldSharedHolders(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const bySize = [...findings].sort((a, b) => sum(b.bytes) - sum(a.bytes));
  const kept = new Map<number, Finding>();
  const result: Finding[] = [];
  for (const finding of bySize) {
    const other =
      finding.tops === null ? (kept.get(holderOfMost(growth, finding)) ?? inStep(result, finding)) : undefined;
    if (other === undefined || other.judgement !== finding.judgement) {
      if (finding.tops === null) kept.set(finding.grown, finding);
      result.push(finding);
      continue;
    }
    // What a program holds is its own to let go; Node's tables follow.
    const [named, also] = isNodes(other) && !isNodes(finding) ? [finding, other] : [other, finding];
    const both: Finding = {
      ...named,
      bytes: other.bytes.map((bytes, i) => bytes + finding.bytes[i]!),
      folded: [...named.folded, also.grown, ...also.folded],
      alsoHeldBy: [...named.alsoHeldBy, also, ...also.alsoHeldBy],
    };
    kept.set(other.grown, both).set(finding.grown, both);
    result[result.indexOf(other)] = both;
  }
  return result;
}

/** A table of Node's and a holder of the program's that gain the same number of entries in every interval. */
function inStep(findings: readonly Finding[], finding: Finding): Finding | undefined {
  return findings.find((other) => {
    if (isNodes(other) === isNodes(finding) || other.entries === null || finding.entries === null) return false;
    const gained = differences(finding.entries.counts);
    return sum(gained) > 0 && differences(other.entries.counts).every((each, i) => each === gained[i]);
  });
}

function isNodes({ path }: Finding): boolean {
  return path.file.startsWith("node:");
}

/** The survivor that most of a finding's newest entries are counted for, if it is another one; else -1. */
function holderOfMost(growth: HolderGrowth, finding: Finding): number {
  const last = growth.heaps.length - 1;
  const region = growth.region[last]!;
  const samples = samplesOf(growth, finding).filter(({ edges }) => edges.length > 0);
  const counts = new Map<number, number>();
  for (const { node } of samples) counts.set(region[node]!, (counts.get(region[node]!) ?? 0) + 1);
  for (const [holder, count] of counts) if (holder !== finding.grown && count >= samples.length * MOST) return holder;
  return -1;
}
