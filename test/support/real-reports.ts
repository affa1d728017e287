import { findLeaks, type LeakReport } from "@leakdiff/core";
import { snapshotsOf } from "./real-snapshots.js";

const made = new Map<string, Promise<LeakReport>>();

/** The report on a program of fixtures/programs, run on this Node. Made once, whoever asks. */
export function reportOn(name: string, work: Parameters<typeof snapshotsOf>[1] = {}): Promise<LeakReport> {
  const key = JSON.stringify([name, work]);
  let report = made.get(key);
  if (report === undefined) {
    report = snapshotsOf(name, work).then(({ files }) => findLeaks(files));
    made.set(key, report);
  }
  return report;
}

/** What a healthy run of the seed program is sent. */
export const NORMAL = { requests: ["/normal"] } as const;
