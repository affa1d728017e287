import type { PathStep } from "@leakdiff/core";
import { plainText } from "./plain-text.js";
import { shortenNames } from "./shorten-names.js";
import type { Style } from "./style.js";
import type { Span } from "./wrap.js";

const STEP_COLUMNS = 96;

/** A step as printed, or how many steps are left out. */
export type Shown = { readonly words: string; readonly step: PathStep } | { readonly omitted: number };

/**
 * Leaves V8's own steps out, and all but the first `head` and the last `tail` of the others. Where none of these is a
 * variable, the last one that would be left out stays: it is what whoever wrote the program knows.
 */
export function foldPath(path: readonly PathStep[], head: number, tail: number): Shown[] {
  const shown: { words: string; step: PathStep; times: number }[] = [];
  for (const step of path) {
    if (step.internal && !step.holder) continue;
    const last = shown.at(-1);
    if (last && last.words === step.words && !last.step.holder && !step.holder) last.times++;
    else shown.push({ words: step.words, step, times: 1 });
  }
  const steps = shown.map(({ words, step, times }) => ({
    words: shortenNames(plainText(words), STEP_COLUMNS) + (times > 1 ? ` (${times} times)` : ""),
    step,
  }));
  if (steps.length <= head + tail + 1) return steps;
  const [first, middle, last] = [steps.slice(0, head), steps.slice(head, -tail), steps.slice(-tail)];
  const known = [...first, ...last].some(isVariable) ? -1 : middle.findLastIndex(isVariable);
  if (known < 0) return [...first, { omitted: middle.length }, ...last];
  return [...first, ...omit(middle.slice(0, known)), middle[known]!, ...omit(middle.slice(known + 1)), ...last];
}

function isVariable({ step }: { readonly step: PathStep }): boolean {
  return step.edge?.type === "context" && !step.internal;
}

function omit(steps: readonly Shown[]): Shown[] {
  return steps.length <= 1 ? [...steps] : [{ omitted: steps.length }];
}

/** The steps in one paragraph, joined by arrows; the holder stands out. */
export function pathSpans(steps: readonly Shown[], style: Style): Span[] {
  return steps.flatMap((shown, index) => {
    const arrow: Span[] = index === 0 ? [] : [{ text: "→", paint: style.dim }];
    if ("omitted" in shown) return [...arrow, { text: `… ${shown.omitted}\u00a0more …`, paint: style.dim }];
    return [...arrow, { text: shown.words, paint: shown.step.holder ? style.cyan : undefined }];
  });
}
