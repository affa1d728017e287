import type { Capture, MemorySample, Trend } from "@leakdiff/capture";
import type { LeakReport } from "@leakdiff/core";
import { type GraphLook, renderGraph } from "./graph.js";
import { style } from "./style.js";
import { endsOf, forecastWords, growthWords, noticeableWords, verdictPaint } from "./trend.js";
import { sum } from "./units.js";
import { wrap } from "./wrap.js";

const ROWS = 8;
/** Fewer samples show nothing. */
const FEWEST = 3;

/** What the snapshots say. */
type Found = Pick<LeakReport, "verdict" | "totals">;

/**
 * Memory while snapshots were taken, and what it says by itself. Nothing of fewer than three samples. A leak that the
 * snapshots show and the drawing does not is no contradiction, nor is growth in which they show none, and neither is to
 * look like one.
 *
 * @param found null if there are no snapshots to compare
 */
export function renderMemory({ samples, marks }: Capture, trend: Trend, found: Found | null, look: GraphLook): string {
  if (samples.length < FEWEST) return "";
  const beside = found === null ? "" : besideSnapshots(trend, found);
  const told = beside === "" ? verdictLines(trend, look) : wrap([{ text: beside }], look.columns);
  const blocks = [memoryGraph(samples, marks, trend, { ...look, rows: ROWS }), told];
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join("") + (lines.length > 0 ? "\n" : "")).join("");
}

/** What memory as a whole says where the snapshots seem to say the opposite; empty where they do not. */
function besideSnapshots(trend: Trend, { verdict, totals }: Found): string {
  if (verdict === "leak" && (trend.verdict === "plateau" || trend.verdict === "sawtooth")) return hiddenWords(trend);
  const isEngines = 2 * sum(totals.engine) > sum(totals.growth);
  return verdict === "no-leak" && trend.verdict === "mountain" && isEngines ? enginesWords(trend) : "";
}

function enginesWords(trend: Trend): string {
  return `memory as a whole grew by ${growthWords(trend)}; most of that is V8's own, such as code that it compiles while a program gets warm, and no leak:`;
}

function hiddenWords(trend: Trend): string {
  const least = noticeableWords(trend);
  const why = least === "" ? "" : `: a leak below ${least} does not show there`;
  return `memory as a whole does not seem to grow${why}; the snapshots show one:`;
}

/**
 * The verdict on memory alone, how fast it grows, and until when. No lines of a few samples: that there are no more of
 * them, as of a process that was attached to, is no news, and no verdict beside that on the snapshots.
 */
export function verdictLines(trend: Trend, look: GraphLook): string[] {
  if (trend.reason === "few-samples") return [];
  const paint = style(look.color);
  return [
    ...wrap([{ text: trend.sentence, paint: (text) => paint.bold(verdictPaint(trend, paint)(text)) }], look.columns),
    ...[growthWords(trend), forecastWords(trend)].flatMap((text) =>
      text === "" ? [] : wrap([{ text }], look.columns, "  "),
    ),
  ];
}

/** The drawing with all that a trend and the snapshots add to it. */
export function memoryGraph(
  samples: readonly MemorySample[],
  marks: readonly number[],
  trend: Trend,
  look: GraphLook,
): string[] {
  return renderGraph(samples, look, {
    restarts: trend.restarts,
    snapshots: marks,
    ends: endsOf(samples, trend.per),
    ...(trend.forecast && { limit: trend.forecast.limit }),
  });
}
