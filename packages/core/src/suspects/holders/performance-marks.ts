import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind } from "./holder-kind.js";

/** Marks and measures that a page sets and never clears. The browser keeps them all, with their details. */
export const performanceMarks: HolderKind = {
  id: "performance-marks",
  advice: "Call performance.clearMarks() and clearMeasures() once they are read, or after each that is set.",
  recognise: ({ heap, finding }) => nodeText(heap.graph, finding.container) === "blink::UserTiming",
  title: () => "marks of performance.mark() or measure(), never cleared",
  names: () => ["performance"],
};
