import type { Capture, Trend } from "@leakdiff/capture";
import type { LeakReport, RetainersReport, SummaryReport } from "@leakdiff/core";
import type { Look } from "./look.js";

/** A report and the command it belongs to. */
export type Answer =
  | { readonly command: "leaks"; readonly report: LeakReport }
  | { readonly command: "capture"; readonly capture: Capture; readonly trend: Trend; readonly report: LeakReport }
  | { readonly command: "summary"; readonly report: SummaryReport }
  | { readonly command: "retainers"; readonly report: RetainersReport };

/** The whole text for standard output, with its last newline. Loads only the renderer it needs. */
export async function render(answer: Answer, format: "text" | "json", look: Look): Promise<string> {
  if (format === "json") {
    const { renderJson } = await import("./json.js");
    return renderJson(
      answer.command === "capture"
        ? { version: 1, ...answer.capture, trend: answer.trend, report: answer.report }
        : answer.report,
    );
  }
  switch (answer.command) {
    case "leaks":
      return (await import("./leaks.js")).renderLeaks(answer.report, look);
    case "capture": {
      const { renderCapture } = await import("./capture.js");
      const { renderLeaks } = await import("./leaks.js");
      const { capture, trend, report } = answer;
      return renderCapture(capture, trend, report, look) + renderLeaks(report, { ...look, unit: capture.unit });
    }
    case "summary":
      return (await import("./summary.js")).renderSummary(answer.report, look);
    case "retainers":
      return (await import("./retainers.js")).renderRetainers(answer.report, look);
  }
}
