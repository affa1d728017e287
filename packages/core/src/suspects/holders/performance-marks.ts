import { nodeText } from "../../graph/v8-names.js";
import { type HolderKind, ifGrown } from "./holder-kind.js";

/** Node's tables of entries, and of the times of marks. */
const NODES_FILES = /^node:internal\/perf\/(?:observe|usertiming)$/;

/** Marks and measures that are set and never cleared. Browser and Node keep them all, with their details. */
export const performanceMarks: HolderKind = {
  id: "performance-marks",
  advice: "Call performance.clearMarks() and clearMeasures() once they are read, or after each that is set.",
  recognise: ({ heap, finding }) =>
    nodeText(heap.graph, finding.container) === "blink::UserTiming" ||
    (NODES_FILES.test(finding.path.file) && /^(?:mark|measure)/.test(finding.path.words[0] ?? "")),
  title: (facts) => `marks of performance.mark() or measure()${ifGrown(facts, ", never cleared")}`,
  names: () => ["performance"],
};
