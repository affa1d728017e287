import { Attempt } from "./attempt.js";
import type { Capture } from "./capture.js";
import { CaptureError } from "./capture-error.js";
import { type CaptureOptions, type Plan, planOf } from "./capture-options.js";
import { lighter } from "./load/load-of-plan.js";
import { makeFolder } from "./snapshot-folder.js";

/**
 * Starts a program, puts load on it and takes snapshots of its heap, with one inspector session from the first to the
 * last. When the promise settles, no process of the program is left and every file is complete.
 *
 * If `signal` is aborted, or the program ends, after the second snapshot, the promise resolves with what there is, and
 * `ended` says why there is no more. Before that it is rejected: with the signal's reason, or with a CaptureError.
 */
export async function captureSnapshots(options: CaptureOptions): Promise<Capture> {
  const plan = planOf(options);
  options.signal?.throwIfAborted();
  const folder = await makeFolder(plan);
  return captureBy({ ...plan, out: folder.path }).catch(async (error: unknown) => {
    await folder.removeEmpty();
    throw error;
  });
}

async function captureBy(plan: Plan): Promise<Capture> {
  const first = new Attempt(plan);
  const capture = await first.run();
  const smaller = plan.restart === true && capture.ended === "out-of-memory" ? lighter(plan, first.cycles) : undefined;
  if (smaller === undefined) return enough(capture, first);
  plan.event({ kind: "restart", reason: capture.reason! });
  plan.signal?.throwIfAborted();
  const second = new Attempt(smaller);
  const again = await second.run();
  const notes = [`${capture.reason}, so it was started again with less load`];
  if (first.nearLimit !== undefined) notes.push(`what V8 wrote before it died is ${first.nearLimit}`);
  return enough({ ...again, notes: [...notes, ...again.notes] }, second);
}

/** @throws CaptureError if there is nothing to compare */
function enough(capture: Capture, { plan, output }: Attempt): Capture {
  if (capture.files.length >= 2 || capture.ended === "complete") return capture;
  if (capture.ended === "interrupted") throw plan.signal!.reason;
  throw new CaptureError(capture.ended, capture.reason!, { output, capture });
}
