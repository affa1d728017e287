import type { Capture, Trend } from "@leakdiff/capture";
import type { LeakReport } from "@leakdiff/core";
import { type GraphLook, renderGraph } from "./graph.js";
import { style } from "./style.js";
import { endsOf, forecastWords, growthWords, verdictPaint } from "./trend.js";
import { wrap } from "./wrap.js";

const ROWS = 8;

/**
 * Memory while snapshots were taken, and what it says by itself. Nothing of fewer than three samples. A leak that the
 * snapshots show and the drawing does not is no contradiction, and is not to look like one.
 */
export function renderMemory(
  { samples, marks }: Capture,
  trend: Trend,
  verdict: LeakReport["verdict"],
  look: GraphLook,
): string {
  if (samples.length < 3) return "";
  const paint = style(look.color);
  const hidden = verdict === "leak" && (trend.verdict === "plateau" || trend.verdict === "sawtooth");
  const sentence = hidden ? "memory as a whole does not show what follows" : trend.sentence;
  const told = [
    ...wrap([{ text: sentence, paint: (text) => paint.bold(verdictPaint(trend, paint)(text)) }], look.columns),
    ...[growthWords(trend), forecastWords(trend)].flatMap((text) =>
      text === "" ? [] : wrap([{ text }], look.columns, "  "),
    ),
  ];
  const graph = renderGraph(
    samples,
    { ...look, rows: ROWS },
    {
      restarts: trend.restarts,
      snapshots: marks,
      ends: endsOf(samples, trend.per),
      ...(trend.forecast && { limit: trend.forecast.limit }),
    },
  );
  return [...graph, "", ...told, "", ""].join("\n");
}
