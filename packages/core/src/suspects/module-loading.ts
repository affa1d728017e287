import type { Finding } from "./finding.js";
import { differences, isWhole, type Judgement, rates, STEADY_LOADING, sum, type Terms } from "./growth-verdict.js";

/**
 * True for the caches that Node fills as modules are loaded. There are a dozen; they grow together, and in a healthy
 * program until all modules are there.
 */
export function isModuleLoading({ path }: Finding): boolean {
  if (path.file.startsWith("node:internal/modules/") || path.file === "node:internal/process/esm_loader") return true;
  return /^(?:require\.(?:cache|extensions)|(?:\$?Module|globalThis)\b.*\._cache|(?:module|require\.main|process\.mainModule)\.children)\b/.test(
    path.expression,
  );
}

/** One cause, one finding: what module loading fills is folded into the largest of its caches. */
export function foldModuleLoading(findings: readonly Finding[], cycles: Terms["cycles"] = null): Finding[] {
  const loading = findings.filter(isModuleLoading);
  const [first] = [...loading].sort((a, b) => sum(b.bytes) - sum(a.bytes));
  if (first === undefined) return [...findings];
  const bytes = first.bytes.map((_, i) => sum(loading.map((each) => each.bytes[i]!)));
  const folded = [...new Set(loading.flatMap(({ grown, folded: more }) => [grown, ...more]))].filter(
    (each) => each !== first.grown,
  );
  return [
    ...findings.filter((each) => !isModuleLoading(each)),
    { ...first, bytes, folded, judgement: pace(first, bytes, cycles) },
  ];
}

function pace({ judgement, entries }: Finding, bytes: readonly number[], cycles: Terms["cycles"]): Judgement {
  const each = entries === null ? [] : differences(entries.counts);
  if (judgement === "grew") return isWhole([sum(each)], cycles) ? judgement : "settled";
  if (entries !== null && isWhole(each, cycles)) return judgement;
  const gained = rates(entries === null ? bytes : each, cycles);
  const last = gained[gained.length - 1]!;
  if (gained.every((each) => each > 0) && last >= Math.max(...gained) * STEADY_LOADING) return judgement;
  return judgement === "settled" ? "settled" : "decaying";
}
