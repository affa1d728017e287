import type { Capture, Trend } from "@leakdiff/capture";
import type { LeakReport, RetainersReport, SummaryReport } from "@leakdiff/core";
import type { Look } from "./look.js";

/** A report and the command it belongs to. */
export type Answer =
  | { readonly command: "leaks"; readonly report: LeakReport }
  | { readonly command: "run"; readonly capture: Capture; readonly report: LeakReport }
  | { readonly command: "summary"; readonly report: SummaryReport }
  | { readonly command: "retainers"; readonly report: RetainersReport };

/** The whole text for standard output, with its last newline. Loads only the renderer it needs. */
export async function render(answer: Answer, format: "text" | "json", look: Look): Promise<string> {
  if (format === "json") {
    const { renderJson } = await import("./json.js");
    if (answer.command !== "run") return renderJson(answer.report);
    return renderJson({ ...answer.capture, trend: await trendOf(answer.capture), report: answer.report });
  }
  switch (answer.command) {
    case "leaks":
      return (await import("./leaks.js")).renderLeaks(answer.report, look);
    case "run": {
      const { renderCapture } = await import("./capture.js");
      const { renderLeaks } = await import("./leaks.js");
      const { renderMemory } = await import("./memory.js");
      const memory = renderMemory(answer.capture, await trendOf(answer.capture), answer.report.verdict, look);
      return renderCapture(answer.capture, look) + memory + renderLeaks(answer.report, look);
    }
    case "summary":
      return (await import("./summary.js")).renderSummary(answer.report, look);
    case "retainers":
      return (await import("./retainers.js")).renderRetainers(answer.report, look);
  }
}

async function trendOf({ samples }: Capture): Promise<Trend> {
  const { trend } = await import("@leakdiff/capture");
  return trend(samples);
}
