import type { RunOptions } from "./progress.js";
import type { RetainersReport } from "./report/retainers-report.js";

/** Says why the object with V8's `@id` is alive. @throws SnapshotError, also if there is no such object */
export async function explainRetainers(
  _file: string,
  _id: number,
  _options: RunOptions = {},
): Promise<RetainersReport> {
  throw new Error("not yet");
}
