import type { Finding } from "./finding.js";
import { sum } from "./growth-verdict.js";

/**
 * Folds findings that the program knows by one name, such as the five `usage.tenants[…].users` of five tenants: what
 * fills them is one line of source. The largest stands for all.
 */
export function foldSameName(findings: readonly Finding[], label: (finding: Finding) => string): Finding[] {
  const byName = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { expression, file } = finding.path;
    const key =
      expression === "" ? `#${finding.grown}` : [finding.judgement, label(finding), expression, file].join("\n");
    byName.set(key, [...(byName.get(key) ?? []), finding]);
  }
  return [...byName.values()].map(fold);
}

function fold(findings: readonly Finding[]): Finding {
  const [largest, ...others] = [...findings].sort((a, b) => sum(b.bytes) - sum(a.bytes)) as [Finding, ...Finding[]];
  if (others.length === 0) return largest;
  return {
    ...largest,
    bytes: largest.bytes.map((_, i) => sum(findings.map(({ bytes }) => bytes[i]!))),
    members: findings.reduce((total, { members }) => total + members, 0),
    entries: null,
    folded: [...largest.folded, ...others.flatMap(({ grown, folded }) => [grown, ...folded])],
    alsoHeldBy: findings.flatMap(({ alsoHeldBy }) => alsoHeldBy),
  };
}
